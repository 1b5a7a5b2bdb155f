"""The kinds of change, and one change between two snapshots of a trial."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any


class Level(IntEnum):
    """How much a change matters to a reader."""

    LOW = 1  # reported with the next digest; causes one only if the reader wants small changes
    MEDIUM = 2  # causes a digest
    HIGH = 3  # causes a digest, and comes first in it


class Kind(StrEnum):
    """The kinds of change, in the order in which a digest lists them.

    A kind's value is stored in the change log and never changes its meaning. `NEW_FOR_CONDITION`,
    `NOW_RECRUITING` and `NOW_MATCHES` are for a condition's followers (see `announcements`), `REMOVED` and
    `MERGED` for everyone, all others for a trial's followers (see `diff`).
    """

    REMOVED = "removed"  # the trial is no longer on the website
    MERGED = "merged"  # it goes on under another number
    NEW_FOR_CONDITION = "new_for_condition"  # a trial is new for a condition
    NOW_RECRUITING = "now_recruiting"  # it starts or resumes taking participants
    NOW_MATCHES = "now_matches"  # it now passes the reader's filters
    STATUS = "status"  # the overall status, with the reason for stopping
    RESULTS = "results"  # results were posted in the registry
    PLAIN_RESULTS = "plain_results"  # a plain-language summary of results
    AGES = "ages"  # the limits of age
    SEX = "sex"  # who can join, by sex
    EXPANDED_ACCESS = "expanded_access"  # treatment outside of the study
    ARMS = "arms"  # the groups of participants
    SITES = "sites"  # places that were added, removed or opened
    CRITERIA = "criteria"  # inclusion and exclusion criteria
    HEALTHY_VOLUNTEERS = "healthy_volunteers"  # whether they can join
    INTERVENTIONS = "interventions"  # drugs, procedures, devices …
    STUDY_TYPE = "study_type"  # interventional or observational
    PHASES = "phases"  # Phase 1, Phase 2 …
    START_DATE = "start_date"  # the estimated start
    PRIMARY_COMPLETION_DATE = "primary_completion_date"  # the estimated end of the main measurements
    COMPLETION_DATE = "completion_date"  # the estimated end
    ENROLLMENT = "enrollment"  # the number of participants
    PRIMARY_OUTCOMES = "primary_outcomes"  # the main measurements
    DESIGN = "design"  # allocation and masking
    CONDITIONS = "conditions"  # the illnesses studied
    CONTACTS = "contacts"  # whom to ask
    TITLE = "title"  # the brief title
    SPONSOR = "sponsor"  # the lead sponsor


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
