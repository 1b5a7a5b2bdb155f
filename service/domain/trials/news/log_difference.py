"""A trial's entries of the change log: the derived news that it lacks, and the entries that no longer hold.

They are compared topic by topic. An entry is never changed: one that no longer holds for some of its topics
is replaced by one for the others, at the same position.
"""

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from service.domain.trials.change import Change, Kind, Level, as_stored
from service.domain.trials.news.acceptance import ReceivedEvent, RevisionSeries
from service.domain.trials.news.announcements import ANNOUNCEMENTS
from service.domain.trials.news.derive import ENDINGS, News

#: The kinds that a condition's followers are notified of regardless of filters on places and ages.
_NOTIFIED = (Kind.NEW_FOR_CONDITION, Kind.NOW_RECRUITING)


@dataclass(frozen=True, slots=True)
class TrialEntry:
    """A change that a revision brought, and the ids of the topics whose followers it concerns.

    `notified_seq` and `due_seq`: see `News`; None where the entry's own seq counts.
    """

    revision: int
    event_id: int | None
    is_correction: bool
    change: Change
    topics: frozenset[int]
    notified_seq: int | None
    due_seq: int | None


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry as stored in the log. `represented_by`: for each joined topic the one that represents it."""

    seq: int
    entry: TrialEntry
    represented_by: Mapping[int, int] = field(default_factory=dict)

    @property
    def notified_seq(self) -> int:
        """The seq up to which its followers were notified of it."""
        return self.entry.notified_seq or self.seq

    def only_for(self, topics: frozenset[int]) -> TrialEntry:
        """The same at the same place, for some of its topics."""
        return replace(
            self.entry, topics=topics, notified_seq=self.notified_seq, due_seq=self.entry.due_seq or self.seq
        )


def entry_of(news: News, topics: Iterable[int]) -> TrialEntry:
    """The entry of derived news."""
    revision = news.revision
    return TrialEntry(
        revision.number,
        revision.event_id,
        revision.is_correction,
        news.change,
        frozenset(topics),
        news.notified_seq,
        news.due_seq,
    )


def after_events(
    derived: Iterable[TrialEntry],
    logged: Iterable[Logged],
    series: RevisionSeries,
    new: Iterable[ReceivedEvent],
) -> tuple[list[TrialEntry], list[int]]:
    """The entries to append, and the seqs of those that no longer hold, after events were placed.

    Before the first new revision everything is derived as it was, except that a trial is gone and whether it
    is announced: these depend on the last revision.
    """
    first = min(event.revision.number for event in new)
    oldest = series.revisions[0].number if series.revisions else first

    def may_differ(entry: TrialEntry) -> bool:
        kind = entry.change.kind
        return (
            entry.revision >= first or kind in ENDINGS or (kind in ANNOUNCEMENTS and entry.revision >= oldest)
        )

    wanted = {_content(entry): entry for entry in derived if may_differ(entry)}
    held = [known for known in logged if may_differ(known.entry)]
    # The hierarchy may have changed since: earlier announcements are not made to others now.
    as_before = {_content(known.entry) for known in held if known.entry.revision < first} & wanted.keys()
    rest, missing, replaced = _difference(
        [entry for content, entry in wanted.items() if content not in as_before],
        [known for known in held if _content(known.entry) not in as_before],
    )
    return _in_order(rest + missing), replaced


def after_learning(
    derived: Iterable[TrialEntry], logged: Iterable[Logged], oldest: int, topics: frozenset[int]
) -> tuple[list[TrialEntry], list[int]]:
    """The same when the hierarchy below `topics` was learned, for the announcements to their followers.

    `derived` are the announcements since the revision `oldest`. A reader notified of a later one of a trial
    knows the trial.
    """
    wanted = [replace(entry, topics=entry.topics & topics) for entry in derived]
    held = [
        known
        for known in logged
        if known.entry.revision >= oldest and known.entry.change.kind in ANNOUNCEMENTS
    ]
    added, missing, replaced = _difference(wanted, held, topics)
    for entry in missing:
        by_mark: dict[int | None, set[int]] = {}
        for topic in entry.topics:
            by_mark.setdefault(_notified(entry, topic, held), set()).add(topic)
        added += [replace(entry, topics=frozenset(some), notified_seq=seq) for seq, some in by_mark.items()]
    return _in_order(added), replaced


def _notified(entry: TrialEntry, topic: int, held: Iterable[Logged]) -> int | None:
    """The seq up to which a topic's followers were notified of the trial by an entry that is no older."""
    return min(
        (
            known.notified_seq
            for known in held
            if topic in known.entry.topics
            and known.entry.revision >= entry.revision
            and known.entry.change.kind in _NOTIFIED
            and known.entry.change.level is Level.HIGH
        ),
        default=None,
    )


def _difference(
    wanted: Sequence[TrialEntry], logged: Sequence[Logged], compared: Container[int] | None = None
) -> tuple[list[TrialEntry], list[TrialEntry], list[int]]:
    """The remaining parts of entries that no longer hold for some topics; missing entries; the replaced seqs.

    `compared`: the topics to compare, None for all; a joined one is the topic that represents it.
    """
    by_content = {_content(entry): entry for entry in wanted}
    held: dict[str, set[int]] = {}
    rest: list[TrialEntry] = []
    replaced: list[int] = []
    for known in logged:
        content, topics = _content(known.entry), known.entry.topics
        held.setdefault(content, set()).update(topics)
        wanted_for = by_content[content].topics if content in by_content else frozenset[int]()
        left = frozenset(
            topic
            for topic in topics
            if (representative := known.represented_by.get(topic, topic)) in wanted_for
            or (compared is not None and representative not in compared)
        )
        if left != topics:
            replaced.append(known.seq)
            if left:
                rest.append(known.only_for(left))
    missing = [
        replace(entry, topics=topics)
        for content, entry in by_content.items()
        if (topics := entry.topics - held.get(content, set()))
    ]
    return rest, missing, replaced


def _in_order(entries: Iterable[TrialEntry]) -> list[TrialEntry]:
    return sorted(entries, key=lambda entry: entry.revision)


def _content(entry: TrialEntry) -> str:
    """The identity of a derived change: its place among the revisions, and its content."""
    return json.dumps([entry.revision, *as_stored(entry.change).values()], sort_keys=True)
