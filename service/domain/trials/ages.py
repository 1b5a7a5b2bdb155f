"""Parses ages as the registry writes them ("1 Year", "6 Months", "N/A"), and compares them to a person's."""

import re
from collections.abc import Mapping
from typing import Any

_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(year|month|week|day|hour|minute)s?", re.IGNORECASE)
_IN_YEARS = {"year": 1.0, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25, "hour": 0.0, "minute": 0.0}
NO_LIMIT = "N/A"


def read_age(text: str | None) -> tuple[float, str] | None:
    """An age as (count, unit in the singular); None for no limit, an unknown or an unreadable one."""
    found = _AGE.search(text or "")
    return (float(found.group(1)), found.group(2).lower()) if found else None


def in_years(text: str | None) -> float | None:
    """An age in years, so that "1 Year" and "12 Months" are the same; None where there is no limit."""
    age = read_age(text)
    return None if age is None else round(age[0] * _IN_YEARS[age[1]], 6)


def admits(eligibility: Mapping[str, Any], age: float) -> bool:
    """Whether a person of `age` completed years may be within the limits; unknown limits admit everyone."""
    lowest, highest = in_years(eligibility.get("minimum_age")), in_years(eligibility.get("maximum_age"))
    # A person of 25 completed years is up to just under 26, and "up to 25 years" includes them.
    return (lowest is None or age + 1 > lowest) and (highest is None or int(age) <= highest)
