"""JSON sealed for one subscriber: what a mail needs beside its row, and the evidence of a consent."""

from collections.abc import Mapping
from typing import Any

import msgspec

from service.crypto.keyring import Keyring

#: The purposes of the columns: what is sealed for one does not open for another.
CONTEXT = "context"
EVIDENCE = "evidence"


def seal_json(keyring: Keyring, purpose: str, subscriber_id: int, values: Mapping[str, Any]) -> bytes:
    """`values`, to be opened for that purpose and that subscriber only."""
    return keyring.seal(msgspec.json.encode(values), purpose, subscriber_id.to_bytes(8))


def open_json(keyring: Keyring, purpose: str, subscriber_id: int, sealed: bytes | None) -> dict[str, Any]:
    """The values given to `seal_json`; none for an empty column. Raises DecryptionError."""
    if sealed is None:
        return {}
    values: dict[str, Any] = msgspec.json.decode(keyring.open(sealed, purpose, subscriber_id.to_bytes(8)))
    return values
