"""The tokens in links: opaque, bound to one purpose, stored nowhere."""

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from hashlib import blake2b, sha256
from typing import NamedTuple

from service.crypto.keyring import DecryptionError, Keyring

_BODY = struct.Struct(">QQQQ")
_NEVER = 2**64 - 1
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Purpose(StrEnum):
    """What a link may be used for; a token of one purpose is nothing to another."""

    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    DECLINE = "decline"
    AGAIN = "again"
    ADDRESS = "address"
    TERMS = "terms"
    DIGEST = "digest"


#: Days that a link to somebody's preferences, or to a digest in full, works.
PREFERENCES_DAYS = 30


class InvalidToken(ValueError):
    """The token is not one of ours, was cut or altered, or belongs to another purpose."""


class SignedLink(NamedTuple):
    """What a token says: the row it is about, and the address that it was mailed to (`short_index`).

    `reference` is a second row, where one is needed: the mail whose topics a confirmation is about.
    """

    subject: int
    address: int
    reference: int = 0

    def belongs_to(self, email_index: bytes) -> bool:
        """Whether the link was mailed to this address: a former mailbox of a person keeps no keys."""
        return self.address == short_index(email_index)


class ExpiredToken(InvalidToken):
    """The token was ours but its time is over; `link` is what it said."""

    def __init__(self, link: SignedLink) -> None:
        super().__init__("this link has expired")
        self.link = link


def _encode(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).translate(_URL_SAFE, b"=").decode()


def _decode(token: str) -> bytes:
    if not 16 <= len(token) <= 200 or not token.isascii():
        raise InvalidToken("not a link of ours")
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidToken("not a link of ours") from None
    if _encode(raw) != token:
        raise InvalidToken("not a link of ours")
    return raw


def make_token(
    keyring: Keyring,
    purpose: Purpose,
    subject: int,
    expires: datetime | None,
    *,
    email_index: bytes,
    reference: int = 0,
) -> str:
    """A token for the row `subject`, readable until `expires` (aware) or for ever.

    It is bound to the address of `email_index`, which it is mailed to (or shown to the owner of).
    """
    until = int(expires.timestamp()) if expires else _NEVER
    body = _BODY.pack(subject, short_index(email_index), reference, until)
    return _encode(keyring.seal(body, "link:" + purpose))


def read_token(keyring: Keyring, purpose: Purpose, token: str, now: datetime) -> SignedLink:
    """What a token says. Raises InvalidToken or ExpiredToken.

    Whoever acts on it asks first whether it `belongs_to` the address that its row has now.
    """
    try:
        subject, address, reference, until = _BODY.unpack(keyring.open(_decode(token), "link:" + purpose))
    except (DecryptionError, struct.error):
        raise InvalidToken("not a link of ours") from None
    link = SignedLink(subject, address, reference)
    if until != _NEVER and now.astimezone(UTC).timestamp() > until:
        raise ExpiredToken(link)
    return link


def short_index(email_index: bytes) -> int:
    """The part of an address's index that stands for it in a link: no address can be learned from it."""
    return int.from_bytes(email_index[:8])


class Scope(IntEnum):
    """What an unsubscribe link points at, beside all mail: the topics of one digest."""

    ALL = 0
    DELIVERY = 1


_UNSUBSCRIBE = struct.Struct(">B16sBQ")
_VERSION = 1
_MAC = 16
_CHECK = 4


@dataclass(frozen=True, slots=True)
class UnsubscribeToken:
    """An unsubscribe token taken apart; whether it is genuine, only the person's own secret can tell."""

    public_id: bytes
    scope: Scope
    reference: int
    body: bytes
    mac: bytes

    def genuine(self, link_secret: bytes) -> bool:
        """Whether the person's row secret signed it, compared in constant time."""
        return hmac.compare_digest(self.mac, _unsubscribe_mac(link_secret, self.body))


def _unsubscribe_mac(link_secret: bytes, body: bytes) -> bytes:
    return blake2b(body, key=link_secret, digest_size=_MAC, person=b"unsubscribe").digest()


def make_unsubscribe_token(
    link_secret: bytes, public_id: bytes, scope: Scope = Scope.ALL, reference: int = 0
) -> str:
    """A token that works for ever: signed by the person's row secret, so no rotation of keys ends it."""
    body = _UNSUBSCRIBE.pack(_VERSION, public_id, scope, reference)
    signed = body + _unsubscribe_mac(link_secret, body)
    return _encode(signed + sha256(signed).digest()[:_CHECK])


def read_unsubscribe_token(token: str) -> UnsubscribeToken:
    """An unsubscribe token taken apart. Raises InvalidToken when it was cut or altered on its way.

    The checksum tells a damaged link from one whose person was erased: the first must not claim success.
    """
    raw = _decode(token)
    size = _UNSUBSCRIBE.size
    if len(raw) != size + _MAC + _CHECK or sha256(raw[:-_CHECK]).digest()[:_CHECK] != raw[-_CHECK:]:
        raise InvalidToken("this link is not complete")
    version, public_id, scope, reference = _UNSUBSCRIBE.unpack(raw[:size])
    if version != _VERSION or scope not in set(Scope):
        raise InvalidToken("not a link of ours")
    return UnsubscribeToken(public_id, Scope(scope), reference, raw[:size], raw[size : size + _MAC])
