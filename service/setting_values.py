"""Parsers of settings. Each raises ValueError, whose message continues the name of the variable."""

import base64
import ipaddress
import re
from collections.abc import Callable
from email.utils import parseaddr
from urllib.parse import urlsplit

from service.domain import secret_values
from service.domain.client_network import Network, unmapped
from service.domain.delivery.quota import Quota
from service.mail.inbound.imap_url import ImapUrl
from service.mail.smtp.url import parse_all

#: SQLAlchemy reads the URLs of databases by rules of its own.
_WITH_PORT = frozenset({"http", "https", "redis", "rediss"})


def url_of(*schemes: str) -> Callable[[str], str]:
    """A parser for URLs of these schemes (`postgresql+psycopg` is of `postgresql`)."""

    def parse(value: str) -> str:
        try:
            parts = urlsplit(value)
            if parts.scheme in _WITH_PORT:
                _ = parts.port  # raises for what is none
        except ValueError:
            raise ValueError("must be a URL with a valid host and port") from None
        if parts.scheme.split("+")[0] not in schemes:
            raise ValueError(f"must be a URL that begins with {' or '.join(s + '://' for s in schemes)}")
        if parts.scheme in ("http", "https") and not parts.hostname:
            raise ValueError("must name a host")
        return value.rstrip("/") if parts.scheme in ("http", "https") else value

    return parse


def redis_url(value: str) -> str:
    """A URL of one Redis server; Sentinel and clusters are refused, with what to use instead."""
    scheme = value.partition("://")[0].lower()
    if "sentinel" in scheme or "cluster" in scheme:
        raise ValueError(
            "can't be a URL of Sentinel or a cluster: give the one server by a host name that follows a "
            "failover, as redis://host (nothing is lost while Redis is away)"
        )
    if scheme not in ("redis", "rediss", "unix"):
        raise ValueError("must be a URL that begins with redis:// or rediss:// or unix://")
    return url_of("redis", "rediss", "unix")(value)


def public_url(value: str) -> str:
    """The base URL of links in mail: a host and a plain path, without a slash at the end.

    Scheme and host become lower-case, as browsers write them in an Origin.
    """
    url = url_of("http", "https")(value)
    parts = urlsplit(url)
    parts = parts._replace(netloc=parts.netloc.lower())
    if (
        "?" in url
        or "#" in url
        or not re.fullmatch(r"[\w.:\[\]-]+", parts.netloc, re.ASCII)
        or not re.fullmatch(r"(/[\w.~-]+)*", parts.path, re.ASCII)
    ):
        raise ValueError("must be a host with, at most, a plain path, such as https://www.example.org/alerts")
    if any(part in (".", "..") for part in parts.path.split("/")):
        raise ValueError("must not hold . or .. in its path")
    return parts.geturl()


def lower_case(value: str) -> str:
    """The value in lower case, for enumerations."""
    return value.strip().lower()


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def secret_keys(value: str) -> tuple[str, ...]:
    """The keys in a list with commas."""
    return secret_values.secret_keys(_listed(value))


def webhook_secrets(value: str) -> tuple[str, ...]:
    """The secrets in a list with commas."""
    return secret_values.webhook_secrets(_listed(value))


def smtp_url(value: str) -> str:
    """One or more URLs that `parse_all` can read."""
    try:
        parse_all(value)
    except ValueError as problem:
        raise ValueError(f"can't be used: {problem}") from None
    return value


def quota(value: str) -> Quota:
    """Mails an hour and a day, `H/D`; 0: no limit."""
    match = re.fullmatch(r"\s*(\d{1,12})\s*/\s*(\d{1,12})\s*", value, re.ASCII)
    if match is None:
        raise ValueError("must be mails an hour and a day, such as 500/10000 (0: no limit)")
    return Quota(int(match[1]), int(match[2]))


def origins(value: str) -> tuple[str, ...]:
    """The origins in a list with commas, in lower case."""
    origins = tuple(origin.rstrip("/").lower() for origin in _listed(value))
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query:
            raise ValueError("must hold origins such as https://www.example.org")
    return origins


def networks(value: str) -> tuple[Network, ...]:
    """The networks in a list with commas; IPv4 in IPv6 as IPv4."""
    try:
        return tuple(unmapped(ipaddress.ip_network(part, strict=False)) for part in _listed(value))
    except ValueError:
        raise ValueError("must hold networks such as 10.0.0.0/8") from None


def mailbox(value: str) -> str:
    """A sender: an address, or `Name <address>`."""
    address = parseaddr(value)[1]
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address) or any(ord(c) < 32 for c in value):
        raise ValueError("must be a sender such as: Example Trials <updates@example.org>")
    return value


def address(value: str) -> str:
    """A bare address, in ASCII."""
    if not re.fullmatch(r"[!#-'*+/-9=?A-Z^-~.-]+@[A-Za-z0-9.-]+", value):
        raise ValueError("must be an address such as questions@example.org")
    return value


def canary_address(value: str) -> str:
    """An address, perhaps with `{frequency}` in it."""
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", value):
        raise ValueError("must be an address such as canary@mail.example.org")
    return value


def domain(value: str) -> str:
    """A host name in lower case."""
    if not re.fullmatch(r"(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", value):
        raise ValueError("must be a domain such as mail.example.org")
    return value.lower()


def name(value: str) -> str:
    """A name of one line, shown at the head of pages and mails."""
    if not value.isprintable() or len(value) > 80:
        raise ValueError("must be a name of one line, of 80 characters at most")
    return value


def sns_topics(value: str) -> tuple[str, ...]:
    """The topics of Amazon SNS in a list with commas."""
    topics = _listed(value)
    if not all(
        re.fullmatch(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+", topic) for topic in topics
    ):
        raise ValueError("must hold ARNs such as arn:aws:sns:eu-west-1:123456789012:feedback")
    return topics


def public_key(value: str) -> str:
    """A public key of an elliptic curve, DER in base64 as SendGrid shows it."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(base64.b64decode(value, validate=True))
    except ValueError:
        key = None
    if not isinstance(key, EllipticCurvePublicKey):
        raise ValueError("must be the verification key of the Event Webhook, in base64")
    return value


def imap_url(value: str) -> str:
    """A mailbox that `ImapUrl` can read."""
    try:
        ImapUrl.parse(value)
    except ValueError as problem:
        raise ValueError(f"can't be used: {problem}") from None
    return value
