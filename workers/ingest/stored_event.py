"""Stored events decoded for processing, and the change log records made from them."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from service.domain.trials.change import Change, as_stored
from service.domain.trials.cloudevents import read_envelope, read_event
from service.store.changes.events import WaitingEvent

#: A row of the change log (without its seq), and the ids of the topics it concerns.
ChangeRecord = tuple[dict[str, Any], Collection[int]]


@dataclass(frozen=True, slots=True)
class StoredEvent:
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


def read(row: WaitingEvent) -> StoredEvent:
    """Decodes a row of stored events. Raises ValueError if the endpoint would refuse the event today."""
    body = msgspec.json.decode(row.body)
    envelope = read_envelope(body)
    parsed = read_event(envelope, body)
    content = msgspec.json.encode([envelope.type, parsed.data], order="sorted")
    digest = hashlib.sha256(content).hexdigest()
    return StoredEvent(
        row.id, envelope.type, parsed.subject, envelope.time or row.received_at, parsed.data, digest
    )


def change_record(
    event: StoredEvent,
    nct_id: str,
    change: Change,
    topic_ids: Collection[int],
    *,
    stands_in_for: int | None = None,
) -> ChangeRecord:
    """The change log record of a change; `change_log.append` sets its time.

    `stands_in_for`: the seq of the record that its readers would have had, had all been known then.
    """
    is_correction = event.data.get("reason") == "correction"
    row = {"nct_id": nct_id, "event_id": event.id, "is_correction": is_correction, **as_stored(change)}
    if stands_in_for is not None:
        row["corrects"] = stands_in_for
    return row, topic_ids
