"""CloudEvents 1.0 as the ingestor sends them: what makes an envelope, and the types that are known."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from service.domain.trials.snapshot import (
    InvalidSnapshot,
    Problem,
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

#: The key of a trial's number in data that was read, whichever registry it is from.
_TRIAL = "nct_id"

#: What reads the data of each known type, and the field that names the event's subject.
_TYPES: dict[str, tuple[Callable[[Mapping[str, Any]], dict[str, Any]], str]] = {
    TRIAL_UPSERTED: (read_snapshot, _TRIAL),
    TRIAL_REMOVED: (read_removed, _TRIAL),
    TRIAL_MERGED: (read_merged, _TRIAL),
    CONDITION_UPSERTED: (read_condition, "id"),
}

#: Bytes of an attribute: what an index of the database can hold, with room to spare.
_LONGEST = 1000


def is_known_type(type_: object) -> bool:
    """Whether `type_` is one of the types that are processed here."""
    return isinstance(type_, str) and type_ in _TYPES


class NotCloudEvent(ValueError):
    """An envelope that CloudEvents 1.0 does not allow; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The attributes of an event that mean something here; `time` is aware."""

    source: str
    id: str
    type: str
    subject: str | None
    time: datetime | None

    @property
    def known(self) -> bool:
        """Whether the type is one of the contract's."""
        return is_known_type(self.type)


@dataclass(frozen=True, slots=True)
class Known:
    """An event of a known type whose data are valid; `data` in the one shape that the domain reads."""

    envelope: Envelope
    subject: str
    revision: int | None
    data: dict[str, Any]


def read_envelope(event: Any) -> Envelope:
    """The envelope of a decoded JSON event. Raises NotCloudEvent (spec.md, Required Attributes)."""
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


def read_event(envelope: Envelope, event: Mapping[str, Any]) -> Known:
    """An event of a known type with its data read. Raises InvalidSnapshot, which names every problem."""
    read, names = _TYPES[envelope.type]
    data = read(event.get("data"))  # type: ignore[arg-type]
    subject = data[names]
    problems: list[Problem] = []
    if names == _TRIAL and event["data"].get("trial_id") is not None:
        names = "trial_id"
    named = envelope.subject
    if named is not None and subject not in (named, trial_number(named) if names == "trial_id" else None):
        problems.append(("subject", f"must be the event's {names}"))
    if len(subject.encode()) > _LONGEST:
        problems.append((names, "is too long"))
    if problems:
        raise InvalidSnapshot(tuple(problems))
    return Known(envelope, subject, data.get("revision"), data)


def _attribute(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    if not isinstance(value, str) or not value.strip():
        raise NotCloudEvent(f"{name} must be a text that is not empty.")
    if "\ufffd" in value:  # what stood there was lost, and two that differed could be one now
        raise NotCloudEvent(f"{name} must not hold halves of characters (U+FFFD).")
    if not value.isprintable():
        raise NotCloudEvent(f"{name} must not hold control characters.")
    if len(value.encode()) > _LONGEST:
        raise NotCloudEvent(f"{name} must have {_LONGEST} bytes at most.")
    return value


_LEAP_SECOND = re.compile(r"([T ]\d\d:\d\d):60(?=[.Z+-])")


def _time(value: Any) -> datetime | None:
    """An RFC 3339 time in UTC; a leap second (§5.7), which no clock here has, is the one after 23:59:59."""
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
