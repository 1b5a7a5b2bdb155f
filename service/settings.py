"""Every setting of the service, read once from the environment; nothing else reads it."""

import ipaddress
import os
import re
import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values

from service.domain.client_network import Network, unmapped
from service.domain.secret_values import secret_keys, token, webhook_secrets
from service.mail.smtp.url import SmtpUrl


class SettingsError(ValueError):
    """A setting is missing or invalid. The message is one sentence that names it; it holds no value."""


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


#: SQLAlchemy reads the URLs of databases by rules of its own.
_WITH_PORT = frozenset({"http", "https", "redis", "rediss"})


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        try:
            parts = urlsplit(value.strip())
            if parts.scheme in _WITH_PORT:
                _ = parts.port  # raises for what is none
        except ValueError:
            raise ValueError("must be a URL with a valid host and port") from None
        if parts.scheme.split("+")[0] not in schemes:
            raise ValueError(f"must be a URL that begins with {' or '.join(s + '://' for s in schemes)}")
        if parts.scheme in ("http", "https") and not parts.hostname:
            raise ValueError("must name a host")
        return value.strip().rstrip("/") if parts.scheme in ("http", "https") else value.strip()

    return parse


def _public_url(value: str) -> str:
    url = _url("http", "https")(value)
    parts = urlsplit(url)
    if (
        parts.query
        or parts.fragment
        or parts.username
        or not re.fullmatch(r"(/[\w.~-]+)*", parts.path, re.ASCII)
    ):
        raise ValueError("must be a host with, at most, a plain path, such as https://www.example.org/alerts")
    if any(part in (".", "..") for part in parts.path.split("/")):
        raise ValueError("must not hold . or .. in its path")
    return url


def _integer(least: int, most: int = 10**9) -> Callable[[str], int]:
    def parse(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            raise ValueError("must be a whole number") from None
        if not least <= number <= most:
            raise ValueError(f"must be between {least} and {most}")
        return number

    return parse


def _number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        raise ValueError("must be a number") from None
    if not 0 <= number < float("inf"):
        raise ValueError("must be 0 or more")
    return number


def _choice(*names: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.strip().lower() not in names:
            raise ValueError(f"must be one of {', '.join(names)}")
        return value.strip().lower()

    return parse


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _secret_keys(value: str) -> tuple[str, ...]:
    return secret_keys(_listed(value))


def _webhook_secrets(value: str) -> tuple[str, ...]:
    return webhook_secrets(_listed(value))


def _token(value: str) -> str:
    return token(value.strip())


def _smtp(value: str) -> str:
    try:
        SmtpUrl.parse(value.strip())
    except ValueError as problem:
        raise ValueError(f"can't be used: {problem}") from None
    return value.strip()


def _check_dkim(values: Mapping[str, Any]) -> None:
    """Raises SettingsError for keys that no mail could be signed with."""
    if bool(values["dkim_key"]) != bool(values["dkim_selector"]):
        raise SettingsError("ALERTS_DKIM_KEY and ALERTS_DKIM_SELECTOR must be set together.")
    if values["dkim_key"] and values["mail_from"]:
        from service.mail.message.dkim import load_keys  # loads slowly, and few commands sign

        domain = parseaddr(values["mail_from"])[1].rpartition("@")[2].lower()
        try:
            load_keys(domain, values["dkim_selector"], values["dkim_key"])
        except ValueError as problem:
            raise SettingsError(f"ALERTS_DKIM_KEY can't be used: {problem}.") from None


def _origins(value: str) -> tuple[str, ...]:
    origins = tuple(origin.rstrip("/").lower() for origin in _listed(value))
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query:
            raise ValueError("must hold origins such as https://www.example.org")
    return origins


def _networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(unmapped(ipaddress.ip_network(part, strict=False)) for part in _listed(value))
    except ValueError:
        raise ValueError("must hold networks such as 10.0.0.0/8") from None


def _mailbox(value: str) -> str:
    address = parseaddr(value)[1]
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address) or any(ord(c) < 32 for c in value):
        raise ValueError("must be a sender such as: Example Trials <updates@example.org>")
    return value.strip()


def _domain(value: str) -> str:
    if not re.fullmatch(r"(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", value.strip()):
        raise ValueError("must be a domain such as mail.example.org")
    return value.strip().lower()


def _setting(parse: Callable[[str], Any], default: str | None = None) -> Any:
    """A field read by `parse`; without a default the setting is required."""
    return field(metadata={"parse": parse, "default": default})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, parsed. The variable of a field is `ALERTS_` and its name in capitals."""

    database_url: str = _setting(_url("sqlite", "postgresql", "postgres"))
    redis_url: str = _setting(_url("redis", "rediss", "unix"))
    smtp_url: str = _setting(_smtp)
    smtp_connections: int = _setting(_integer(1, 256), "8")
    smtp_rate: float = _setting(_number, "0")
    public_url: str = _setting(_public_url)
    website_origins: tuple[str, ...] = _setting(_origins, "")
    secret_keys: tuple[str, ...] = _setting(_secret_keys)
    webhook_secrets: tuple[str, ...] = _setting(_webhook_secrets)
    admin_token: str = _setting(_token)
    mail_from: str = _setting(_mailbox)
    mail_domain: str = _setting(_domain, "")
    postal_address: str = _setting(_text)
    terms_url: str = _setting(_url("http", "https"))
    privacy_url: str = _setting(_url("http", "https"))
    challenge: str = _setting(_choice("auto", "always", "off"), "auto")
    trusted_proxies: tuple[Network, ...] = _setting(_networks, "")
    run_hold: float = _setting(_number, "5")
    confirm_hours: int = _setting(_integer(1, 24 * 14), "48")
    log_format: str = _setting(_choice("console", "json", "auto"), "auto")
    settle_seconds: int = _setting(_integer(0, 24 * 3600), "600")
    lease_seconds: int = _setting(_integer(3, 3600), "30")
    signup_limit: int = _setting(_integer(1), "300")
    search_limit: int = _setting(_integer(1), "600")
    keep_events_days: int = _setting(_integer(7, 3650), "30")
    keep_deliveries_days: int = _setting(_integer(1, 3650), "90")
    keep_unconfirmed_days: int = _setting(_integer(0, 365), "7")
    keep_evidence_days: int = _setting(_integer(30, 36500), "1096")
    dkim_key: str = _setting(str.strip, "")
    dkim_selector: str = _setting(str.strip, "")
    data: str = _setting(_text, "var")

    @property
    def base_path(self) -> str:
        """The path below which browsers see the service: "", or such as "/alerts"."""
        return urlsplit(self.public_url or "").path

    @property
    def data_folder(self) -> Path:
        """Where the embedded database and what `dev` keeps live."""
        return Path(self.data)


def variable_of(name: str) -> str:
    """The environment variable of a field."""
    return "ALERTS_" + name.upper()


def _given(environ: Mapping[str, str], variable: str) -> str | None:
    """The value of `variable`, or what stands in the file that `variable`_FILE names."""
    path = environ.get(variable + "_FILE")
    if not path:
        return environ.get(variable)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{variable}_FILE names a file that can't be read.") from None


def read(environ: Mapping[str, str], *, only: Collection[str] | None = None) -> Settings:
    """The settings given in `environ`.

    With `only`, fields outside it may be missing (they are then empty), for commands that need few.
    Raises SettingsError, whose message names the setting and what to mend, never its value.
    """
    values: dict[str, Any] = {}
    for one in fields(Settings):
        variable, given = variable_of(one.name), _given(environ, variable_of(one.name))
        parse, default = one.metadata["parse"], one.metadata["default"]
        if given is None or not given.strip():
            if one.name == "database_url":
                default = f"sqlite+aiosqlite:///{data_folder_of(environ) / 'trial-alerts.sqlite3'}"
            if default is None and (only is None or one.name in only):
                raise SettingsError(f"{variable} is required but not set.")
            given = default
            if not given:
                values[one.name] = parse("") if parse in (_origins, _networks) else ""
                continue
        try:
            values[one.name] = parse(given)
        except ValueError as problem:
            raise SettingsError(f"{variable} {problem}.") from None
    if not values["mail_domain"] and values["mail_from"]:
        values["mail_domain"] = parseaddr(values["mail_from"])[1].rpartition("@")[2].lower()
    _check_dkim(values)
    return Settings(**values)


def data_folder_of(environ: Mapping[str, str]) -> Path:
    """The data folder that `environ` names, absolute."""
    return Path(environ.get("ALERTS_DATA") or "var").absolute()


def load_environ(*, beside_dev: bool = False) -> dict[str, str]:
    """The process's environment over the `.env` file of the working directory.

    With `beside_dev`, what `trial-alerts dev` wrote into its data folder stands below both, so that an
    operator's command finds the running development system without further words.
    """
    merged = {k: v for k, v in dotenv_values(".env").items() if v is not None} | dict(os.environ)
    if beside_dev and "ALERTS_DATABASE_URL" not in merged:
        written = data_folder_of(merged) / "dev.env"
        merged = {k: v for k, v in dotenv_values(written).items() if v is not None} | merged
    return merged


def export_to_children(variable: str, value: str) -> None:
    """Sets a variable for the processes that this one will start, unless it is set already."""
    os.environ.setdefault(variable, value)


def write_private(path: Path, text: str) -> None:
    """Puts `text` at `path` in one step, readable by its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(name, path)
