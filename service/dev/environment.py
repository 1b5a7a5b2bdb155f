"""The settings of the development system: those given, and defaults for the rest."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from service.configuration.env_file import data_folder_of
from service.configuration.settings import load_environ, write_private
from service.crypto.fresh_secrets import as_lines, fresh
from service.runtime.private_files import private_folder

_SECRETS = "secrets.env"
_WRITTEN = "dev.env"

#: Files of a data folder; an older version may have created them readable by others.
_PRIVATE = ("*.env", "dev.lock", "trial-alerts.sqlite3*", "mailbox", "mailbox/*", "redis", "redis/**/*")


class AlreadyRunning(RuntimeError):
    """Another development system uses the same data folder. The message names it."""


def data_folder(given: Path | None) -> Path:
    """The data folder: the one given, else `ALERTS_DATA`, else `var`."""
    return given.absolute() if given else data_folder_of(load_environ())


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Locks `folder` against a second development system. Raises AlreadyRunning."""
    private_folder(folder, *_PRIVATE)
    with (folder / "dev.lock").open("w") as lock:
        if os.name == "posix":
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise AlreadyRunning(
                    f"A development system already runs on {folder}: stop it, or choose another with --data."
                ) from None
        yield


def _secrets(folder: Path) -> dict[str, str]:
    """The secrets of this data folder, generated once."""
    path = folder / _SECRETS
    if not path.exists():
        write_private(path, as_lines(fresh()))
    return {name: value for name, value in dotenv_values(path).items() if value}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def complete(folder: Path, url: str, redis_url: str, smtp_url: str) -> dict[str, str]:
    """The environment of all processes of this development system, which browsers reach at `url`."""
    given = load_environ()
    public = given.get("ALERTS_PUBLIC_URL") or url
    defaults = {
        "ALERTS_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'trial-alerts.sqlite3'}",
        "ALERTS_REDIS_URL": redis_url,
        "ALERTS_SMTP_URL": smtp_url,
        "ALERTS_PUBLIC_URL": public,
        "ALERTS_WEBSITE_ORIGINS": _origin(public),
        "ALERTS_MAIL_FROM": "Example Updates <updates@mail.example.org>",
        "ALERTS_SITE_URL": f"{public}/",
        "ALERTS_POSTAL_ADDRESS": "Example Foundation, 1 Example Street, 00100 Example City",
        "ALERTS_TERMS_URL": f"{public}/demo/terms",
        "ALERTS_PRIVACY_URL": f"{public}/demo/privacy",
        "ALERTS_SETTLE_SECONDS": "5",
    }
    fixed = {"ALERTS_DATA": str(folder)}
    return defaults | _secrets(folder) | {name: value for name, value in given.items() if value} | fixed


@contextlib.contextmanager
def written_down(folder: Path, environ: dict[str, str]) -> Iterator[None]:
    """Stores the settings in a private file while the system runs, for operators' commands."""
    path = folder / _WRITTEN
    ours = {name: value for name, value in sorted(environ.items()) if name.startswith("ALERTS_")}
    write_private(path, as_lines(ours))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
