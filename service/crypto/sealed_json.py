"""Encrypted JSON columns bound to a subscriber: context of deliveries, evidence of consents."""

from collections.abc import Mapping
from typing import Any

import msgspec

from service.crypto.keyring import Keyring

#: Purposes, one for each column: a value encrypted for one can't be decrypted for another.
CONTEXT = "context"
EVIDENCE = "evidence"


def seal_json(keyring: Keyring, purpose: str, subscriber_id: int, values: Mapping[str, Any]) -> bytes:
    """Encrypts `values`, bound to the purpose and the subscriber."""
    return keyring.seal(msgspec.json.encode(values), purpose, subscriber_id.to_bytes(8))


def open_json(keyring: Keyring, purpose: str, subscriber_id: int, sealed: bytes | None) -> dict[str, Any]:
    """Decrypts a value that `seal_json` returned; {} for NULL. Raises DecryptionError."""
    if sealed is None:
        return {}
    values: dict[str, Any] = msgspec.json.decode(keyring.open(sealed, purpose, subscriber_id.to_bytes(8)))
    return values
