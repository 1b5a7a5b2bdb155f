"""The revisions of the registry's records; tells changed records from changed conversions."""

from typing import NamedTuple

#: Revisions of one trial between two days of its last update.
REVISIONS_A_DAY = 10_000

#: The status that a record gets without a new date.
UNKNOWN = "UNKNOWN"


class Observation(NamedTuple):
    """A trial as the registry has it: `dated` is the revision of its dates, `digest` that of what its record
    was converted to, `record_digest` that of what was converted."""

    nct_id: str
    digest: str
    record_digest: str
    dated: int
    status: str = ""


class LastObservation(NamedTuple):
    """The last observation of a trial; `record_digest` is None in state files of earlier versions."""

    revision: int
    digest: str
    record_digest: str | None


class Revised(NamedTuple):
    """The revision of an observation. `is_remapped`: the record is the same, and is converted otherwise."""

    revision: int
    is_remapped: bool = False


def by_date(seen: Observation) -> Revised:
    """The revision of an observation where none is known."""
    return Revised(seen.dated)


def revise(known: LastObservation | None, seen: Observation) -> Revised:
    """The revision of an observation after the last known one of its trial."""
    if known is None:
        return by_date(seen)
    revision = next_revision((known.revision, known.digest), seen.digest, seen.dated)
    return Revised(revision, revision > known.revision and _is_same_record(known, seen))


def is_older(known: LastObservation, seen: Observation) -> bool:
    """Whether a record differs from the last one of its trial, and is of an earlier day."""
    return seen.digest != known.digest and is_of_earlier_day(seen.dated, known.revision)


def is_of_earlier_day(dated: int, revision: int) -> bool:
    """Whether a revision by its dates is of an earlier day than another one."""
    return dated // REVISIONS_A_DAY < revision // REVISIONS_A_DAY


def _is_same_record(known: LastObservation, seen: Observation) -> bool:
    """Whether the record is the same: by its digest, or by its date where no digest was kept.

    Only a status UNKNOWN comes without a new date.
    """
    if known.record_digest is None:
        return seen.dated <= known.revision and seen.status != UNKNOWN
    return seen.record_digest == known.record_digest


def next_revision(known: tuple[int, str] | None, digest: str, dated: int) -> int:
    """The revision of an observation, by the last known revision and digest of its trial.

    The same content keeps its revision. Other content gets a higher one even with the same date. A record
    with an older date is an older version that arrived late: it keeps the revision of its dates.
    """
    if known is None:
        return dated
    revision, known_digest = known
    if digest == known_digest:
        return revision
    return dated if is_of_earlier_day(dated, revision) else max(dated, revision + 1)
