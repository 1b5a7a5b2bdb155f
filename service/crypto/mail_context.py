"""What one mail needs beside the rows it is about (another address), sealed for the person it is about."""

from collections.abc import Mapping
from typing import Any

import msgspec

from service.crypto.keyring import Keyring

PURPOSE = "context"


def seal_context(keyring: Keyring, subscriber_id: int, context: Mapping[str, Any]) -> bytes:
    """The sealed column of a delivery; it opens for that subscriber only."""
    return keyring.seal(msgspec.json.encode(context), PURPOSE, subscriber_id.to_bytes(8))


def open_context(keyring: Keyring, subscriber_id: int, sealed: bytes | None) -> dict[str, Any]:
    """What `seal_context` was given; empty when nothing was. Raises Unreadable."""
    if sealed is None:
        return {}
    context: dict[str, Any] = msgspec.json.decode(keyring.open(sealed, PURPOSE, subscriber_id.to_bytes(8)))
    return context
