"""Remembers that the database had no room on its disk for a row.

PostgreSQL's full disk refuses statements that make a table grow, while a small row still finds its place: a
probe may be stored and taken away again although no visitor's request can be kept.
"""

import time
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Engine, ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.sql.outages import is_disk_full

#: Seconds for which a refusal counts: then the probe decides again.
COUNTS_SECONDS = 30.0

_refused: WeakKeyDictionary[Engine, float] = WeakKeyDictionary()


def remember(context: ExceptionContext) -> None:
    """Listens to an engine's errors (`handle_error`)."""
    if context.engine is not None and is_disk_full(context.original_exception):
        _refused[context.engine] = time.monotonic()


def was_full(database: AsyncEngine) -> bool:
    """Whether this process could lately not write for lack of room."""
    at = _refused.get(database.sync_engine)
    return at is not None and time.monotonic() - at < COUNTS_SECONDS
