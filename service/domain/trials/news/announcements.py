"""Announcements to a condition's followers: a trial is new, takes participants now, or newly matches."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from service.domain.trials.change import Change, Kind, Level
from service.domain.trials.conditions.condition import condition_key
from service.domain.trials.events.snapshot import may_notify
from service.domain.trials.sites.countries import country_code
from service.domain.trials.sites.diff import OPEN_STATUSES, PAST_STATUSES

Snapshot = Mapping[str, Any]
Ancestors = Callable[[str], Iterable[str]]

RECENT = timedelta(days=90)
"""How long after its first posting in the registry a trial is new."""

#: The kinds that are reported to a condition's followers; the most informative first.
ANNOUNCEMENTS = (Kind.NEW_FOR_CONDITION, Kind.NOW_RECRUITING, Kind.NOW_MATCHES)

OPEN_TO_PARTICIPANTS = frozenset({"RECRUITING", "AVAILABLE"})

# A study that has not started is announced too; otherwise its opening would never be reported.
WORTH_ANNOUNCING = frozenset({*OPEN_TO_PARTICIPANTS, "NOT_YET_RECRUITING"})


def announcements_for(
    before: Snapshot | None, after: Snapshot, ancestors: Ancestors, today: date
) -> dict[str, Change]:
    """The changes of a trial that concern conditions' followers, by condition id.

    A condition that the trial newly covers, itself or through one below it, gets NEW_FOR_CONDITION if the
    trial is recent or open; one that it covered before gets the result of `_change_for_filters`. Empty if
    the snapshot must not notify anybody. `before` is None for an unknown trial; `ancestors` returns the
    canonical condition and all above it (nothing for an unknown condition, which is its own); `today` is the
    day of the observation (the event's time), so that the order of arrival makes no difference.
    """
    if not may_notify(after):
        return {}
    worth = worth_announcing(after, today)
    now = filter_facets(after, today)
    changed = _change_for_filters(filter_facets(before, today), now, worth) if before else None
    if not worth and not changed:
        return {}
    covered = covers(after, ancestors)
    covered_before = covers(before, ancestors) if before else set()
    news: dict[str, Change] = {}
    if worth:
        announced = Change(Kind.NEW_FOR_CONDITION, Level.HIGH, None, now)
        news |= dict.fromkeys(sorted(covered - covered_before), announced)
    if changed:
        news |= dict.fromkeys(sorted(covered & covered_before), changed)
    return news


def covers(snapshot: Snapshot, ancestors: Ancestors) -> set[str]:
    """The conditions whose followers a trial concerns: its own and all above them."""
    found: set[str] = set()
    for condition in snapshot["conditions"]:
        key = condition_key(condition)
        if key:
            found.update(set(ancestors(key)) or {key})
    return found


def worth_announcing(snapshot: Snapshot, today: date) -> bool:
    """Whether a trial may be announced as new: recently registered, open or about to open."""
    return snapshot["status"] in WORTH_ANNOUNCING or is_recent(snapshot, today)


def is_recent(snapshot: Snapshot, today: date) -> bool:
    """Whether the registry first posted the trial within 90 days; an unknown day is not recent."""
    posted = snapshot.get("registry_first_posted") or ""
    if len(posted) < 7:
        return False
    try:
        return today - date.fromisoformat((posted + "-01")[:10]) <= RECENT
    except ValueError:
        return False


def filter_facets(snapshot: Snapshot, today: date) -> dict[str, Any]:
    """The properties of a trial that filters and announcements depend on, as a JSON object."""
    eligibility = snapshot.get("eligibility") or {}
    return {
        "status": snapshot["status"],
        "countries": countries(snapshot),
        "minimum_age": eligibility.get("minimum_age"),
        "maximum_age": eligibility.get("maximum_age"),
        "first_posted": snapshot.get("registry_first_posted"),
        "recent": is_recent(snapshot, today),
    }


def countries(snapshot: Snapshot) -> list[str]:
    """The countries with a site, as ISO 3166 codes where known, else by name; each once, in order.

    While the study is open, those whose sites no longer take part are left out if there are others.
    """
    sites = [site for site in snapshot.get("locations") or () if site.get("country")]
    if snapshot["status"] in OPEN_STATUSES:
        sites = [site for site in sites if site.get("status") not in PAST_STATUSES] or sites
    names = {site["country"] for site in sites}
    return sorted({country_code(name) or name for name in names})


def still_announceable(change: Change, status: str) -> bool:
    """Whether an announcement still holds when the trial's status is now `status`."""
    return change.after["recent"] or status in WORTH_ANNOUNCING


def opens(then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a trial with these facets before and after starts, or resumes, taking participants."""
    return now["status"] in OPEN_TO_PARTICIPANTS and then["status"] not in OPEN_TO_PARTICIPANTS


def closes(change: Change) -> bool:
    """Whether a change says that a trial stopped taking participants.

    By itself it is not reported, and causes no digest. It only cancels an opening of the same period.
    """
    return change.kind is Kind.NOW_RECRUITING and change.level is Level.LOW


def _change_for_filters(then: Mapping[str, Any], now: Mapping[str, Any], worth: bool) -> Change | None:
    """The change of a known trial's facets; None if it concerns no follower of its conditions.

    NOW_RECRUITING: it starts to take participants, which is reported, or stops, which by itself is not.
    NOW_MATCHES, for followers whose filters the trial did not pass before: it gained a country or admits
    other ages; or it lost a country, which by itself is not reported. Unreported changes are recorded so that
    a trial that returns to its former state within a period is not announced: see `closes`.
    """
    if opens(then, now):
        return Change(Kind.NOW_RECRUITING, Level.HIGH, then, now)
    if opens(now, then):
        return Change(Kind.NOW_RECRUITING, Level.LOW, then, now)
    if not worth:
        return None
    ages = ("minimum_age", "maximum_age")
    other_ages = any(then[bound] is not None and then[bound] != now[bound] for bound in ages)
    if other_ages or not set(now["countries"]) <= set(then["countries"]):
        return Change(Kind.NOW_MATCHES, Level.HIGH, then, now)
    if then["countries"] != now["countries"]:
        return Change(Kind.NOW_MATCHES, Level.LOW, then, now)
    return None
