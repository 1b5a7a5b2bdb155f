"""Addresses for what comes back: a delivery's id as an opaque, signed local part in any case (VERP)."""

import base64
import binascii
import hmac
from collections.abc import Iterable
from itertools import product

BOUNCE = "b-"  # the envelope sender
UNSUBSCRIBE = "u-"  # what a mailto unsubscribe is written to
_PREFIX_LENGTH = 2
_TAG_SIZE = 12
_ID_SIZE = 8
_TOKEN_LENGTH = 32  # 20 octets in base32

# Base32 (RFC 4648 §6) in small letters, two at a time: a third of what `base64.b32encode` takes.
_PAIRS = ["".join(pair) for pair in product("abcdefghijklmnopqrstuvwxyz234567", repeat=2)]
_SHIFTS = range(150, -1, -10)


def make(delivery_id: int, key: bytes, prefix: str = BOUNCE) -> str:
    """The local part that stands for a delivery, the prefix and 32 letters and digits (RFC 5321 §4.5.3.1.1).

    The tag is an HMAC of the id and at once the seed of the mask that hides it (the construction of
    SIV, RFC 5297, with HMAC-SHA256): equal ids give equal tokens, neighbours nothing alike.
    """
    plain = delivery_id.to_bytes(_ID_SIZE, "big")
    tag = _tag(prefix, plain, key)
    token = tag + _mask(plain, tag, key)
    number = int.from_bytes(token)
    return prefix + "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def read(local_part: str, keys: Iterable[bytes]) -> int | None:
    """The delivery that a local part stands for, or None for anything not made here with one of `keys`.

    Every key is tried and tags are compared in constant time. Whether the delivery is recent enough to be
    believed is the caller's to say: it holds the row.
    """
    text = local_part.strip().lower()
    prefix, letters = text[:_PREFIX_LENGTH], text[_PREFIX_LENGTH:]
    if prefix not in (BOUNCE, UNSUBSCRIBE) or len(letters) != _TOKEN_LENGTH:
        return None
    try:
        token = base64.b32decode(letters.upper())
    except (binascii.Error, ValueError):
        return None
    tag, masked = token[:_TAG_SIZE], token[_TAG_SIZE:]
    found = None
    for key in keys:
        plain = _mask(masked, tag, key)
        if hmac.compare_digest(_tag(prefix, plain, key), tag):
            found = int.from_bytes(plain, "big")
    return found


def _tag(prefix: str, plain: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"verp-tag:" + prefix.encode() + plain, "sha256")[:_TAG_SIZE]


def _mask(octets: bytes, tag: bytes, key: bytes) -> bytes:
    mask = hmac.digest(key, b"verp-mask:" + tag, "sha256")[:_ID_SIZE]
    return (int.from_bytes(octets) ^ int.from_bytes(mask)).to_bytes(_ID_SIZE)
