"""Email addresses at rest: encrypted in the subscriber's row, looked up by a keyed blind index."""

import hmac
import os
from typing import Any, NamedTuple

from service.crypto.keyring import DecryptionError, Keyring
from service.domain.buckets import bucket_of_index, random_with_bucket
from service.domain.mailbox_buckets import domain_of, identity, shared_mailbox

PURPOSE = "address"
_SECRET = 16
_PUBLIC = 16


class SubscriberIdentity(NamedTuple):
    """The content of a subscriber's sealed column: the address and the secret of its unsubscribe links."""

    address: str
    link_secret: bytes


def new_secret() -> bytes:
    """A secret for a subscriber's unsubscribe links; not changed by key rotation."""
    return os.urandom(_SECRET)


def encrypt_subscriber(keyring: Keyring, person: SubscriberIdentity, public_id: bytes) -> bytes:
    """Encrypts the sealed column of the subscriber `public_id`; decryption works in that row only."""
    return keyring.seal(person.link_secret + person.address.encode(), PURPOSE, public_id)


def new_subscriber_columns(keyring: Keyring, index: "AddressIndex", address: str) -> dict[str, Any]:
    """The columns of a new subscriber's row: encrypted address with a new secret, index, key id."""
    email_index = index.of(address)
    public_id = random_with_bucket(bucket_of_index(email_index), _PUBLIC)
    return {
        "public_id": public_id,
        "email_index": email_index,
        "sealed": encrypt_subscriber(keyring, SubscriberIdentity(address, new_secret()), public_id),
        "key_id": keyring.current_key_id(PURPOSE),
    }


def decrypt_subscriber(keyring: Keyring, sealed: bytes, public_id: bytes) -> SubscriberIdentity:
    """Decrypts a subscriber's sealed column. Raises DecryptionError."""
    plain = keyring.open(sealed, PURPOSE, public_id)
    try:
        return SubscriberIdentity(address=plain[_SECRET:].decode(), link_secret=plain[:_SECRET])
    except UnicodeDecodeError:
        raise DecryptionError("What is stored in place of an address is none.") from None


class AddressIndex:
    """A keyed blind index: equal addresses have equal indexes, and the index reveals nothing without the key.

    An unkeyed hash of an address is not anonymous (CNIL MED-2023-040): a list of addresses reverses it.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @property
    def key_name(self) -> str:
        """Identifies this key without revealing it: an index is only valid together with this name."""
        return hmac.digest(self._key, b"name of this key", "sha256")[:8].hex()

    def of(self, address: str) -> bytes:
        """The index of a normalized address; identifies its subscriber."""
        return hmac.digest(self._key, f"address:{identity(address)}".encode(), "sha256")

    def mailbox(self, address: str) -> bytes:
        """The index of the mailbox of an address, without tags and dots: for limits, never identity."""
        return hmac.digest(self._key, f"bucket:{shared_mailbox(address)}".encode(), "sha256")

    def domain(self, address: str) -> bytes:
        """The index of an address's domain, for limits; hashed because a domain may belong to one person."""
        return hmac.digest(self._key, f"domain:{domain_of(address)}".encode(), "sha256")
