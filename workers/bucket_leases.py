"""The buckets that a worker serves: leased, renewed every few seconds, given back at the end."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import structlog

from service.domain.buckets import BUCKETS
from service.redis.job_queue import Job
from service.store.admin import workers
from service.store.mail import bucket_leases
from service.store.sql import clock
from service.system import System
from workers import database_trouble
from workers.wake import IN_BUCKETS

_log = structlog.get_logger("worker")

#: The duration of a lease: a killed worker's buckets are not served for this long.
LEASE = timedelta(seconds=10)

#: Seconds between two renewals.
INTERVAL = 3.0

#: A worker that has not reported for this long loses its part; workers report every ten seconds.
_SILENT = timedelta(seconds=15)


class BucketLeases:
    """The leases of one worker process.

    While the database can't be asked, the worker keeps the buckets that it had: leases divide the work, and
    the rows themselves keep two workers apart.
    """

    def __init__(self, system: System, worker: str) -> None:
        self._system, self._worker = system, worker
        self.buckets: Sequence[int] = ()

    async def renew(self) -> None:
        """Renews the leases, and takes or gives up buckets."""
        try:
            async with self._system.writing() as connection:
                now = await clock.read(connection)
                running = [
                    report.id
                    for report in await workers.running(connection, now)
                    if report.seen_at > now - _SILENT
                ]
                held = await bucket_leases.renew(
                    connection, self._worker, running, now=now, until=now + LEASE
                )
        except Exception as error:
            database_trouble.log(self._system.database, error, "buckets_not_leased", job="leases")
            self.buckets = self.buckets or BUCKETS
            return
        if len(held) != len(self.buckets):
            _log.info("buckets_leased", buckets=len(held))
        self.buckets = held

    async def run(self, wake: Callable[[Job], Awaitable[None]]) -> None:
        """Renews until the system is stopping; wakes the jobs in buckets when one came."""
        while not self._system.stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._system.stopping.wait(), INTERVAL)
            before = set(self.buckets)
            await self.renew()
            if set(self.buckets) - before:
                for job in IN_BUCKETS:
                    await wake(job)

    async def end(self) -> None:
        """Gives everything back: this worker stops."""
        self.buckets = ()
        with contextlib.suppress(Exception):  # the leases expire by themselves
            async with self._system.writing() as connection:
                await bucket_leases.give_back(connection, self._worker)
