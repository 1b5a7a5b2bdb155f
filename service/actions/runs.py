"""Digest runs let go and cancelled: what the command, the operators' API and the dashboard share."""

from datetime import datetime

from service.domain.digests.run import CancelledNews
from service.job_queue import Job
from service.store.admin import audit
from service.store.admin.audit import Operator
from service.store.digests import runs
from service.system import System


async def release(system: System, run_id: int, operator: Operator, now: datetime) -> int:
    """Lets the mails of a held run leave; returns how many. 0 when it was released before. Audited.

    Raises NoSuchRun, and WrongState for a run that was never held.
    """
    async with system.writing() as connection:
        mails = await runs.release(connection, run_id)
        await audit.record(
            connection, operator, "runs.release", now=now, target=f"run:{run_id}", changed=mails
        )
    if mails:
        await system.notifier.notify_now(Job.DELIVER, times=4)
    return mails


async def cancel(system: System, run_id: int, news: CancelledNews, operator: Operator, now: datetime) -> int:
    """Ends a run; returns how many of its mails will not leave. 0 when it was cancelled before. Audited.

    `news`: the next digests tell what these would have told, or none ever does.
    Raises NoSuchRun, and WrongState for a run that is planned still, is over, or was cancelled the other way.
    """
    async with system.writing() as connection:
        mails = await runs.cancel(connection, run_id, news, now)
        await audit.record(
            connection, operator, "runs.cancel", now=now, target=f"run:{run_id}", changed=mails
        )
    return mails
