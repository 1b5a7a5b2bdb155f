"""Requeues deliveries whose claim has expired because its worker was killed; independent of Redis."""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog

from service.domain.buckets import BUCKETS
from service.redis.job_queue import Job
from service.store.mail import deliveries
from service.store.sql import clock, probe
from service.system import System
from workers.complaint_monitor import ComplaintMonitor

_log = structlog.get_logger("sweep")

#: Seconds to wait for another writer (SQLite).
_PROBE_SECONDS = 10.0

_complaints = ComplaintMonitor()


async def release_stale_claims(system: System, buckets: Sequence[int] = BUCKETS) -> int:
    """Releases expired claims of these buckets; returns how many. Also checks the complaint rate."""
    released = await release_stale(system, buckets)
    if released:
        _log.warning("claims_released", deliveries=released)
        system.notifier.notify(Job.DELIVER)
    await _complaints.check(system)
    return released


async def release_stale(system: System, buckets: Sequence[int] = BUCKETS) -> int:
    """Checks twice, half a lease apart: after a long database outage every lease has expired.

    Running workers renew their leases once the database is back (every third of a lease); releasing at once
    would send their mails twice. A readable database may still refuse writes, and with them renewals: so the
    half lease starts after a successful write.
    """
    async with system.reading() as connection:
        expired = await deliveries.expired_claims(connection, clock.now(system.database), buckets)
    if not expired:
        return 0
    await probe.write(system.database, clock.now(system.database), _PROBE_SECONDS)
    if await _stops_within(system, system.settings.lease_seconds / 2):
        return 0
    async with system.writing() as connection:
        return await deliveries.release_expired(connection, expired, clock.now(system.database))


async def _stops_within(system: System, seconds: float) -> bool:
    """Waits for `seconds` or until the system is stopping; returns whether it is."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(system.stopping.wait(), seconds)
    return system.stopping.is_set()
