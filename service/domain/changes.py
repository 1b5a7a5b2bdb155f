"""The kinds of change that are told, and one change between two snapshots of a trial."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any


class Level(IntEnum):
    """How much a change matters to a reader. Only MEDIUM and HIGH ever cause a mail."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Kind(StrEnum):
    """The registry of kinds. A kind's value is stored in the change log and never changes its meaning."""

    STATUS = "status"
    SITES = "sites"
    NEW_FOR_CONDITION = "new_for_condition"
    REMOVED = "removed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Change:
    """One material difference between two snapshots; `before` and `after` are JSON values."""

    kind: Kind
    level: Level
    before: Any
    after: Any
