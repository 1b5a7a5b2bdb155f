"""Releases and cancels digest runs, for the command, the operators' API and the dashboard."""

from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError

from service.domain.digests.run import CancelledNews
from service.redis.job_queue import Job
from service.store import audit
from service.store.audit import Operator
from service.store.digests import runs
from service.store.sql.outages import is_deadlock
from service.system import System

_log = structlog.get_logger("operators")


async def release(system: System, operator: Operator, run_id: int, now: datetime) -> int:
    """Queues the mails of a held run; returns how many, 0 if it was released before. Audited.

    Raises NoSuchRun, and WrongState for a run that was never held.
    """
    async with system.writing() as connection:
        mails = await runs.release(connection, run_id)
        await audit.record(
            connection, operator, "runs.release", now=now, target=f"run:{run_id}", changed=mails
        )
    if mails:
        await system.notifier.notify_now(Job.DELIVER, times=4)
    _log.info("run_released", run=run_id, deliveries=mails)
    return mails


async def cancel(system: System, operator: Operator, run_id: int, news: CancelledNews, now: datetime) -> int:
    """Cancels a run; returns how many mails were cancelled, 0 if the run had been cancelled before. Audited.

    `news`: whether the next digests include the run's changes, or none ever does.
    Raises NoSuchRun, and WrongState for a run that is being planned, is over, or was cancelled the other way.
    """
    try:
        async with system.writing() as connection:
            mails = await runs.cancel(connection, run_id, news, now)
            await audit.record(
                connection, operator, "runs.cancel", now=now, target=f"run:{run_id}", changed=mails
            )
    except DBAPIError as error:
        if not is_deadlock(error):
            raise
        # Its readers were locked in another order: a worker processes their requests as they came.
        return await cancel(system, operator, run_id, news, now)
    _log.info("run_cancelled", run=run_id, news=str(news), deliveries=mails)
    return mails
