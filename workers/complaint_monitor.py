"""Monitors the complaint rate, and warns an operator when it is too high."""

import time

import structlog

from service.domain.delivery.complaint_rate import Complaints
from service.store.admin import stats
from service.system import System

_log = structlog.get_logger("complaints")

#: Minimum seconds between two warnings of a process.
_AGAIN = 3_600.0


class ComplaintMonitor:
    """Checks the complaint rate periodically; warns at most once an hour."""

    def __init__(self) -> None:
        self._next = 0.0

    async def check(self, system: System) -> None:
        """Warns if the rate is too high; returns at once between checks."""
        if time.monotonic() < self._next:
            return
        async with system.reading() as connection:
            found = Complaints(*await stats.complaints(connection, system.now() - stats.WEEK))
        self._next = time.monotonic() + _AGAIN
        if found.too_many:
            _log.warning("complaints_high", complaints=found.number, mails=found.mails, rate=found.rate)
