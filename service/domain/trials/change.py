"""The kinds of change, and one change between two snapshots of a trial."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any


class Level(IntEnum):
    """How much a change matters to a reader. Only MEDIUM and HIGH ever cause a mail."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Kind(StrEnum):
    """The kinds of change, in the order in which a digest lists them.

    A kind's value is stored in the change log and never changes its meaning. `NEW_FOR_CONDITION`,
    `NOW_RECRUITING` and `NOW_MATCHES` are for a condition's followers (see `announcements`), `REMOVED` and
    `MERGED` for everyone, all others for a trial's followers (see `diff`).
    """

    REMOVED = "removed"
    MERGED = "merged"
    NEW_FOR_CONDITION = "new_for_condition"
    NOW_RECRUITING = "now_recruiting"
    NOW_MATCHES = "now_matches"
    STATUS = "status"
    RESULTS = "results"
    PLAIN_RESULTS = "plain_results"
    AGES = "ages"
    SEX = "sex"
    EXPANDED_ACCESS = "expanded_access"
    ARMS = "arms"
    SITES = "sites"
    CRITERIA = "criteria"
    HEALTHY_VOLUNTEERS = "healthy_volunteers"
    INTERVENTIONS = "interventions"
    STUDY_TYPE = "study_type"
    PHASES = "phases"
    START_DATE = "start_date"
    PRIMARY_COMPLETION_DATE = "primary_completion_date"
    COMPLETION_DATE = "completion_date"
    ENROLLMENT = "enrollment"
    PRIMARY_OUTCOMES = "primary_outcomes"
    DESIGN = "design"
    CONDITIONS = "conditions"
    CONTACTS = "contacts"
    TITLE = "title"
    SPONSOR = "sponsor"


ORDER = {kind: position for position, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Change:
    """One material difference between two snapshots; `before` and `after` are JSON values.

    For lists (sites, criteria, interventions, …) they hold only what differs: `before` what is gone,
    `after` what is new.
    """

    kind: Kind
    level: Level
    before: Any
    after: Any


def removed(explanation: str | None) -> Change:
    """The registry or the website removed the trial; `explanation` is shown verbatim."""
    return Change(Kind.REMOVED, Level.HIGH, None, {"explanation": explanation})


def merged(into: str) -> Change:
    """The trial continues under another number."""
    return Change(Kind.MERGED, Level.HIGH, None, {"into": into})


def as_stored(change: Change) -> dict[str, Any]:
    """A change as a JSON object, for the change log."""
    return {
        "kind": change.kind.value,
        "level": int(change.level),
        "before": change.before,
        "after": change.after,
    }


def from_stored(kind: str, level: int, before: Any, after: Any) -> Change:
    """The inverse of `as_stored`."""
    return Change(Kind(kind), Level(level), before, after)
