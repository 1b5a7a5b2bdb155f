"""Parsers of settings that are URLs. Each raises ValueError, whose message continues the variable's name.

A URL that browsers, libraries and mails would read differently is refused, or rewritten in one form.
"""

import re
from urllib.parse import SplitResult, parse_qs, urlsplit

from service.domain.host_name import is_url_host
from service.mail.inbound.imap_url import ImapUrl
from service.mail.smtp.url import parse_all

_WEB = ("http", "https")
_DEFAULT_PORTS = {"http": 80, "https": 443}

#: The characters allowed in a link in headers and bodies (`service.mail.message.sender_profile`).
_IN_A_LINK = re.compile(r"[!#-;=?-~]+")

_SQLITE = ("sqlite",)
_POSTGRESQL = ("postgresql", "postgres")


def web_url(value: str) -> str:
    """A URL of a page, without a slash at the end."""
    parts = _web_parts(value)
    if not _IN_A_LINK.fullmatch(value) or not is_url_host(parts.hostname or ""):
        raise ValueError(
            "must be a URL in ASCII without blanks: write other letters percent-encoded, in a host as xn--"
        )
    return value.rstrip("/")


def _web_parts(value: str) -> SplitResult:
    """The parts of a URL of http or https that names a host."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises for what is none
    except ValueError:
        raise ValueError("must be a URL with a valid host and port") from None
    if parts.scheme not in _WEB:
        raise ValueError("must be a URL that begins with http:// or https://")
    if not parts.hostname:
        raise ValueError("must name a host")
    return parts


def _origin(parts: SplitResult) -> str:
    """Scheme, host and port as browsers write them in an Origin: in lower case, without the default port."""
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{shown}{port}"


def public_url(value: str) -> str:
    """The base URL of links in mail: a host and a plain path, without a slash at the end."""
    parts = _web_parts(value.rstrip("/"))
    if (
        not _IN_A_LINK.fullmatch(value)
        or set("?#@") & set(value)
        or not is_url_host(parts.hostname or "")
        or not re.fullmatch(r"(/[\w.~-]+)*", parts.path, re.ASCII)
    ):
        raise ValueError("must be a host with, at most, a plain path, such as https://www.example.org/alerts")
    if any(part in (".", "..") for part in parts.path.split("/")):
        raise ValueError("must not hold . or .. in its path")
    return _origin(parts) + parts.path


def origins(value: str) -> tuple[str, ...]:
    """The origins in a list with commas, as browsers send them."""
    return tuple(_read_origin(part.strip()) for part in value.split(",") if part.strip())


def _read_origin(text: str) -> str:
    try:
        parts = _web_parts(text.rstrip("/"))
    except ValueError:
        raise ValueError("must hold origins such as https://www.example.org") from None
    if parts.path or set("?#@") & set(text):
        raise ValueError("must hold origins such as https://www.example.org")
    if not is_url_host(parts.hostname or ""):
        raise ValueError(
            "must hold origins with a host in ASCII and without *: each one by its name, such as "
            "https://www.example.org, with other letters as xn--"
        )
    return _origin(parts)


def redis_url(value: str) -> str:
    """A URL of one Redis server; Sentinel and clusters are refused, with what to use instead."""
    scheme = value.partition("://")[0].lower()
    if "sentinel" in scheme or "cluster" in scheme:
        raise ValueError(
            "can't be a URL of Sentinel or a cluster: give the one server by a host name that follows a "
            "failover, as redis://host (nothing is lost while Redis is away)"
        )
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError("must be a URL with a valid host and port") from None
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError("must be a URL that begins with redis:// or rediss:// or unix://")
    if parts.scheme != "unix" and not re.fullmatch(r"/?|/\d{1,4}", parts.path, re.ASCII):
        raise ValueError("must end with the number of its database, if with anything: redis://host:6379/0")
    _check_redis_options(value)
    return value


def redis_tls_options(value: str) -> dict[str, bool]:
    """The options of a connection to the Redis at this URL that its library leaves out: with TLS, that the
    certificate is one of this host. The URL's own `ssl_check_hostname` counts more."""
    parts = urlsplit(value)
    verified = parse_qs(parts.query).get("ssl_cert_reqs", ["required"])[-1] == "required"
    return {"ssl_check_hostname": True} if parts.scheme == "rediss" and verified else {}


def _check_redis_options(value: str) -> None:
    """Raises ValueError for an option that the library does not know, or whose value, or file, it can't
    read."""
    from redis.asyncio import BlockingConnectionPool, SSLConnection  # loads slowly
    from redis.exceptions import RedisError

    try:
        pool = BlockingConnectionPool.from_url(value, **redis_tls_options(value))
        connection = pool.make_connection()  # type: ignore[no-untyped-call]
    except (TypeError, ValueError, RedisError):
        raise ValueError("has an option after ? that is unknown or has a wrong value") from None
    if isinstance(connection, SSLConnection):
        try:
            connection.ssl_context.get()
        except (OSError, ValueError):
            raise ValueError("names a certificate or key after ? that can't be read") from None


def database_url(value: str) -> str:
    """A URL of SQLite or PostgreSQL."""
    return _database(value, _SQLITE + _POSTGRESQL, "sqlite:// or postgresql:// or postgres://")


def replica_url(value: str) -> str:
    """A URL of PostgreSQL."""
    return _database(value, _POSTGRESQL, "postgresql:// or postgres://")


def _database(value: str, backends: tuple[str, ...], schemes: str) -> str:
    from sqlalchemy import make_url  # loads slowly
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(value)
        if parsed.port is not None and parsed.port not in range(1, 65_536):
            raise ValueError("there is no such port")
    except ArgumentError:
        raise ValueError(f"must be a URL that begins with {schemes}") from None
    except ValueError:
        raise ValueError("must be a URL with a valid host and port") from None
    backend, _, driver = parsed.drivername.partition("+")
    if backend not in backends:
        raise ValueError(f"must be a URL that begins with {schemes}")
    if backend == "sqlite" and driver not in ("", "aiosqlite"):
        raise ValueError("must not name another driver of SQLite than sqlite+aiosqlite")
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ValueError("must name a file, such as sqlite:////var/lib/trial-alerts/alerts.sqlite3")
    return value


def smtp_url(value: str) -> str:
    """One or more URLs that `parse_all` can read."""
    try:
        parse_all(value)
    except ValueError as problem:
        raise ValueError(f"can't be used: {problem}") from None
    return value


def imap_url(value: str) -> str:
    """A mailbox that `ImapUrl` can read."""
    try:
        ImapUrl.parse(value)
    except ValueError as problem:
        raise ValueError(f"can't be used: {problem}") from None
    return value
