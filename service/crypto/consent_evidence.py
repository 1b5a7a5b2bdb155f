"""What witnesses a consent (topics, network, form, language), sealed for the person it is about."""

from collections.abc import Mapping
from typing import Any

import msgspec

from service.crypto.keyring import Keyring

PURPOSE = "evidence"


def _place(subscriber_id: int) -> bytes:
    return subscriber_id.to_bytes(8)


def seal_evidence(keyring: Keyring, subscriber_id: int, evidence: Mapping[str, Any]) -> bytes:
    """The sealed column of a consent row; it opens for that subscriber only."""
    return keyring.seal(msgspec.json.encode(evidence), PURPOSE, _place(subscriber_id))


def open_evidence(keyring: Keyring, subscriber_id: int, sealed: bytes) -> dict[str, Any]:
    """What `seal_evidence` was given. Raises Unreadable."""
    evidence: dict[str, Any] = msgspec.json.decode(keyring.open(sealed, PURPOSE, _place(subscriber_id)))
    return evidence
