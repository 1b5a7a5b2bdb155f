"""Complaints watched: above the rate that mailbox providers bear, an operator has to hear of it."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from service.store.admin import stats
from service.system import System

_log = structlog.get_logger("complaints")

#: Complaints per mail that call for an operator (complaint rate: below 0.1 %, never 0.3 %).
ALERT_AT = 0.001

#: Below this many mails one complaint is above the rate and tells nothing.
ENOUGH_MAILS = 1_000

#: Seconds between two warnings of one process.
_AGAIN = 3_600.0


@dataclass(frozen=True, slots=True)
class Complaints:
    """Complaints and digests of the last seven days."""

    number: int
    mails: int

    @property
    def rate(self) -> float:
        """Complaints per mail."""
        return self.number / self.mails if self.mails else 0.0

    @property
    def too_many(self) -> bool:
        """Whether an operator has to act."""
        return self.mails >= ENOUGH_MAILS and self.rate >= ALERT_AT


class ComplaintMonitor:
    """Looks at the complaints from time to time; warns once an hour at most."""

    def __init__(self) -> None:
        self._next = 0.0

    async def check(self, system: System) -> None:
        """Warns if there are too many; mostly returns at once."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _AGAIN
        async with system.reading() as connection:
            found = Complaints(*await stats.complaints(connection, datetime.now(UTC) - stats.WEEK))
        if found.too_many:
            _log.warning("complaints_high", complaints=found.number, mails=found.mails, rate=found.rate)
