"""Stored events read again for processing, and what they add to the change log."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from service.domain.trials.change import Change, as_stored
from service.domain.trials.cloudevents import read_envelope, read_event

#: A change's row (without its seq), and the topics it concerns.
ChangeRecord = tuple[dict[str, Any], Collection[int]]


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A stored event: its row's id, what it says, when that was observed, and the digest of its content."""

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


def read(row: Any) -> StoredEvent:
    """A row of the inbox. Raises ValueError for what the endpoint would not take today."""
    event = msgspec.json.decode(row.body)
    envelope = read_envelope(event)
    known = read_event(envelope, event)
    content = msgspec.json.encode([envelope.type, known.data], order="sorted")
    digest = hashlib.sha256(content).hexdigest()
    return StoredEvent(
        row.id, envelope.type, known.subject, envelope.time or row.received_at, known.data, digest
    )


def entry(arrival: StoredEvent, nct_id: str, change: Change, topic_ids: Collection[int]) -> ChangeRecord:
    """What a change adds to the log; when it is recorded is the appender's to say."""
    is_correction = arrival.data.get("reason") == "correction"
    row = {"nct_id": nct_id, "event_id": arrival.id, "is_correction": is_correction, **as_stored(change)}
    return row, topic_ids
