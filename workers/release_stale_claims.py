"""Sweep: what a killed worker left behind is queued again, whatever Redis has forgotten."""

import asyncio
import contextlib
from datetime import UTC, datetime

import structlog

from service.actions.complaint_rate import ComplaintMonitor
from service.job_queue import Job
from service.store.mail import deliveries
from service.store.sql import probe
from service.store.sql.database import reading, writing
from service.system import System

_log = structlog.get_logger("sweep")

#: Seconds that a look waits for another writer (SQLite) before it gives up.
_PROBE_SECONDS = 10.0

_complaints = ComplaintMonitor()


async def release_stale_claims(system: System) -> int:
    """Releases claims whose lease is over; returns how many. Warns when too many complain."""
    released = await release_stale(system)
    if released:
        _log.warning("claims_released", deliveries=released)
        system.notifier.notify(Job.DELIVER)
    await _complaints.look(system)
    return released


async def release_stale(system: System) -> int:
    """Looks twice, half a lease apart: every lease is over when the database was away for long.

    Workers that live renew theirs at once when it is back (every third of a lease); what they hold would
    otherwise be sent by two. A database that can be read may refuse writes, and so renewals: the half lease
    begins when one has passed.
    """
    async with reading(system.database) as connection:
        lapsed = await deliveries.expired_claims(connection, datetime.now(UTC))
    if not lapsed:
        return 0
    await probe.write(system.database, datetime.now(UTC), _PROBE_SECONDS)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(system.stopping.wait(), system.settings.lease_seconds / 2)
        return 0
    async with writing(system.database) as connection:
        return await deliveries.release_expired(connection, lapsed, datetime.now(UTC))
