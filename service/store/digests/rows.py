"""Rows of planning: slots and runs, as named tuples."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple


class Slot(NamedTuple):
    """All subscribers with the same frequency, zone, hour and weekday, planned together.

    `low_water_seq`: every cursor that is not behind has reached it. `due_at` is the next moment.
    """

    id: int
    frequency: str
    zone: str
    hour: int
    weekday: int
    low_water_seq: int
    due_at: datetime


class PlannedRun(NamedTuple):
    """A run while it is planned: its digests cover the log from `period_start_seq`, for most, up to `to_seq`.

    `state`: a RunState. `slot_id`: None when it was requested on demand. `held_because`: why an operator must
    release its mails, or None. `buckets_left`: those of its people that are still to be planned.
    """

    id: int
    slot_id: int | None
    frequency: str
    due_at: datetime
    planned_at: datetime
    period_start_seq: int
    to_seq: int
    state: str
    held_because: str | None
    buckets_left: Sequence[int]
