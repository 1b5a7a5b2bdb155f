"""Addresses at rest: sealed in the person's row, found by a keyed index, limited by a wider bucket."""

import hmac
import os
from typing import Any, NamedTuple

from service.crypto.keyring import DecryptionError, Keyring
from service.domain.mailbox_buckets import domain_of, identity, shared_mailbox

PURPOSE = "address"
_SECRET = 16
_PUBLIC = 16


class SubscriberIdentity(NamedTuple):
    """What a subscriber's sealed column holds: the address and the secret behind its unsubscribe links."""

    address: str
    link_secret: bytes


def new_secret() -> bytes:
    """A secret of a person's own row; it outlives every rotation of keys."""
    return os.urandom(_SECRET)


def encrypt_subscriber(keyring: Keyring, person: SubscriberIdentity, public_id: bytes) -> bytes:
    """The sealed column of the subscriber `public_id`; it opens in that row only."""
    return keyring.seal(person.link_secret + person.address.encode(), PURPOSE, public_id)


def new_subscriber_columns(keyring: Keyring, index: "AddressIndex", address: str) -> dict[str, Any]:
    """The sealed columns of a new subscriber's row: who it is, and a secret of its own."""
    public_id = os.urandom(_PUBLIC)
    return {
        "public_id": public_id,
        "email_index": index.of(address),
        "sealed": encrypt_subscriber(keyring, SubscriberIdentity(address, new_secret()), public_id),
        "key_id": keyring.current_key_id(PURPOSE),
    }


def decrypt_subscriber(keyring: Keyring, sealed: bytes, public_id: bytes) -> SubscriberIdentity:
    """What a subscriber's sealed column holds. Raises DecryptionError."""
    plain = keyring.open(sealed, PURPOSE, public_id)
    try:
        return SubscriberIdentity(address=plain[_SECRET:].decode(), link_secret=plain[:_SECRET])
    except UnicodeDecodeError:
        raise DecryptionError("what was sealed is no address") from None


class AddressIndex:
    """A keyed blind index: equal addresses give equal indexes, and nothing is learnt without the key.

    A bare hash of an address is no anonymity (CNIL MED-2023-040): a list of addresses undoes it.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, address: str) -> bytes:
        """The index of a canonical address: who it belongs to."""
        return hmac.digest(self._key, f"address:{identity(address)}".encode(), "sha256")

    def bucket(self, address: str) -> bytes:
        """The index of the mailbox behind an address, tags and dots aside: for limits, never identity."""
        return hmac.digest(self._key, f"bucket:{shared_mailbox(address)}".encode(), "sha256")

    def domain(self, address: str) -> bytes:
        """The index of an address's domain, for limits: a small domain may be one person's."""
        return hmac.digest(self._key, f"domain:{domain_of(address)}".encode(), "sha256")
