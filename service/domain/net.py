"""The changes of one trial over an interval as one: first before to last after."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from service.domain.changes import ORDER, Change, Kind
from service.domain.compare import follow_up
from service.domain.novelty import still_new

_ENDINGS = (Kind.REMOVED, Kind.MERGED)
_ANNOUNCEMENTS = (Kind.NEW_FOR_CONDITION, Kind.NOW_MATCHES)


def net(changes: Sequence[Change]) -> tuple[Change, ...]:
    """What remains to be told of one trial's changes, given in the order of the log.

    Each kind folds to its first before and last after, judged anew; what returned to where it was is
    dropped. A removal or merger stands for everything else. An announcement follows the last status: a
    trial that closed again before it could be announced is not, unless it is recent.
    """
    endings = [change for change in changes if change.kind in _ENDINGS]
    if endings:
        return (endings[-1],)
    folded: dict[Kind, Change | None] = {}
    for change in changes:
        earlier = folded.get(change.kind)
        folded[change.kind] = change if earlier is None else _together(earlier, change)
    remaining = [change for change in folded.values() if change is not None]
    return tuple(sorted(_announced(remaining, changes), key=lambda change: ORDER[change.kind]))


def _together(first: Change, second: Change) -> Change | None:
    if first.kind in _ANNOUNCEMENTS:
        return replace(first, after=second.after)
    return follow_up(first, second)


def _announced(remaining: list[Change], changes: Iterable[Change]) -> list[Change]:
    """The changes with at most one announcement, and that with the last status that was seen."""
    announcements = [change for change in remaining if change.kind in _ANNOUNCEMENTS]
    if not announcements:
        return remaining
    last = [change.after for change in changes if change.kind in (*_ANNOUNCEMENTS, Kind.STATUS)][-1]["status"]
    latest = [change.after for change in changes if change.kind in _ANNOUNCEMENTS][-1]
    first = min(announcements, key=lambda change: ORDER[change.kind])
    announcement = replace(first, after={**latest, "status": last})
    others = [change for change in remaining if change.kind not in _ANNOUNCEMENTS]
    return [announcement, *others] if still_new(announcement, last) else others
