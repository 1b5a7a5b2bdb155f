"""Parses ages as the registry writes them ("1 Year", "6 Months", "N/A"), and compares them to a person's."""

import re
from collections.abc import Mapping
from typing import Any

from service.domain.trials.text import fold

_COUNT = r"(?<!\d)(\d{1,4}(?:\.\d{1,9})?)"
_AGE = re.compile(_COUNT + r"\s*(year|month|week|day|hour|minute)s?", re.IGNORECASE)
# As other registries write it: "18Y", "6 mos", "18".
_SHORT_AGE = re.compile(_COUNT + r"\s*([ymwdh]?)(?:rs?|os?|ths?|ks?)?\.?", re.IGNORECASE)
_UNITS = {"": "year", "y": "year", "m": "month", "w": "week", "d": "day", "h": "hour"}
_IN_YEARS = {"year": 1.0, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25}
_IN_YEARS |= {"hour": _IN_YEARS["day"] / 24, "minute": _IN_YEARS["day"] / 24 / 60}
NO_LIMIT = "N/A"
OLDEST = 99
"""Years from which a limit is none: some registries write 99, 100 or 120 years for it."""
_NO_LIMITS = frozenset(
    {"", "-", "n/a", "na", "none", "not applicable", "not specified", "unlimited"}
    | {f"no {what}" for what in ("limit", "maximum", "maximum age", "minimum", "minimum age")}
)


def read_age(text: str | None) -> tuple[float, str] | None:
    """An age as (count, unit in the singular); None for no limit, an unknown or an unreadable one."""
    if found := _AGE.search(text or ""):
        return float(found[1]), found[2].lower()
    if found := _SHORT_AGE.fullmatch((text or "").strip()):
        return float(found[1]), _UNITS[found[2].lower()]
    return None


def is_unreadable(text: str | None) -> bool:
    """Whether a limit is written in an unknown form ("adults", "18+"): it is shown as it stands."""
    return read_age(text) is None and fold(text or "") not in _NO_LIMITS


def in_years(text: str | None) -> float | None:
    """An age in years, so that "1 Year" and "12 Months" are the same; None where there is no limit."""
    age = read_age(text)
    return None if age is None else round(age[0] * _IN_YEARS[age[1]], 6)


def comparable(text: str | None) -> float | str | None:
    """A limit in years; the words of one that is unreadable; None where there is none."""
    if is_unreadable(text):
        return fold(text or "")
    age = in_years(text)
    return None if age is None or age >= OLDEST else age


def admits(eligibility: Mapping[str, Any], age: float) -> bool:
    """Whether a person of `age` completed years may be within the limits; unknown limits admit everyone."""
    lowest, highest = in_years(eligibility.get("minimum_age")), in_years(eligibility.get("maximum_age"))
    # A person of 25 completed years is up to just under 26, and "up to 25 years" includes them.
    return (lowest is None or age + 1 > lowest) and (highest is None or int(age) <= highest)
