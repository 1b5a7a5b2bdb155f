"""The events of one trial at their places among its revisions, and mergers that have none there."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from service.domain.trials.lifecycle import EventResult, Trial
from service.domain.trials.news.acceptance import (
    History,
    ReceivedEvent,
    RevisionSeries,
    accept,
    newest_state,
)
from workers.ingest.news import PlacedEvents


@dataclass(slots=True)
class Placement:
    """Events of a trial whose stored state is `before`, and their places among its revisions.

    `history` lacks the withdrawn merger: the trial's newest one, set aside after it was accepted.
    """

    nct_id: str
    history: History
    arrived: list[ReceivedEvent]
    before: Trial | None
    withdrawn: list[ReceivedEvent] = field(default_factory=list)
    aside: list[int] = field(default_factory=list)
    results: dict[int, EventResult] = field(default_factory=dict)
    placed: PlacedEvents | None = None

    @classmethod
    def of(cls, nct_id: str, history: History, arrived: Iterable[ReceivedEvent]) -> "Placement":
        made = cls(nct_id, history, list(arrived), history.trial)
        made.place()
        return made

    @property
    def newest(self) -> Trial | None:
        """The trial's newest state."""
        return self.placed.trial if self.placed else self.history.trial

    def place(self) -> None:
        """Places the events again."""
        results, accepted, series = accept(self.history, self.arrived)
        self.results = results | dict.fromkeys(self.aside, EventResult.CONFLICT)
        if series is None and self.withdrawn:
            series = RevisionSeries(self.history.baseline or {}, self.history.kept or (), in_order=False)
        if series is None:
            self.placed = None
            return
        trial = newest_state(self.nct_id, self.history.trial, series, accepted)
        self.placed = PlacedEvents(self.before, [*accepted, *self.withdrawn], series, trial)

    def set_aside(self, number: int) -> bool:
        """Sets the merger with this revision aside, if it came with these events."""
        ids = [event.revision.event_id for event in self.arrived if event.revision.number == number]
        accepted = [each for each in ids if self.results.get(each) is EventResult.PROCESSED]
        if not accepted:
            return False
        self.aside += accepted
        self.arrived = [event for event in self.arrived if event.revision.event_id not in self.aside]
        self.place()
        return True

    def withdraw(self, whole: History, number: int) -> bool:
        """Takes the newest merger, with this revision, from the trial's history, given with its revisions.

        False if the revisions before it are not kept any more.
        """
        if self.before is None or not whole.kept:
            return False
        *left, last = whole.kept
        if last.number != number or (not left and self.before.folded_revision is not None):
            return False
        series = RevisionSeries(whole.baseline or {}, tuple(left), in_order=False)
        trial = newest_state(self.nct_id, self.before, series, ()) if left else None
        self.history = replace(whole, trial=trial, kept=tuple(left))
        self.withdrawn.append(ReceivedEvent(last, None))
        self.aside.append(last.event_id)
        self.place()
        return True
