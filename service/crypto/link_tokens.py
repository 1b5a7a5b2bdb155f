"""Tokens of links: opaque, bound to one purpose, not stored."""

import base64
import binascii
import hmac
import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from hashlib import blake2b, sha256
from typing import NamedTuple

from service.crypto.keyring import DecryptionError, Keyring

_BODY = struct.Struct(">QQQQ")
_NEVER = 2**64 - 1
_NO_LETTER = re.compile(r"[^A-Za-z0-9_-]")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Purpose(StrEnum):
    """The purpose of a link; a token of one purpose is invalid for another."""

    CONFIRM = "confirm"  # confirms a sign-up
    PREFERENCES = "preferences"  # opens the preferences page
    DECLINE = "decline"  # the "It wasn't me" of a sign-up
    AGAIN = "again"  # signs up again after a decline
    ADDRESS = "address"  # confirms a change of address
    ADDRESS_DECLINE = "address-decline"  # the "It wasn't me" of a change of address
    TERMS = "terms"  # agrees to a new version of the terms
    DIGEST = "digest"  # shows the full digest
    UNDO = "undo"  # takes an unsubscribe back


#: Days that links to the preferences and to a full digest are valid.
PREFERENCES_DAYS = 30


class InvalidToken(ValueError):
    """The token was not made here, was truncated or altered, or has another purpose."""


class SignedLink(NamedTuple):
    """The content of a token: the id of its row, and the address that it was mailed to (`short_index`).

    `reference` is the id of a second row if needed: the mail whose topics a confirmation is about.
    `email_index` is the whole index of the address in links that must work after the row is gone, else b"".
    """

    subject: int
    address: int
    reference: int = 0
    email_index: bytes = b""

    def belongs_to(self, email_index: bytes) -> bool:
        """Whether the link was mailed to this address: links to a former address are void."""
        return self.address == short_index(email_index)

    @property
    def possible_indexes(self) -> tuple[bytes, bytes]:
        """The least and the greatest index to which the link `belongs_to`: as good as one."""
        beginning = self.address.to_bytes(8)
        return beginning + bytes(24), beginning + b"\xff" * 24


class ExpiredToken(InvalidToken):
    """The token is genuine but has expired; `link` is its content."""

    def __init__(self, link: SignedLink) -> None:
        super().__init__("this link has expired")
        self.link = link


def _encode(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).translate(_URL_SAFE, b"=").decode()


def trimmed(token: str) -> str:
    """The token without what programs append to an address: ">", a full stop, "&utm_source=…"."""
    return _NO_LETTER.split(token, maxsplit=1)[0]


def _decode(token: str) -> bytes:
    token = trimmed(token)
    if not 16 <= len(token) <= 200:
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
    outlives_row: bool = False,
) -> str:
    """A token for the row `subject`, valid until `expires` (aware), or for ever if None.

    It is bound to the address of `email_index`, to which it is mailed or whose owner sees it, and holds that
    whole index if it `outlives_row`.
    """
    until = int(expires.timestamp()) if expires else _NEVER
    body = _BODY.pack(subject, short_index(email_index), reference, until)
    body += email_index if outlives_row else b""
    return _encode(keyring.seal(body, "link:" + purpose))


def read_token(keyring: Keyring, purpose: Purpose, token: str, now: datetime) -> SignedLink:
    """Decrypts a token. Raises InvalidToken or ExpiredToken.

    Callers must check first that it `belongs_to` the current address of its row.
    """
    try:
        body = keyring.open(_decode(token), "link:" + purpose)
        subject, address, reference, until = _BODY.unpack_from(body)
    except (DecryptionError, struct.error):
        raise InvalidToken("not a link of ours") from None
    link = SignedLink(subject, address, reference, body[_BODY.size :])
    if until != _NEVER and now.astimezone(UTC).timestamp() > until:
        raise ExpiredToken(link)
    return link


def short_index(email_index: bytes) -> int:
    """A prefix of an address's blind index, for links; reveals nothing of the address."""
    return int.from_bytes(email_index[:8])


class Scope(IntEnum):
    """The scope of an unsubscribe link: all mail, or the topics of one delivery."""

    ALL = 0  # everything that the person follows
    DELIVERY = 1  # the topics of one mail


_UNSUBSCRIBE = struct.Struct(">B16sBQ")
_VERSION = 1
_MAC = 16
_CHECK = 4


@dataclass(frozen=True, slots=True)
class UnsubscribeToken:
    """A parsed, unverified token; verify it with the subscriber's secret (`genuine`)."""

    public_id: bytes
    scope: Scope
    reference: int
    body: bytes
    mac: bytes

    def genuine(self, link_secret: bytes) -> bool:
        """Whether the subscriber's secret signed it; compared in constant time."""
        return hmac.compare_digest(self.mac, _unsubscribe_mac(link_secret, self.body))


def _unsubscribe_mac(link_secret: bytes, body: bytes) -> bytes:
    return blake2b(body, key=link_secret, digest_size=_MAC, person=b"unsubscribe").digest()


def make_unsubscribe_token(
    link_secret: bytes, public_id: bytes, scope: Scope = Scope.ALL, reference: int = 0
) -> str:
    """A token that never expires: signed with the subscriber's secret, which survives key rotation."""
    body = _UNSUBSCRIBE.pack(_VERSION, public_id, scope, reference)
    signed = body + _unsubscribe_mac(link_secret, body)
    return _encode(signed + sha256(signed).digest()[:_CHECK])


def read_unsubscribe_token(token: str) -> UnsubscribeToken:
    """Parses an unsubscribe token. Raises InvalidToken if it was truncated or altered in transit.

    The checksum distinguishes a damaged link from one whose subscriber was erased: a damaged one must not be
    answered with success.
    """
    raw = _decode(token)
    size = _UNSUBSCRIBE.size
    if len(raw) != size + _MAC + _CHECK or sha256(raw[:-_CHECK]).digest()[:_CHECK] != raw[-_CHECK:]:
        raise InvalidToken("this link is not complete")
    version, public_id, scope, reference = _UNSUBSCRIBE.unpack(raw[:size])
    if version != _VERSION or scope not in set(Scope):
        raise InvalidToken("not a link of ours")
    return UnsubscribeToken(public_id, Scope(scope), reference, raw[:size], raw[size : size + _MAC])
