"""Who can join, compared: the limits of age, and the criteria line by line within their section."""

import re
from collections.abc import Mapping
from typing import Any

from service.domain.ages import NO_LIMIT, in_years
from service.domain.changes import Change, Kind, Level
from service.domain.multiset import joined, leftovers
from service.domain.text import fold, statements, unescape

# A line of the criteria with the section that it stands in: "inclusion", "exclusion", or "" above both.
Line = list[str]

_HEAD = re.compile(r"\b(inclusion|exclusion)\s+criteri(?:a|on)\b", re.IGNORECASE)
_PLAIN_HEAD = re.compile(
    r"(?:(?:key|main|major|general|subject|patient|participant)s? )*(?:in|ex)clusion criteri(?:a|on)\W*",
    re.IGNORECASE,
)
_LONGEST_HEAD = 80


def read_ages(snapshot: Mapping[str, Any]) -> dict[str, Any] | None:
    """The limits of age as the registry writes them, None for an unknown one."""
    eligibility = snapshot.get("eligibility")
    if not eligibility:
        return None
    return {"minimum": eligibility.get("minimum_age"), "maximum": eligibility.get("maximum_age")}


def judge_ages(before: dict[str, Any], after: dict[str, Any]) -> Change | None:
    """A limit moved; the same age in another unit is no change, nor is a limit that was or is unknown."""
    bounds = [(before[bound], after[bound]) for bound in ("minimum", "maximum")]
    if all(old is None or new is None or in_years(old) == in_years(new) for old, new in bounds):
        return None
    # A limit that one side doesn't know is taken from the other: it is not what changed.
    filled = [(old or new or NO_LIMIT, new or old or NO_LIMIT) for old, new in bounds]
    return Change(
        Kind.AGES,
        Level.HIGH,
        {"minimum": filled[0][0], "maximum": filled[1][0]},
        {"minimum": filled[0][1], "maximum": filled[1][1]},
    )


def read_criteria(snapshot: Mapping[str, Any]) -> list[Line] | None:
    """The criteria line by line, each with its section, as the registry has them."""
    criteria = (snapshot.get("eligibility") or {}).get("criteria")
    if not criteria:
        return None
    section, found = "", []
    for line in unescape(criteria).splitlines():
        head = _HEAD.search(line)
        if head and len(" ".join(line.split())) <= _LONGEST_HEAD:
            section = head.group(1).lower()
        found.append([section, line])
    return found


def judge_criteria(before: list[Line], after: list[Line]) -> Change | None:
    """The statements that differ, whatever their order; text only broken into other lines is the same."""
    gone, new = leftovers(before, after, tuple)
    gone, new = leftovers(_statements(gone), _statements(new), _key)
    if _run_together(gone) == _run_together(new):
        return None
    return Change(Kind.CRITERIA, Level.MEDIUM, gone, new)


def _statements(found: list[Line]) -> list[Line]:
    """Lines cleaned and split into their statements, without the sections' plain headings."""
    return [
        [section, statement]
        for section, line in found
        for statement in statements(line)
        if not _PLAIN_HEAD.fullmatch(statement)
    ]


def join_criteria(first: Change, second: Change) -> tuple[list[Line], list[Line]]:
    """The lines of two changes in a row, as those of one."""
    return joined((first.before, first.after), (second.before, second.after), _key)


def _key(line: Line) -> tuple[str, str]:
    """Two lines of a section say the same if only the punctuation at their ends differs."""
    return line[0], fold(line[1]).rstrip(".,;: ")


def _run_together(found: list[Line]) -> dict[str, str]:
    texts: dict[str, list[str]] = {}
    for section, line in found:
        texts.setdefault(section, []).append(fold(line))
    return {section: " ".join(parts) for section, parts in texts.items()}
