"""Compares single values: the status, dates, numbers, and flags."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from service.domain.trials.change import Change, Kind, Level
from service.domain.trials.comparison.statements import statement_key

Snapshot = Mapping[str, Any]

FAR = 90
"""Days above which a moved date is worth a mail."""

STOPPED = frozenset({"SUSPENDED", "TERMINATED", "WITHDRAWN"})
ENDED = frozenset({"TERMINATED", "WITHDRAWN", "COMPLETED"})
CLOSED = ENDED | {"ACTIVE_NOT_RECRUITING", "NO_LONGER_AVAILABLE"}
"""Nobody can join; one that has not ended may open again."""

_MEDIUM_STATUSES = frozenset(
    {"COMPLETED", "UNKNOWN", "NOT_YET_RECRUITING", "WITHHELD", "APPROVED_FOR_MARKETING"}
)
_KNOWN_STATUSES = frozenset(
    {
        "RECRUITING",
        "ACTIVE_NOT_RECRUITING",
        "ENROLLING_BY_INVITATION",
        "AVAILABLE",
        "NO_LONGER_AVAILABLE",
        "TEMPORARILY_NOT_AVAILABLE",
        *STOPPED,
        *_MEDIUM_STATUSES,
    }
)


# Status


def read_status(snapshot: Snapshot) -> dict[str, Any]:
    return {"status": snapshot["status"], "why_stopped": snapshot.get("why_stopped")}


def diff_status(before: dict[str, Any], after: dict[str, Any]) -> Change | None:
    old, new = before["status"], after["status"]
    if old != new:
        level = Level.HIGH
        if old not in ENDED and (new in _MEDIUM_STATUSES or new not in _KNOWN_STATUSES):
            level = Level.MEDIUM
        return Change(Kind.STATUS, level, before, after)
    reasons = before["why_stopped"], after["why_stopped"]
    if new in STOPPED and all(reasons) and statement_key(reasons[0]) != statement_key(reasons[1]):
        return Change(Kind.STATUS, Level.LOW, before, after)
    return None


# Eligibility


def from_eligibility(name: str) -> Callable[[Snapshot], Any]:
    return lambda snapshot: (snapshot.get("eligibility") or {}).get(name)


#: Names of sexes in other registries.
_SEXES = {
    "BOTH": "ALL",
    "BOTH_MALES_AND_FEMALES": "ALL",
    "F": "FEMALE",
    "FEMALES": "FEMALE",
    "M": "MALE",
    "MALE_AND_FEMALE": "ALL",
    "MALES": "MALE",
}


def normalize_sex(sex: str) -> str:
    """The eligible sex in one spelling: ALL, FEMALE, MALE; an unknown one unchanged."""
    return _SEXES.get(sex, sex)


def read_sex(snapshot: Snapshot) -> str | None:
    sex = (snapshot.get("eligibility") or {}).get("sex")
    return normalize_sex(sex) if sex else None


def value_diff(kind: Kind, level: Level) -> Callable[[Any, Any], Change]:
    return lambda before, after: Change(kind, level, before, after)


def diff_results(before: bool, after: bool) -> Change:
    return Change(Kind.RESULTS, Level.HIGH if after else Level.MEDIUM, before, after)


def read_plain_results(snapshot: Snapshot) -> bool | None:
    """Whether there is a plain-language summary of the results; None if unknown."""
    url = snapshot.get("plain_results_url")
    return None if url is None else bool(url)


def diff_plain_results(before: bool, after: bool) -> Change:
    """A summary that is gone is recorded and not reported: one that comes back within a period is no news."""
    return Change(Kind.PLAIN_RESULTS, Level.HIGH if after else Level.LOW, before, after)


def read_expanded_access(snapshot: Snapshot) -> dict[str, Any] | None:
    """Whether there is access outside the study, and its record; None if it is unknown whether there is."""
    access = snapshot.get("expanded_access") or {}
    return access if "available" in access else None


def diff_expanded_access(before: dict[str, Any], after: dict[str, Any]) -> Change | None:
    if before.get("available") == after.get("available"):
        return None
    return Change(Kind.EXPANDED_ACCESS, Level.HIGH if after.get("available") else Level.MEDIUM, before, after)


#: Labels that feeds give in place of the registry's values.
_ALLOCATIONS = {
    "N/A": "NA",
    "NONRANDOMIZED": "NON_RANDOMIZED",
    "NON_RANDOMISED": "NON_RANDOMIZED",
    "NOT_APPLICABLE": "NA",
    "RANDOMISED": "RANDOMIZED",
}
_MASKINGS = {"OPEN": "NONE", "OPEN_LABEL": "NONE"}
_TYPES = ("INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS")


def read_study_type(snapshot: Snapshot) -> str | None:
    value = snapshot.get("study_type")
    return normalize_study_type(value) if value else None


def normalize_study_type(value: str) -> str:
    """A study's type in one spelling: "Observational [Patient Registry]" is OBSERVATIONAL."""
    return next((known for known in _TYPES if value.startswith(known)), value)


def read_design(snapshot: Snapshot) -> dict[str, str] | None:
    """The allocation and the masking: "Double (Participant, Investigator)" is DOUBLE."""
    allocation, masking = snapshot.get("allocation"), snapshot.get("masking")
    found: dict[str, str] = {}
    if allocation:
        found["allocation"] = _ALLOCATIONS.get(allocation) or allocation
    if masking:
        plain = masking.partition("_(")[0].partition("_BLIND")[0]
        found["masking"] = _MASKINGS.get(plain, plain)
    return found or None


def diff_design(before: dict[str, str], after: dict[str, str]) -> Change | None:
    known = [part for part in ("allocation", "masking") if part in before and part in after]
    parts = [part for part in known if before[part] != after[part]]
    if not parts:
        return None
    return Change(
        Kind.DESIGN, Level.LOW, {part: before[part] for part in parts}, {part: after[part] for part in parts}
    )


def join_design(first: Change, second: Change) -> tuple[dict[str, str], dict[str, str]]:
    """The combined values of two consecutive changes, which may be of different parts."""
    return {**second.before, **first.before}, {**first.after, **second.after}


# Dates and numbers


def read_typed(key: str) -> Callable[[Snapshot], Any]:
    """A date or a number with its type; the registry's older word for an estimated one is ANTICIPATED."""

    def read(snapshot: Snapshot) -> Any:
        value = snapshot.get(key)
        return {**value, "type": "ESTIMATED"} if value and value.get("type") == "ANTICIPATED" else value

    return read


def date_diff(kind: Kind) -> Callable[[Any, Any], Change | None]:
    def compare(before: dict[str, str], after: dict[str, str]) -> Change | None:
        old, new = before["date"], after["date"]
        same_day = old.startswith(new) or new.startswith(old)
        happened = before.get("type") == "ESTIMATED" and after.get("type") == "ACTUAL"
        undone = before.get("type") == "ACTUAL" and after.get("type") == "ESTIMATED"
        if same_day and not happened and not undone:
            return None
        far = abs((_day(new) - _day(old)).days) > FAR
        return Change(kind, Level.MEDIUM if far and not same_day else Level.LOW, before, after)

    return compare


def _day(text: str) -> date:
    """A date, or the first day of a month or a year. An invalid day is the last valid one before it."""
    year, month, day = [int(part) for part in (text + "-01-01").split("-")[:3]]
    for possible in (day, 30, 29, 28):
        try:
            return date(max(year, 1), month, possible)
        except ValueError:
            continue
    return date(max(year, 1), month, 1)


def diff_enrollment(before: dict[str, Any], after: dict[str, Any]) -> Change | None:
    counted = after.get("type") == "ACTUAL" and before.get("type") == "ESTIMATED"
    undone = after.get("type") == "ESTIMATED" and before.get("type") == "ACTUAL"
    if before["count"] == after["count"] and not counted and not undone:
        return None
    halved = after["count"] * 2 <= before["count"] and before["count"] > 0
    return Change(Kind.ENROLLMENT, Level.MEDIUM if halved else Level.LOW, before, after)
