"""What an event means for the trial it speaks of: nothing, a new state, and the changes to be told."""

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
    """How far a stored event is; the value is stored, and counted for operators."""

    RECEIVED = "received"  # waits for a worker
    PROCESSED = "processed"  # its content is in effect
    STALE = "stale"  # an older revision, or a repetition, with nothing new
    CONFLICT = "conflict"  # its revision came before with other content, or its merge leads in a circle
    DEAD = "dead"  # can't be processed


class EventResult(StrEnum):
    """The state that processing gives to an event that it understands."""

    PROCESSED = EventState.PROCESSED
    STALE = EventState.STALE
    CONFLICT = EventState.CONFLICT


class TrialState(StrEnum):
    """Whether a trial is there; the value is stored."""

    PRESENT = "present"
    REMOVED = "removed"  # not on the website any more
    MERGED = "merged"  # goes on under another id


@dataclass(frozen=True, slots=True)
class Trial:
    """The newest state accepted of a trial. `digest`: of the event's content, to know a repetition.

    `snapshot_revision` is lower than `revision` when the trial is gone: its last snapshot came before that.
    `remembered` is what older snapshots knew and the newest one lacks.
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
        """The newest snapshot with what is remembered: what the next one is compared with."""
        return with_last_known(self.snapshot, self.remembered) if self.snapshot else None


@dataclass(frozen=True, slots=True)
class AddressedChange:
    """A change and whom it concerns: the trial's followers, or those of the conditions with these keys."""

    change: Change
    conditions: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What an event does: the verdict, the trial as it is from now on, and the news."""

    result: EventResult
    trial: Trial | None = None
    news: tuple[AddressedChange, ...] = ()


def classify_revision(held: Trial | None, revision: int, digest: str) -> EventResult:
    """Whether an event of `revision` is newer than what is held, a repetition, or contradicts it."""
    if held is None or revision > held.revision:
        return EventResult.PROCESSED
    if revision == held.revision and digest != held.digest:
        return EventResult.CONFLICT
    return EventResult.STALE


def upsert(
    held: Trial | None,
    snapshot: Mapping[str, Any],
    digest: str,
    ancestors: Callable[[str], Iterable[str]],
    today: date,
) -> Decision:
    """A newer snapshot: what changed, and for whose conditions the trial is new."""
    revision = snapshot["revision"]
    remembered = update_last_known(snapshot, held.snapshot, held.remembered) if held else {}
    trial = Trial(
        snapshot["nct_id"], revision, TrialState.PRESENT, digest, snapshot, None, revision, remembered
    )
    before = held.known if held else None
    if not may_notify(snapshot):
        return Decision(EventResult.PROCESSED, trial)
    news = [AddressedChange(change) for change in diff(before, snapshot)] if before else []
    known = with_last_known(snapshot, remembered)
    for change, conditions in _grouped(announcements_for(before, known, ancestors, today)):
        news.append(AddressedChange(change, conditions))
    return Decision(EventResult.PROCESSED, trial, tuple(news))


def backfill(held: Trial, snapshot: Mapping[str, Any]) -> Decision:
    """A snapshot older than what is held: it counts for what newer ones don't know.

    A field that the newest snapshot lacks gets its value, unless a newer one is remembered; where that
    differs from the value known before, it is told, as it would have been in order. Of a trial that is gone
    it may be the newest snapshot: it is kept, and told to nobody, so that a trial that comes back is
    compared with the same in any order.
    """
    revision = snapshot["revision"]
    if held.snapshot is None or held.snapshot_revision is None or revision > held.snapshot_revision:
        remembered = update_last_known(snapshot, held.snapshot, held.remembered)
        newest = replace(held, snapshot=snapshot, snapshot_revision=revision, remembered=remembered)
        return Decision(EventResult.PROCESSED, newest)
    remembered = update_last_known(held.snapshot, snapshot, held.remembered)
    if remembered == held.remembered:
        return Decision(EventResult.STALE)
    news: tuple[AddressedChange, ...] = ()
    if held.state is TrialState.PRESENT and may_notify(snapshot):
        before, after = (with_last_known(held.snapshot, values) for values in (held.remembered, remembered))
        news = tuple(AddressedChange(change) for change in diff(before, after))
    return Decision(EventResult.PROCESSED, replace(held, remembered=remembered), news)


def remove(held: Trial | None, data: Mapping[str, Any], digest: str) -> Decision:
    """The trial is gone; its followers are told once."""
    trial = _gone(held, data, digest, TrialState.REMOVED, None)
    if held and held.state is TrialState.REMOVED:
        return Decision(EventResult.PROCESSED, trial)
    return Decision(EventResult.PROCESSED, trial, (AddressedChange(removed(data["explanation"])),))


def merge(held: Trial | None, data: Mapping[str, Any], digest: str) -> Decision:
    """The trial goes on under another id; its followers are told once."""
    trial = _gone(held, data, digest, TrialState.MERGED, data["into"])
    if held and held.state is TrialState.MERGED and held.merged_into == data["into"]:
        return Decision(EventResult.PROCESSED, trial)
    return Decision(EventResult.PROCESSED, trial, (AddressedChange(merged(data["into"])),))


def _gone(
    held: Trial | None, data: Mapping[str, Any], digest: str, state: TrialState, into: str | None
) -> Trial:
    if held is None:
        return Trial(data["nct_id"], data["revision"], state, digest, None, into)
    return replace(held, revision=data["revision"], state=state, digest=digest, merged_into=into)


def _grouped(news: Mapping[str, Change]) -> list[tuple[Change, tuple[str, ...]]]:
    """The news for conditions, each change once with all its conditions; announcements first."""
    by_kind: dict[Kind, tuple[Change, list[str]]] = {}
    for key, change in news.items():
        by_kind.setdefault(change.kind, (change, []))[1].append(key)
    return [(change, tuple(keys)) for change, keys in by_kind.values()]


def announcement(after: Mapping[str, Any]) -> Change:
    """An announcement that was made before, for those whom the hierarchy connects to it only now."""
    return Change(Kind.NEW_FOR_CONDITION, Level.HIGH, None, after)
