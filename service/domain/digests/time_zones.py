"""Time zones by their IANA names: the list of the `tzdata` package, independent of the host.

A host may lack a zone, or have files that are none (`localtime`, `posixrules`): a name that only some hosts
accept would raise an error on the others.
"""

from datetime import UTC, datetime, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

UTC_NAME = "UTC"
#: The latest moment that has a date in every zone: calendars end with the year 9999.
LATEST = datetime(9999, 12, 30, tzinfo=UTC)

#: Names of the list that are neither places nor offsets in use.
_NO_ZONES = frozenset({"Factory"})


@cache
def names() -> frozenset[str]:
    """All names, including links for older names, which browsers report too (`Asia/Calcutta`)."""
    lines = files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
    return frozenset(lines) - _NO_ZONES


@cache
def _by_folded_name() -> dict[str, str]:
    return {name.lower(): name for name in names()}


def known_or_utc(given: str) -> str:
    """The name as in the list, given in any case; `UTC` if it is not in the list.

    A browser may report `Etc/Unknown` or `+05:30`, which must not make a sign-up fail.
    """
    return _by_folded_name().get(given.strip().lower(), UTC_NAME)


@cache
def _zone(name: str) -> ZoneInfo:
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as source:
        return ZoneInfo.from_file(source, key=name)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; UTC for a name that is not in the list."""
    return _zone(name if name in names() else UTC_NAME)


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """An aware moment in a zone; one that has no date there, at the ends of the calendar, as it is."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment
