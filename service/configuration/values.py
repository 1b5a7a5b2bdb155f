"""Parsers of settings. Each raises ValueError, whose message continues the name of the variable."""

import base64
import ipaddress
import re
from email.utils import getaddresses

from service.domain import secret_values
from service.domain.client_network import Network, unmapped
from service.domain.delivery.quota import Quota
from service.domain.host_name import is_domain


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


def quota(value: str) -> Quota:
    """Mails an hour and a day, `H/D`. 0 means no limit; a single 0 stands for both."""
    if re.fullmatch(r"\s*0+\s*", value, re.ASCII):
        return Quota(0, 0)
    match = re.fullmatch(r"\s*(\d{1,12})\s*/\s*(\d{1,12})\s*", value, re.ASCII)
    if match is None:
        raise ValueError("must be mails an hour and a day, such as 500/10000 (0: no limit)")
    return Quota(int(match[1]), int(match[2]))


def networks(value: str) -> tuple[Network, ...]:
    """The networks in a list with commas; IPv4 in IPv6 as IPv4."""
    try:
        return tuple(unmapped(ipaddress.ip_network(part, strict=False)) for part in _listed(value))
    except ValueError:
        raise ValueError("must hold networks such as 10.0.0.0/8") from None


_LOCAL_PART = re.compile(r"[!#-'*+/-9=?A-Z^-~.-]{1,64}")


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(at) and _LOCAL_PART.fullmatch(local) is not None and is_domain(domain)


#: A name without quotes, before an address, with characters that separate addresses (RFC 5322 §3.2.3).
_UNQUOTED = re.compile(r'\s*([^"<>\\@]*[,:;][^"<>\\@]*?)\s*(<[^<>]+>)\s*')


def mailbox(value: str) -> str:
    """A sender: one address, or `Name <address>`, the address in ASCII; the name may stand in quotes."""
    if unquoted := _UNQUOTED.fullmatch(value):
        value = f'"{unquoted[1]}" {unquoted[2]}'
    addresses = getaddresses([value])
    if len(addresses) != 1 or not _is_address(addresses[0][1]) or any(ord(c) < 32 for c in value):
        raise ValueError("must be a sender such as: Example Trials <updates@example.org>")
    return value


def address(value: str) -> str:
    """A bare address, in ASCII."""
    if not _is_address(value):
        raise ValueError("must be an address such as questions@example.org")
    return value


def canary_address(value: str) -> str:
    """An address, perhaps with `{frequency}` in it."""
    if not _is_address(value.replace("{frequency}", "daily")) or "{" in value.replace("{frequency}", ""):
        raise ValueError("must be an address such as canary@mail.example.org")
    return value


def domain(value: str) -> str:
    """A host name in lower case."""
    if not is_domain(value):
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
