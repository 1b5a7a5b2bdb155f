"""The states of events and trials."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class EventState(StrEnum):
    """The state of a stored event; the value is stored, and counted for operators."""

    RECEIVED = "received"  # waits for a worker
    PROCESSED = "processed"  # its content is in effect
    STALE = "stale"  # an older revision, or a repetition, with nothing new
    CONFLICT = "conflict"  # its revision came before with other content, or its merge leads in a circle
    DEAD = "dead"  # can't be processed


#: The reason of an event that an operator discarded: it is stale from then on.
DISCARDED = "discarded by an operator"


class EventResult(StrEnum):
    """The state that processing gives to an event that it understands."""

    PROCESSED = EventState.PROCESSED  # its content is in effect
    STALE = EventState.STALE  # nothing new
    CONFLICT = EventState.CONFLICT  # set aside for the operator


class TrialState(StrEnum):
    """Whether a trial is there; the value is stored."""

    PRESENT = "present"  # its newest snapshot is in effect
    REMOVED = "removed"  # not on the website any more
    MERGED = "merged"  # goes on under another id


@dataclass(frozen=True, slots=True)
class Trial:
    """The newest state accepted of a trial. `digest`: of the event's content, to recognise a repetition.

    `snapshot_revision` is lower than `revision` when the trial is gone: its last snapshot came before that.
    `remembered`: the last known values, by field, of what the newest snapshot lacks. Of revisions up to
    `folded_revision` only the outcome is kept: an older one that comes late is too late.
    """

    nct_id: str
    revision: int
    state: TrialState
    digest: str
    snapshot: Mapping[str, Any] | None
    merged_into: str | None = None
    snapshot_revision: int | None = None
    remembered: Mapping[str, Any] = field(default_factory=dict)
    folded_revision: int | None = None


def chain_of_mergers(nct_id: str, into: Mapping[str, str]) -> list[str]:
    """A trial and its successors, one after the other; a circle ends where it began."""
    found = [nct_id]
    while (following := into.get(found[-1])) is not None and following not in found:
        found.append(following)
    return found
