"""The workers' trouble with the database in the log: a line at once, then one a minute, and one at its end.

A process has a dozen tasks that all meet the same trouble, each every few seconds.
"""

import time
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from service.runtime.failure_reasons import reason
from service.store.sql.database import is_away
from service.store.sql.outages import is_deadlock

_log = structlog.get_logger("worker")

#: Seconds between two log lines for the same reason.
_LOG_SECONDS = 60.0

#: Successful reports in a row that end the trouble: the failed work was retried between them and succeeded.
_CLEAN_REPORTS = 3


class _Trouble:
    """The failures of its database that one process has met, by reason."""

    def __init__(self) -> None:
        self.logged_at: dict[str, float] = {}
        self.lasts = False
        self.clean = 0


_met: WeakKeyDictionary[Engine, _Trouble] = WeakKeyDictionary()


def log(database: AsyncEngine, error: Exception, event: str, *, job: str, **details: object) -> None:
    """Logs an error of `job`: as `database_unavailable` if the database is away, else as `event`.

    A deadlock is neither: it is over, and the work is tried again.
    """
    if is_deadlock(error):
        _log.info("deadlock_ended", job=job, **details)
        return
    trouble = _met.setdefault(database.sync_engine, _Trouble())
    words, away = reason(error), is_away(error)
    if away:
        trouble.lasts, trouble.clean = True, 0
    key, now = words if away else f"{event} {job} {words}", time.monotonic()
    if now - trouble.logged_at.get(key, -_LOG_SECONDS) < _LOG_SECONDS:
        return
    trouble.logged_at[key] = now
    if away:
        _log.warning("database_unavailable", job=job, reason=words, **details)
    else:
        name = type(error).__name__
        _log.error(event, job=job, error=name, reason=words, exc_info=error, **details)


def reported(database: AsyncEngine) -> None:
    """A worker's report was stored: logs once that the database is back."""
    trouble = _met.get(database.sync_engine)
    if trouble is None or not trouble.lasts:
        return
    trouble.clean += 1
    if trouble.clean >= _CLEAN_REPORTS:
        trouble.lasts = False
        trouble.logged_at.clear()  # the next failure is logged at once again
        _log.info("database_back")
