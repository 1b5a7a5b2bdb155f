"""Compares the limits of age."""

from collections.abc import Mapping
from typing import Any

from service.domain.trials.ages import comparable
from service.domain.trials.change import Change, Kind, Level


def read_ages(snapshot: Mapping[str, Any]) -> dict[str, Any] | None:
    """The limits of age as the registry writes them, None for an unknown one."""
    eligibility = snapshot.get("eligibility")
    if not eligibility:
        return None
    return {"minimum": eligibility.get("minimum_age"), "maximum": eligibility.get("maximum_age")}


def diff_ages(before: dict[str, Any], after: dict[str, Any]) -> Change | None:
    """Changed limits; the same age in another unit is no change, nor is a limit unknown on either side.

    "From birth" equals no lower limit, and "up to 120 years" no upper one.
    """
    bounds = [(before[bound], after[bound]) for bound in ("minimum", "maximum")]
    if all(
        old is None
        or new is None
        or comparable(old) == comparable(new)
        or not (comparable(old) or comparable(new))
        for old, new in bounds
    ):
        return None
    # A limit that is unknown on one side is taken from the other.
    filled = [(old or new, new or old) for old, new in bounds]
    return Change(
        Kind.AGES,
        Level.HIGH,
        {"minimum": filled[0][0], "maximum": filled[1][0]},
        {"minimum": filled[0][1], "maximum": filled[1][1]},
    )


def join_ages(first: Change, second: Change) -> tuple[dict[str, Any], dict[str, Any]]:
    """The combined values of two consecutive changes; a limit may have become known with the second."""
    return (
        {bound: first.before[bound] or second.before[bound] for bound in ("minimum", "maximum")},
        {bound: second.after[bound] or first.after[bound] for bound in ("minimum", "maximum")},
    )
