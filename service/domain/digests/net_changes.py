"""The net changes of a trial over an interval: from the first `before` to the last `after` of each kind."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from service.domain.trials.change import ORDER, Change, Kind
from service.domain.trials.comparison.arms import diff_arms
from service.domain.trials.comparison.diff import BY_KIND, DATES, in_context, squash, still_holds
from service.domain.trials.news.announcements import ANNOUNCEMENTS, opens, still_announceable
from service.domain.trials.sites.diff import diff_sites

_ENDINGS = (Kind.REMOVED, Kind.MERGED)
_WITH_STATUS = (Kind.STATUS, Kind.SITES, Kind.ARMS, *ANNOUNCEMENTS)
#: Kinds that form one sequence of states: each holds all of a trial's facets before and after.
_FACETS = (Kind.NOW_RECRUITING, Kind.NOW_MATCHES)
_FOLDED_AS = {Kind.NOW_MATCHES: Kind.NOW_RECRUITING}


def folded_kind(kind: Kind) -> Kind:
    """The kind of the sequence that changes of a kind belong to: mostly its own."""
    return _FOLDED_AS.get(kind, kind)


def net_changes(changes: Sequence[Change], status: str = "") -> tuple[Change, ...]:
    """The changes to report, given a trial's changes in the order of the log.

    `status` is the trial's newest, as a mail may have waited; empty: that of the last change with one.

    Each kind is reduced to its first `before` and last `after`, with a new level; a value that returned to
    where it was is dropped. A removal or merger replaces everything else. Sites and announcements depend on
    the newest status: the sites of a study that closed are not reported, and a trial that closed before it
    was announced is only announced if it is recent.
    """
    endings = [change for change in changes if change.kind in _ENDINGS]
    if endings:
        return (endings[-1],)
    if len(changes) == 1 and (changes[0].kind not in _WITH_STATUS or not status):
        return tuple(changes)
    by_kind: dict[Kind, list[Change]] = {}
    for change in changes:
        by_kind.setdefault(folded_kind(change.kind), []).append(change)
    remaining = [folded for of_kind in by_kind.values() if (folded := _together(of_kind)) is not None]
    statuses = [change.after["status"] for change in changes if change.kind in _WITH_STATUS]
    newest = status or (statuses[-1] if statuses else "")
    if statuses:
        remaining = _by_newest_status(remaining, newest)
    remaining.sort(key=lambda change: ORDER[change.kind])
    return in_context(remaining, newest)


def net_unreported(changes: Sequence[tuple[Change, bool]], status: str = "") -> tuple[Change, ...]:
    """The changes to report of a trial's changes, each given with whether an earlier digest reported it.

    Missed changes before a reported one are included as far as they still hold: not a value that a later one
    replaced, nor an added site whose removal was reported. `status` as for `net_changes`.
    """
    if not any(reported for _, reported in changes):
        return net_changes([change for change, _ in changes], status)
    if any(reported and change.kind in _ENDINGS for change, reported in changes):
        return ()
    by_kind: dict[Kind, list[tuple[int, Change, bool]]] = {}
    for number, (change, reported) in enumerate(changes):
        folded_as = folded_kind(change.kind)
        by_kind.setdefault(folded_as, []).append((number, change, reported))
    left = [entry for of_kind in by_kind.values() for entry in _unreported(of_kind)]
    if not left:
        return ()
    statuses = [change.after["status"] for change, _ in changes if change.kind in _WITH_STATUS]
    newest = status or (statuses[-1] if statuses else "")
    remaining = net_changes([change for _, change in sorted(left, key=lambda entry: entry[0])], newest)
    judged = _by_newest_status(list(remaining), newest) if statuses else remaining
    return tuple(sorted(judged, key=lambda change: ORDER[change.kind]))


def _unreported(of_kind: Sequence[tuple[int, Change, bool]]) -> list[tuple[int, Change]]:
    """The unreported changes of one kind, without those that a reported one made obsolete."""
    left: list[tuple[int, Change]] = []
    for was_reported, group in groupby(of_kind, key=lambda entry: entry[2]):
        numbered = [(number, change) for number, change, _ in group]
        if not was_reported:
            left += numbered
        elif numbered[0][1].kind in _FACETS:
            if opens(numbered[0][1].before, numbered[-1][1].after):
                left = []
        elif left and of_kind[0][1].kind in BY_KIND:
            reported = _together([change for _, change in numbered])
            missed = _together([change for _, change in left])
            if reported is not None:
                holds = still_holds(missed, reported) if missed is not None else None
                left = [(left[-1][0], holds)] if holds is not None else []
    return left


def _together(changes: Sequence[Change]) -> Change | None:
    first, last = changes[0], changes[-1]
    if first is last and first.kind not in DATES:  # a date's level depends on the changes beside it
        return first
    return replace(first, after=last.after) if first.kind in ANNOUNCEMENTS else squash(changes)


def _by_newest_status(changes: list[Change], status: str) -> list[Change]:
    judged: list[Change] = []
    for change in changes:
        if change.kind is Kind.SITES:
            sites = diff_sites(change.before, {**change.after, "status": status})
            judged += [sites] if sites else []
        elif change.kind is Kind.ARMS:
            arms = diff_arms(change.before, {**change.after, "status": status})
            judged += [arms] if arms else []
        elif change.kind in ANNOUNCEMENTS:
            announced = replace(change, after={**change.after, "status": status})
            judged += [announced] if still_announceable(announced, status) else []
        else:
            judged.append(change)
    return judged
