"""The changes of one trial over an interval as one: first before to last after."""

from collections.abc import Sequence
from dataclasses import replace

from service.domain.changes import ORDER, Change, Kind
from service.domain.compare import DATES, fold_up, in_context
from service.domain.novelty import still_new
from service.domain.sites import judge_sites

_ENDINGS = (Kind.REMOVED, Kind.MERGED)
_ANNOUNCEMENTS = (Kind.NEW_FOR_CONDITION, Kind.NOW_MATCHES)
_WITH_STATUS = (Kind.STATUS, Kind.SITES, *_ANNOUNCEMENTS)


def net(changes: Sequence[Change], status: str = "") -> tuple[Change, ...]:
    """What remains to be told of one trial's changes, given in the order of the log.

    `status` is the trial's newest, for changes that do not tell it themselves.

    Each kind folds to its first before and last after, judged anew; what returned to where it was is
    dropped. A removal or merger stands for everything else. Sites and announcements are judged by the
    last status: of a study that closed, its sites are not told, and a trial that closed again before it
    could be announced is not, unless it is recent.
    """
    endings = [change for change in changes if change.kind in _ENDINGS]
    if endings:
        return (endings[-1],)
    if len(changes) == 1:
        return tuple(changes)
    by_kind: dict[Kind, list[Change]] = {}
    for change in changes:
        by_kind.setdefault(change.kind, []).append(change)
    remaining = [folded for of_kind in by_kind.values() if (folded := _together(of_kind)) is not None]
    statuses = [change.after["status"] for change in changes if change.kind in _WITH_STATUS]
    if statuses:
        remaining = _by_last_status(remaining, statuses[-1])
    remaining.sort(key=lambda change: ORDER[change.kind])
    return in_context(remaining, statuses[-1] if statuses else status)


def _together(changes: Sequence[Change]) -> Change | None:
    first, last = changes[0], changes[-1]
    if first is last and first.kind not in DATES:  # a date's level depends on what stands beside it
        return first
    return replace(first, after=last.after) if first.kind in _ANNOUNCEMENTS else fold_up(changes)


def _by_last_status(changes: list[Change], status: str) -> list[Change]:
    judged: list[Change] = []
    announcements = []
    for change in changes:
        if change.kind is Kind.SITES:
            sites = judge_sites(change.before, {**change.after, "status": status})
            judged += [sites] if sites else []
        elif change.kind in _ANNOUNCEMENTS:
            announcements.append(replace(change, after={**change.after, "status": status}))
        else:
            judged.append(change)
    if announcements:
        # New for a condition says more than that a trial now matches: the first kind stands for both.
        announcement = min(announcements, key=lambda change: ORDER[change.kind])
        judged += [announcement] if still_new(announcement, status) else []
    return judged
