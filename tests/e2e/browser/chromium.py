"""A browser for the tests: the one named, one fetched once and kept in a cache, or the machine's own.

The fetched one is Chromium without windows of its own, which takes a little more than half of the processor
that the whole program takes. `make test` fetches it first (`python -m tests.e2e.browser.chromium`).
"""

import fcntl
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.browser.npm_package import archive, cache_folder

#: The package that carries a browser, pinned with the hash of its archive.
PACKAGE = "@sparticuz/chromium@153.0.0"
INTEGRITY = "sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: Further arguments for the fetched browser: it was built for small machines.
_SMALL = ("--headless=shell", "--in-process-gpu", "--no-zygote")


@dataclass(frozen=True)
class Chromium:
    """A program, and what to start it with."""

    program: str
    arguments: tuple[str, ...] = _QUIET
    environment: dict[str, str] = field(default_factory=dict)


#: The machine's own.
_INSTALLED = "/usr/bin/chromium"


def find(installed: str = _INSTALLED) -> Chromium | None:
    """A browser, in this order: `$CHROMIUM`, one fetched before, the installed one, one fetched now.

    None if there is none.
    """
    if named := _program(os.environ.get("CHROMIUM")):
        return named
    if is_fetched() and _starts(kept := fetched()):
        return kept
    return _program(installed) or _fetched_if_possible()


def _program(path: str | None) -> Chromium | None:
    return Chromium(path) if path and os.access(path, os.X_OK) else None


def _starts(browser: Chromium) -> bool:
    """Whether the browser finds its libraries on this machine."""
    environ = os.environ | browser.environment
    return not subprocess.run([browser.program, "--version"], env=environ, capture_output=True).returncode


def _fetched_if_possible() -> Chromium | None:
    try:
        return fetched()
    except (OSError, subprocess.SubprocessError, ImportError) as problem:
        print(f"no browser could be fetched: {type(problem).__name__}: {problem}", file=sys.stderr)
        return None


def _folder() -> Path:
    return cache_folder() / PACKAGE.rpartition("/")[2]


def is_fetched() -> bool:
    """Whether the browser of PACKAGE is in the cache."""
    return (_folder() / "complete").exists()


def fetched() -> Chromium:
    """The browser of PACKAGE, from the cache or through npm.

    Raises OSError or SubprocessError without it, and OSError where it can't run.
    """
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise OSError(f"{PACKAGE} is for Linux on x86-64")
    folder = _folder()
    with (cache_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_fetched():
            _unpack(archive(PACKAGE, INTEGRITY), folder)
    libraries = f"{folder / 'lib'}:{os.environ.get('LD_LIBRARY_PATH', '')}".rstrip(":")
    environment = {"LD_LIBRARY_PATH": libraries}
    if not Path("/etc/fonts").exists():
        environment["FONTCONFIG_PATH"] = str(folder)
    return Chromium(str(folder / "chromium"), (*_QUIET, *_SMALL), environment)


def _unpack(packed_archive: bytes, folder: Path) -> None:
    """Puts the program, its libraries and a font into `folder`."""
    import brotli

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(packed_archive)) as package:

        def packed(name: str) -> bytes:
            member = package.extractfile(f"package/bin/{name}.br")
            assert member is not None
            return brotli.decompress(member.read())

        (folder / "chromium").write_bytes(packed("chromium"))
        (folder / "chromium").chmod(0o755)
        for name in ("al2023.tar", "swiftshader.tar", "fonts.tar"):
            if f"package/bin/{name}.br" in package.getnames():
                with tarfile.open(fileobj=io.BytesIO(packed(name))) as inner:
                    inner.extractall(folder, filter="data")
    (folder / "fonts.conf").write_text(
        f"<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/font-cache</cachedir></fontconfig>"
    )
    (folder / "complete").touch()


if __name__ == "__main__":
    if not os.environ.get("CHROMIUM"):
        if _program(_INSTALLED):  # without a network, that one is taken at once
            os.environ.setdefault("npm_config_fetch_retries", "0")
        _fetched_if_possible()
