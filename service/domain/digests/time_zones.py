"""Time zones by their IANA names: a fixed list, the one of the `tzdata` package, whatever the host has.

A host may lack a zone, or have files that are none (`localtime`, `posixrules`): a name that one host takes
and another does not know would stop whoever comes across it.
"""

from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

UTC_NAME = "UTC"
#: Names of the list that are no place and no offset that anybody lives by.
_NO_ZONES = frozenset({"Factory"})


@cache
def names() -> frozenset[str]:
    """Every name, links to older names included: browsers give those too (`Asia/Calcutta`)."""
    lines = files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
    return frozenset(lines) - _NO_ZONES


@cache
def _by_folded_name() -> dict[str, str]:
    return {name.lower(): name for name in names()}


def known_or_utc(given: str) -> str:
    """The name as the list has it, in whatever case it was given; `UTC` for one that is not in the list.

    A browser may say `Etc/Unknown` or `+05:30`: no reason to refuse a person.
    """
    return _by_folded_name().get(given.strip().lower(), UTC_NAME)


@cache
def _zone(name: str) -> ZoneInfo:
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as source:
        return ZoneInfo.from_file(source, key=name)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; UTC for a name that is not in the list."""
    return _zone(name if name in names() else UTC_NAME)
