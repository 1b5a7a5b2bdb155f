"""Validates secrets from settings: refuses weak or mistyped ones, without revealing them in the error."""

import base64
import binascii
from itertools import pairwise

#: Standard Webhooks: a symmetric secret has 24 to 64 bytes.
LEAST_WEBHOOK_BYTES, MOST_WEBHOOK_BYTES = 24, 64
_LEAST_KEY, _LEAST_TOKEN = 32, 16
#: Minimum of different characters in a random text of such a length.
_LEAST_DIFFERENT = 8
_PREFIX = "whsec_"
_QUOTES = "\"'`“”‘’„«»"


def webhook_key(secret: str) -> bytes:
    """The key of a `whsec_…` secret: standard base64 with its padding (RFC 4648 §4), nothing else.

    Raises ValueError. A lenient decoder would turn a typing mistake into a short key, or an empty one.
    """
    if not secret.startswith(_PREFIX):
        raise ValueError("must hold secrets that begin with whsec_")
    encoded = secret.removeprefix(_PREFIX)
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("must hold standard base64 with its padding (+ / =) after whsec_") from None
    if base64.b64encode(key).decode() != encoded:
        raise ValueError("must hold standard base64 with its padding (+ / =) after whsec_")
    if not LEAST_WEBHOOK_BYTES <= len(key) <= MOST_WEBHOOK_BYTES:
        raise ValueError(
            f"must hold secrets of {LEAST_WEBHOOK_BYTES} to {MOST_WEBHOOK_BYTES} bytes; one has {len(key)}"
        )
    return key


def webhook_secrets(given: tuple[str, ...]) -> tuple[str, ...]:
    """Validates one or more webhook secrets. Raises ValueError like `webhook_key`, and if there is none."""
    if not given:
        raise ValueError("must hold a secret (trial-alerts keys generate makes one)")
    for secret in given:
        webhook_key(secret)
    return given


def secret_keys(given: tuple[str, ...]) -> tuple[str, ...]:
    """Validates one or more secret keys. Raises ValueError for one that is short, quoted or repetitive."""
    if not given:
        raise ValueError("must hold a key (trial-alerts keys generate makes one)")
    for secret in given:
        _strong(secret, _LEAST_KEY, "keys")
    if len(set(given)) < len(given):
        raise ValueError("holds the same key twice")
    return given


def token(value: str) -> str:
    """Validates a bearer token. Raises ValueError like `secret_keys`, and if no header can carry it."""
    return _strong(value, _LEAST_TOKEN, "a token")


def _strong(value: str, least: int, what: str) -> str:
    if any(quote in value for quote in _QUOTES):
        raise ValueError("must be written without quotes: they would be part of it")
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise ValueError("must consist of ASCII letters, digits and signs, without blanks")
    if len(value) < least:
        raise ValueError(
            f"must hold {what} of at least {least} characters (trial-alerts keys generate makes them)"
        )
    if len(set(value)) < _LEAST_DIFFERENT or _is_mostly_one(value) or _repeats(value) or _counts(value):
        raise ValueError("repeats itself or counts up: trial-alerts keys generate makes better ones")
    return value


def _is_mostly_one(value: str) -> bool:
    """Whether half of its characters, or more, are the same one."""
    return max(map(value.count, set(value))) * 2 >= len(value)


def _repeats(value: str) -> bool:
    """Whether it repeats one part, the last time perhaps cut short."""
    return any(value[part:] == value[:-part] for part in range(1, len(value) // 2 + 1))


def _counts(value: str) -> bool:
    """Whether nearly each character follows the one before it, as in `abcdefgh…` or `87654321…`."""
    steps = [ord(b) - ord(a) for a, b in pairwise(value)]
    return max(steps.count(1), steps.count(-1)) > len(value) * 3 // 4
