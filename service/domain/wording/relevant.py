"""Which of a trial's changes are put in words at all, given its newest status."""

from collections.abc import Sequence
from dataclasses import replace

from service.domain.trials.change import Change, Kind, Level
from service.domain.trials.comparison.arms import split_arms
from service.domain.trials.comparison.plain_values import CLOSED, ENDED
from service.domain.trials.sites.diff import OPEN_STATUSES, split_sites

#: Eligibility.
ELIGIBILITY = frozenset({Kind.AGES, Kind.SEX, Kind.CRITERIA, Kind.HEALTHY_VOLUNTEERS})

_NEVER_CAME = (Kind.PRIMARY_COMPLETION_DATE, Kind.COMPLETION_DATE, Kind.ENROLLMENT)


def relevant(changes: Sequence[Change], status: str) -> list[Change]:
    """The changes that have a sentence, given the trial's newest `status`.

    Outcomes and participants of a withdrawn study are omitted, and what is only recorded: that a summary of
    results is gone, an added group that is closed, a site that had left and has another status. The sites of
    a study that paused paused with it: that is one sentence. Changes of eligibility are of a low level if the
    study has ended, or its closure is among the changes.
    """
    closed = is_closed(changes, status)
    if any(change.kind is Kind.STATUS and change.after["status"] == "SUSPENDED" for change in changes):
        changes = [change for each in changes if (change := _without_paused_sites(each)) is not None]
    return [
        replace(change, level=Level.LOW) if closed and change.kind in ELIGIBILITY else change
        for change in changes
        if (status != "WITHDRAWN" or change.kind not in _NEVER_CAME) and not _is_only_recorded(change)
    ]


def _without_paused_sites(change: Change) -> Change | None:
    """The change without the sites that it calls paused; None if nothing else changed."""
    if change.kind is not Kind.SITES:
        return change
    gone, new, moved = split_sites(change.before["sites"], change.after["sites"])
    moved = [(old, now) for old, now in moved if now["status"] != "SUSPENDED"]
    sites = [*gone, *(old for old, _ in moved)], [*new, *(now for _, now in moved)]
    before, after = (
        {**value, "sites": found} for value, found in zip((change.before, change.after), sites, strict=True)
    )
    return replace(change, before=before, after=after) if any(sites) else None


def _is_only_recorded(change: Change) -> bool:
    if change.kind is Kind.PLAIN_RESULTS:
        return not change.after
    if change.kind is Kind.SITES:
        gone, new, moved = split_sites(change.before["sites"], change.after["sites"])
        return not gone and not new and not (moved and change.after["status"] in OPEN_STATUSES)
    if change.kind is not Kind.ARMS:
        return False
    gone, new, turned = split_arms(change.before["arms"], change.after["arms"])
    return not gone and not turned and all(arm.get("closed") for arm in new)


def is_closed(changes: Sequence[Change], status: str) -> bool:
    """Whether the trial has ended, or its closure to new participants is among the changes."""
    return status in ENDED or any(
        change.kind is Kind.STATUS and change.after["status"] == "ACTIVE_NOT_RECRUITING" for change in changes
    )


def is_past(changes: Sequence[Change], status: str) -> bool:
    """Whether eligibility is past: the trial is closed, though it may open again."""
    return status in CLOSED or is_closed(changes, status)
