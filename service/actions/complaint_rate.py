"""Monitors the complaint rate: above what mailbox providers tolerate, an operator is warned."""

import time
from dataclasses import dataclass

import structlog

from service.store.admin import stats
from service.system import System

_log = structlog.get_logger("complaints")

#: Complaints per mail above which operators are warned (the providers' rule: below 0.1 %, never 0.3 %).
ALERT_AT = 0.001

#: Below this many mails a single complaint exceeds the rate, which is not significant.
ENOUGH_MAILS = 1_000

#: Minimum seconds between two warnings of a process.
_AGAIN = 3_600.0


@dataclass(frozen=True, slots=True)
class Complaints:
    """Counts of complaints and digests of the last seven days."""

    number: int
    mails: int

    @property
    def rate(self) -> float:
        """Complaints per mail."""
        return self.number / self.mails if self.mails else 0.0

    @property
    def too_many(self) -> bool:
        """Whether the rate exceeds the limit."""
        return self.mails >= ENOUGH_MAILS and self.rate >= ALERT_AT


class ComplaintMonitor:
    """Checks the complaint rate periodically; warns at most once an hour."""

    def __init__(self) -> None:
        self._next = 0.0

    async def check(self, system: System) -> None:
        """Warns if the rate is too high; returns at once between checks."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _AGAIN
        async with system.reading() as connection:
            found = Complaints(*await stats.complaints(connection, system.now() - stats.WEEK))
        if found.too_many:
            _log.warning("complaints_high", complaints=found.number, mails=found.mails, rate=found.rate)
