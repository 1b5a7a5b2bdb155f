"""Parses CloudEvents 1.0 of the ingestor: the envelope, and the data of known types."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from service.domain.trials.events.snapshot import (
    FieldProblem,
    InvalidSnapshot,
    read_condition,
    read_merged,
    read_removed,
    read_snapshot,
)
from service.domain.trials.trial_ids import trial_number

TRIAL_UPSERTED = "trial.upserted"
TRIAL_REMOVED = "trial.removed"
TRIAL_MERGED = "trial.merged"
CONDITION_UPSERTED = "condition.upserted"

#: The key of a trial's number in normalized data, for all registries.
_TRIAL = "nct_id"

#: The reader of each known type's data, and the field that is the event's subject.
_TYPES: dict[str, tuple[Callable[[Any], dict[str, Any]], str]] = {
    TRIAL_UPSERTED: (read_snapshot, _TRIAL),
    TRIAL_REMOVED: (read_removed, _TRIAL),
    TRIAL_MERGED: (read_merged, _TRIAL),
    CONDITION_UPSERTED: (read_condition, "id"),
}

#: Maximum bytes of an attribute, well below the limit of a database's index.
_LONGEST = 1000


def is_known_type(type_: object) -> bool:
    """Whether `type_` is processed."""
    return isinstance(type_, str) and type_ in _TYPES


class NotCloudEvent(ValueError):
    """The envelope is invalid in CloudEvents 1.0; the message is one sentence with the reason."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The attributes of an event that are used; `time` is aware."""

    source: str
    id: str
    type: str
    subject: str | None
    time: datetime | None

    @property
    def known(self) -> bool:
        """Whether the type is processed."""
        return is_known_type(self.type)


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event of a known type with valid, normalized `data`."""

    envelope: Envelope
    subject: str
    revision: int | None
    data: dict[str, Any]


def read_envelope(event: Any) -> Envelope:
    """Parses the envelope of a decoded JSON event. Raises NotCloudEvent (spec.md, Required Attributes)."""
    if not isinstance(event, Mapping):
        raise NotCloudEvent("An event must be a JSON object.")
    if event.get("specversion") != "1.0":
        raise NotCloudEvent('specversion must be "1.0".')
    return Envelope(
        source=_attribute(event, "source"),
        id=_attribute(event, "id"),
        type=_attribute(event, "type"),
        subject=None if event.get("subject") is None else _attribute(event, "subject"),
        time=_time(event.get("time")),
    )


def read_event(envelope: Envelope, event: Mapping[str, Any]) -> KnownEvent:
    """Parses the data of an event of a known type. Raises InvalidSnapshot with all problems."""
    read, names = _TYPES[envelope.type]
    data = read(event.get("data"))
    subject = data[names]
    problems: list[FieldProblem] = []
    if names == _TRIAL and event["data"].get("trial_id") is not None:
        names = "trial_id"
    named = envelope.subject
    if named is not None and subject not in (named, trial_number(named) if names == "trial_id" else None):
        problems.append(("subject", f"must be the event's {names}"))
    if len(subject.encode()) > _LONGEST:
        problems.append((names, "is too long"))
    if problems:
        raise InvalidSnapshot(tuple(problems))
    return KnownEvent(envelope, subject, data.get("revision"), data)


def _attribute(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    if not isinstance(value, str) or not value.strip():
        raise NotCloudEvent(f"{name} must be a text that is not empty.")
    if "\ufffd" in value:  # a character was lost, so that two different values could be equal
        raise NotCloudEvent(f"{name} must not hold halves of characters (U+FFFD).")
    if not value.isprintable():
        raise NotCloudEvent(f"{name} must not hold control characters.")
    if len(value.encode()) > _LONGEST:
        raise NotCloudEvent(f"{name} must have {_LONGEST} bytes at most.")
    return value


_LEAP_SECOND = re.compile(r"([T ]\d\d:\d\d):60(?=[.Z+-])")


def _time(value: Any) -> datetime | None:
    """An RFC 3339 time in UTC; a leap second (§5.7) becomes the second after 23:59:59."""
    if value is None:
        return None
    try:
        text, leap = _LEAP_SECOND.subn(r"\1:59", value.upper())
        time = datetime.fromisoformat(text) if len(text) > len("2026-12-01T00:00") else None
        if time is not None and time.tzinfo is not None:
            time = time.astimezone(UTC)
            if not leap:
                return time
            if (time.hour, time.minute) == (23, 59):
                return time + timedelta(seconds=1)
    except (ValueError, TypeError, AttributeError, OverflowError):
        pass
    raise NotCloudEvent("time must be an RFC 3339 time, such as 2026-12-01T08:00:00Z.")
