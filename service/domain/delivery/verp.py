"""VERP: a delivery's id as an opaque, signed, case-insensitive local part of the bounce address."""

import hmac
from collections.abc import Iterable
from hashlib import blake2b

BOUNCE = "b-"  # the envelope sender
_TAG_SIZE = 12
_ID_SIZE = 8
_TOKEN_LENGTH = 2 * (_TAG_SIZE + _ID_SIZE)


def make(delivery_id: int, key: bytes) -> str:
    """The local part of a delivery: prefix and 40 hexadecimal digits (RFC 5321 §4.5.3.1.1).

    The tag is a keyed BLAKE2b (RFC 7693 §2.9) of the id and at once the seed of the mask that hides it (the
    construction of SIV, RFC 5297): equal ids give equal tokens, neighbours nothing alike.
    """
    plain = delivery_id.to_bytes(_ID_SIZE)
    tag = _tag(plain, key)
    return BOUNCE + (tag + _mask(plain, tag, key)).hex()


def read(local_part: str, keys: Iterable[bytes]) -> int | None:
    """The delivery id of a local part, or None if it was not made with one of `keys`.

    Tries every key and compares tags in constant time. The caller checks the delivery's age.
    """
    text = local_part.strip().lower()
    digits = text.removeprefix(BOUNCE)
    if not text.startswith(BOUNCE) or len(digits) != _TOKEN_LENGTH:
        return None
    try:
        token = bytes.fromhex(digits)
    except ValueError:
        return None
    tag, masked = token[:_TAG_SIZE], token[_TAG_SIZE:]
    found = None
    for key in keys:
        plain = _mask(masked, tag, key)
        if hmac.compare_digest(_tag(plain, key), tag):
            found = int.from_bytes(plain, "big")
    return found


def _tag(plain: bytes, key: bytes) -> bytes:
    return blake2b(BOUNCE.encode() + plain, key=key, digest_size=_TAG_SIZE, person=b"verp-tag").digest()


def _mask(octets: bytes, tag: bytes, key: bytes) -> bytes:
    mask = blake2b(tag, key=key, digest_size=_ID_SIZE, person=b"verp-mask").digest()
    return (int.from_bytes(octets) ^ int.from_bytes(mask)).to_bytes(_ID_SIZE)
