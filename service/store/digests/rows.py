"""Rows of planning: slots and runs, as named tuples."""

from datetime import datetime
from typing import NamedTuple


class Slot(NamedTuple):
    """All subscribers with the same frequency, zone, hour and weekday, planned together.

    `low_water_seq`: every cursor that is not behind has reached it. `due_at` is the last moment planned.
    """

    id: int
    frequency: str
    zone: str
    hour: int
    weekday: int
    low_water_seq: int
    due_at: datetime | None


class PlannedRun(NamedTuple):
    """A run while it is planned: its digests cover the log up to `to_seq`. `state`: a RunState.

    `held_because`: why its mails must be released by an operator, or None.
    """

    id: int
    frequency: str
    to_seq: int
    state: str
    held_because: str | None
