"""Sweep: what a killed worker left behind is queued again, whatever Redis has forgotten."""

from datetime import UTC, datetime

import structlog

from service.complaints import Watch
from service.jobs import Job
from service.store import deliveries
from service.store.database import writing
from service.system import System

_log = structlog.get_logger("sweep")

_complaints = Watch()


async def sweep(system: System) -> int:
    """Releases claims whose lease is over; returns how many. Warns when too many complain."""
    async with writing(system.database) as connection:
        released = await deliveries.release_lost(connection, datetime.now(UTC))
    if released:
        _log.warning("claims_released", deliveries=released)
        system.bell.ring(Job.DELIVER)
    await _complaints.look(system)
    return released
