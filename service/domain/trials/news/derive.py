"""The news of a trial, derived from its revisions in order, independently of when each arrived."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.domain.trials.change import Change, Kind, merged, removed
from service.domain.trials.comparison.diff import BY_KIND, diff
from service.domain.trials.conditions.condition import condition_key
from service.domain.trials.lifecycle import TrialState
from service.domain.trials.news.announcements import announcements_for
from service.domain.trials.news.last_known import Values, as_snapshot
from service.domain.trials.news.revisions import Revision, after

Ancestors = Callable[[str], Iterable[str]]

ENDINGS = frozenset({Kind.REMOVED, Kind.MERGED})


@dataclass(frozen=True, slots=True)
class News:
    """A change that a revision brought, with its audience.

    `conditions`: the keys of those whose followers it concerns; None: the trial's followers. `named`: the
    conditions that the trial names.

    Two marks place it among changes that were reported before it was derived. Subscribers notified up to
    `notified_seq` were notified of it too, as a part of a larger change. Subscriptions that began at
    `due_seq` or later began after it: with all revisions in order it would have been in the log before.
    """

    revision: Revision
    change: Change
    notified_seq: int
    due_seq: int
    conditions: tuple[str, ...] | None = None
    named: frozenset[str] = frozenset()


def derive(baseline: Values, revisions: Sequence[Revision], ancestors: Ancestors) -> list[News]:
    """The news of revisions in order, after the values known before the first of them.

    Values unknown before, and changes of a silent revision, are no news. The end of a trial is reported
    while it lasts, and the trial is then no longer announced.
    """
    is_gone = bool(revisions) and revisions[-1].state is not TrialState.PRESENT
    news: list[News] = []
    for position, before, known in _notifying(baseline, revisions):
        news += _differences(before, position, revisions)
        if not is_gone:
            news += _announcements(before, known, position, revisions, ancestors)
    return [*news, _ending(revisions)] if is_gone else news


def announced(baseline: Values, revisions: Sequence[Revision], ancestors: Ancestors) -> list[News]:
    """The part of the news (`derive`) that is for the followers of conditions."""
    if revisions and revisions[-1].state is not TrialState.PRESENT:
        return []
    return [
        news
        for position, before, known in _notifying(baseline, revisions)
        for news in _announcements(before, known, position, revisions, ancestors)
    ]


def _notifying(baseline: Values, revisions: Sequence[Revision]) -> Iterator[tuple[int, Values, Values]]:
    """The positions of the revisions that may notify, with the values known before and after each."""
    known: Values = baseline
    for position, revision in enumerate(revisions):
        before, known = known, after(known, revision)
        if revision.values is not None and revision.may_notify:
            yield position, before, known


def _differences(before: Values, position: int, revisions: Sequence[Revision]) -> Iterator[News]:
    """The changes of a revision, for the trial's followers."""
    revision = revisions[position]
    for change in diff(as_snapshot(before), as_snapshot(revision.values or {})) if before else ():
        yield News(revision, change, *_marks(position, revisions, change.kind))


def _announcements(
    before: Values, known: Values, position: int, revisions: Sequence[Revision], ancestors: Ancestors
) -> Iterator[News]:
    """The news of a revision for the followers of conditions."""
    revision = revisions[position]
    old = as_snapshot(before) if before else None
    now = as_snapshot(known)
    found = announcements_for(old, now, ancestors, revision.observed_on)
    if found:
        marks = _marks(position, revisions, None)
        named = frozenset(condition_key(condition) for condition in now["conditions"])
        for change, conditions in _grouped(found):
            yield News(revision, change, *marks, conditions, named)


def _grouped(announced: Mapping[str, Change]) -> list[tuple[Change, tuple[str, ...]]]:
    """The news for conditions, each change once with all its conditions; announcements first."""
    by_kind: dict[Kind, tuple[Change, list[str]]] = {}
    for key, change in announced.items():
        by_kind.setdefault(change.kind, (change, []))[1].append(key)
    return [(change, tuple(keys)) for change, keys in by_kind.values()]


def _ending(revisions: Sequence[Revision]) -> News:
    """The end of the trial, once for a series of equal events."""
    first = len(revisions) - 1
    while first and _same_ending(revisions[first - 1], revisions[first]):
        first -= 1
    revision = revisions[first]
    ending, is_merged = revision.ending or {}, revision.state is TrialState.MERGED
    change = merged(ending["into"]) if is_merged else removed(ending.get("explanation"))
    seq = min(later.seq for later in revisions[first:])
    return News(revision, change, seq, seq)


def _same_ending(revision: Revision, other: Revision) -> bool:
    if revision.state is not other.state or revision.state is TrialState.PRESENT:
        return False
    return revision.state is TrialState.REMOVED or revision.ending == other.ending


def _marks(position: int, revisions: Sequence[Revision], kind: Kind | None) -> tuple[int, int]:
    """The `notified_seq` and `due_seq` of a change of this kind (None: an announcement) at a revision.

    Before this revision arrived, later ones were compared with what precedes both, so that subscribers
    notified of a later one were notified of this change as a part of it, unless a silent one lies in between.
    Revisions that don't know the field are transparent.
    """
    seq = notified_seq = revisions[position].seq
    later = revisions[position + 1 :]
    if all(revision.seq >= seq for revision in later):
        return seq, seq
    for revision in later:
        if revision.values is None or not _knows(revision.values, kind):
            continue
        if not revision.may_notify:
            break
        notified_seq = min(notified_seq, revision.seq)
    return notified_seq, min(seq, *(revision.seq for revision in later))


def _knows(values: Values, kind: Kind | None) -> bool:
    return kind is None or BY_KIND[kind].read(as_snapshot(values)) is not None
