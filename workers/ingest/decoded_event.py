"""Stored events, decoded for processing."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from service.domain.trials.events.cloudevents import read_envelope, read_event
from service.store.changes.events import WaitingEvent


@dataclass(frozen=True, slots=True)
class DecodedEvent:
    """A decoded event: its row's id, its data, when the data was observed, and the digest of the content."""

    id: int
    type: str
    subject: str
    at: datetime
    data: dict[str, Any]
    digest: str

    @property
    def revision(self) -> int:
        """The trial's revision."""
        return int(self.data["revision"])


def read(row: WaitingEvent) -> DecodedEvent:
    """Decodes a row of stored events. Raises ValueError if the endpoint would refuse the event today."""
    body = msgspec.json.decode(row.body)
    envelope = read_envelope(body)
    parsed = read_event(envelope, body)
    content = msgspec.json.encode([envelope.type, parsed.data], order="sorted")
    digest = hashlib.sha256(content).hexdigest()
    return DecodedEvent(
        row.id, envelope.type, parsed.subject, envelope.time or row.received_at, parsed.data, digest
    )
