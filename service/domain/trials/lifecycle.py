"""The effect of an event on its trial: the result, the new state, and the changes to record."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from service.domain.trials.announcements import announcements_for
from service.domain.trials.change import Change, Kind, Level, merged, removed
from service.domain.trials.diff import diff
from service.domain.trials.last_known import LastKnown, update_last_known, with_last_known
from service.domain.trials.snapshot import may_notify


class EventState(StrEnum):
    """The state of a stored event; the value is stored, and counted for operators."""

    RECEIVED = "received"  # waits for a worker
    PROCESSED = "processed"  # its content was stored
    STALE = "stale"  # an older or repeated revision without new content
    CONFLICT = "conflict"  # its revision was received with other content, or its merge forms a cycle
    DEAD = "dead"  # can't be processed


class EventResult(StrEnum):
    """The state of a valid event after processing."""

    PROCESSED = EventState.PROCESSED
    STALE = EventState.STALE
    CONFLICT = EventState.CONFLICT


class TrialState(StrEnum):
    """The state of a trial; the value is stored."""

    PRESENT = "present"
    REMOVED = "removed"  # not on the website any more
    MERGED = "merged"  # continues under another id


@dataclass(frozen=True, slots=True)
class Trial:
    """The newest accepted state of a trial. `digest`: of the event's content, to recognise a repetition.

    `snapshot_revision` is lower than `revision` if the trial was removed or merged after its last snapshot.
    `remembered`: the last known values of fields that the newest snapshot lacks.
    """

    nct_id: str
    revision: int
    state: TrialState
    digest: str
    snapshot: Mapping[str, Any] | None
    merged_into: str | None = None
    snapshot_revision: int | None = None
    remembered: LastKnown = field(default_factory=dict)

    @property
    def known(self) -> Mapping[str, Any] | None:
        """The newest snapshot with last known values, to compare the next one with."""
        return with_last_known(self.snapshot, self.remembered) if self.snapshot else None


@dataclass(frozen=True, slots=True)
class AddressedChange:
    """A change with its addressees: the trial's followers, or those of the conditions with these keys."""

    change: Change
    conditions: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The effect of an event: its result, the trial's new state, and the changes."""

    result: EventResult
    trial: Trial | None = None
    changes: tuple[AddressedChange, ...] = ()


def classify_revision(stored: Trial | None, revision: int, digest: str) -> EventResult:
    """Whether an event of `revision` is newer than the stored state, a repetition, or contradicts it."""
    if stored is None or revision > stored.revision:
        return EventResult.PROCESSED
    if revision == stored.revision and digest != stored.digest:
        return EventResult.CONFLICT
    return EventResult.STALE


def upsert(
    stored: Trial | None,
    snapshot: Mapping[str, Any],
    digest: str,
    ancestors: Callable[[str], Iterable[str]],
    today: date,
) -> Decision:
    """A newer snapshot: the changes, and the announcements to followers of conditions."""
    revision = snapshot["revision"]
    remembered = update_last_known(snapshot, stored.snapshot, stored.remembered) if stored else {}
    trial = Trial(
        snapshot["nct_id"], revision, TrialState.PRESENT, digest, snapshot, None, revision, remembered
    )
    before = stored.known if stored else None
    if not may_notify(snapshot):
        return Decision(EventResult.PROCESSED, trial)
    changes = [AddressedChange(change) for change in diff(before, snapshot)] if before else []
    known = with_last_known(snapshot, remembered)
    for change, conditions in _grouped(announcements_for(before, known, ancestors, today)):
        changes.append(AddressedChange(change, conditions))
    return Decision(EventResult.PROCESSED, trial, tuple(changes))


def backfill(stored: Trial, snapshot: Mapping[str, Any]) -> Decision:
    """A snapshot older than the stored state: it fills in fields that newer ones lack.

    A field that the newest snapshot lacks gets its value, unless a newer last known value is stored; if that
    differs from the former last known value, the change is recorded, as it would have been in order. For a
    removed or merged trial it may be the newest snapshot: it is stored without a change, so that a trial that
    returns is compared with the same snapshot in any order of events.
    """
    revision = snapshot["revision"]
    if stored.snapshot is None or stored.snapshot_revision is None or revision > stored.snapshot_revision:
        remembered = update_last_known(snapshot, stored.snapshot, stored.remembered)
        newest = replace(stored, snapshot=snapshot, snapshot_revision=revision, remembered=remembered)
        return Decision(EventResult.PROCESSED, newest)
    remembered = update_last_known(stored.snapshot, snapshot, stored.remembered)
    if remembered == stored.remembered:
        return Decision(EventResult.STALE)
    changes: tuple[AddressedChange, ...] = ()
    if stored.state is TrialState.PRESENT and may_notify(snapshot):
        before, after = (
            with_last_known(stored.snapshot, values) for values in (stored.remembered, remembered)
        )
        changes = tuple(AddressedChange(change) for change in diff(before, after))
    return Decision(EventResult.PROCESSED, replace(stored, remembered=remembered), changes)


def remove(stored: Trial | None, data: Mapping[str, Any], digest: str) -> Decision:
    """The trial was removed; its followers are notified once."""
    trial = _gone(stored, data, digest, TrialState.REMOVED, None)
    if stored and stored.state is TrialState.REMOVED:
        return Decision(EventResult.PROCESSED, trial)
    return Decision(EventResult.PROCESSED, trial, (AddressedChange(removed(data["explanation"])),))


def merge(stored: Trial | None, data: Mapping[str, Any], digest: str) -> Decision:
    """The trial continues under another id; its followers are notified once."""
    trial = _gone(stored, data, digest, TrialState.MERGED, data["into"])
    if stored and stored.state is TrialState.MERGED and stored.merged_into == data["into"]:
        return Decision(EventResult.PROCESSED, trial)
    return Decision(EventResult.PROCESSED, trial, (AddressedChange(merged(data["into"])),))


def _gone(
    stored: Trial | None, data: Mapping[str, Any], digest: str, state: TrialState, into: str | None
) -> Trial:
    if stored is None:
        return Trial(data["nct_id"], data["revision"], state, digest, None, into)
    return replace(stored, revision=data["revision"], state=state, digest=digest, merged_into=into)


def _grouped(changes: Mapping[str, Change]) -> list[tuple[Change, tuple[str, ...]]]:
    """The changes by condition, grouped: each change once with all its conditions, announcements first."""
    by_kind: dict[Kind, tuple[Change, list[str]]] = {}
    for key, change in changes.items():
        by_kind.setdefault(change.kind, (change, []))[1].append(key)
    return [(change, tuple(keys)) for change, keys in by_kind.values()]


def announcement(after: Mapping[str, Any]) -> Change:
    """An earlier announcement, for followers whom the hierarchy connects to the trial only now."""
    return Change(Kind.NEW_FOR_CONDITION, Level.HIGH, None, after)
