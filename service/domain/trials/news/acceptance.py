"""The effect of events on a trial: which are accepted, and its new state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.trials.lifecycle import EventResult, Trial, TrialState
from service.domain.trials.news.last_known import Values, remembered_beside, values_of
from service.domain.trials.news.revisions import Revision, after


@dataclass(frozen=True, slots=True)
class History:
    """A trial as it is stored, and its kept revisions in order after `baseline`.

    `kept` is None where only the newest state was read, which is enough for events in order.
    """

    trial: Trial | None = None
    baseline: Values | None = None
    kept: tuple[Revision, ...] | None = None

    @property
    def known(self) -> dict[str, Any]:
        """The known values after the newest revision."""
        if self.trial is None or self.trial.snapshot is None:
            return {}
        known = {**values_of(self.trial.snapshot), **self.trial.remembered}
        return {field: value for field, value in known.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """An event of a trial, with its snapshot as received (None: the trial is gone)."""

    revision: Revision
    snapshot: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class RevisionSeries:
    """The revisions that some events extend, in order, after the values known before the first of them.

    `in_order`: all of them are new, and nothing has to be derived again.
    """

    baseline: Values
    revisions: tuple[Revision, ...]
    in_order: bool

    @property
    def known(self) -> Values:
        """The known values after the last of them."""
        known = self.baseline
        for revision in self.revisions:
            known = after(known, revision)
        return known

    def whole(self) -> tuple[Values, tuple[Revision, ...]]:
        """The baseline, and the revisions."""
        return self.baseline, self.revisions

    def conditions(self) -> list[Mapping[str, Any]]:
        """The conditions that are named anywhere in it."""
        own = [revision.values for revision in self.revisions if revision.values is not None]
        return [condition for values in (self.baseline, *own) for condition in values.get("conditions", ())]


def needs_history(trial: Trial | None, revision: int, *, ends: bool) -> bool:
    """Whether an event has to be placed among the kept revisions: an older one, a trial's end or return."""
    if trial is None:
        return ends
    return revision != trial.revision and (
        revision < trial.revision or ends or trial.state is not TrialState.PRESENT
    )


def accept(
    history: History, arrived: Sequence[ReceivedEvent]
) -> tuple[dict[int, EventResult], list[ReceivedEvent], RevisionSeries | None]:
    """Places events among a trial's revisions: each event's result, the accepted ones, and the series.

    A revision that is there with the same content is a repetition, with other content a conflict.
    """
    trial = history.trial
    digests = {revision.number: revision.digest for revision in history.kept or ()}
    if trial is not None:
        digests[trial.revision] = trial.digest
    results: dict[int, EventResult] = {}
    accepted: list[ReceivedEvent] = []
    for event in sorted(arrived, key=lambda event: (event.revision.number, event.revision.event_id)):
        revision = event.revision
        digest = digests.get(revision.number)
        if digest is not None and digest != revision.digest:
            results[revision.event_id] = EventResult.CONFLICT
        elif digest is not None or _is_folded(trial, revision.number):
            results[revision.event_id] = EventResult.STALE
        else:
            results[revision.event_id] = EventResult.PROCESSED
            digests[revision.number] = revision.digest
            accepted.append(event)
    if not accepted:
        return results, [], None
    new = [event.revision for event in accepted]
    if history.kept is None:
        return results, accepted, RevisionSeries(history.known, tuple(new), in_order=True)
    revisions = sorted([*history.kept, *new], key=lambda revision: revision.number)
    return results, accepted, RevisionSeries(history.baseline or {}, tuple(revisions), in_order=False)


def _is_folded(trial: Trial | None, number: int) -> bool:
    return trial is not None and trial.folded_revision is not None and number <= trial.folded_revision


def newest_state(
    nct_id: str, trial: Trial | None, series: RevisionSeries, accepted: Iterable[ReceivedEvent]
) -> Trial:
    """The trial after all revisions of the series; without any, one of which nothing is known."""
    if not series.revisions:
        return Trial(nct_id, 0, TrialState.PRESENT, "", None)
    last = series.revisions[-1]
    snapshot, number = (trial.snapshot, trial.snapshot_revision) if trial else (None, None)
    for event in accepted:
        if event.snapshot is not None and (number is None or event.revision.number > number):
            snapshot, number = event.snapshot, event.revision.number
    remembered = {} if snapshot is None else remembered_beside(series.known, values_of(snapshot))
    return Trial(
        nct_id=nct_id,
        revision=last.number,
        state=last.state,
        digest=last.digest,
        snapshot=snapshot,
        merged_into=last.ending["into"] if last.state is TrialState.MERGED and last.ending else None,
        snapshot_revision=number,
        remembered=remembered,
        folded_revision=trial.folded_revision if trial else None,
    )
