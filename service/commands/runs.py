"""`trial-alerts runs`: digest runs listed, held ones released, runs cancelled."""

from datetime import UTC, datetime

from service.commands import CommandFailed
from service.jobs import Job
from service.store import runs
from service.store.database import reading, writing
from service.store.runs import NoSuchRun, Run, WrongState
from service.system import System


async def newest(system: System, *, state: str | None = None, limit: int = 20) -> list[Run]:
    """The newest runs (all, or those in one state), with what became of their mails."""
    async with reading(system.database) as connection:
        return await runs.page(connection, state=state, limit=limit)


async def release(system: System, run_id: int) -> int:
    """Lets the mails of a held run leave; returns how many. Raises CommandFailed."""
    try:
        async with writing(system.database) as connection:
            mails = await runs.release(connection, run_id)
    except (NoSuchRun, WrongState) as problem:
        raise CommandFailed(_words(problem, run_id)) from None
    if mails:
        await system.bell.ring_now(Job.DELIVER, times=4)
    return mails


async def cancel(system: System, run_id: int) -> int:
    """Ends a run; returns how many mails will not leave. Raises CommandFailed."""
    try:
        async with writing(system.database) as connection:
            return await runs.cancel(connection, run_id, datetime.now(UTC))
    except (NoSuchRun, WrongState) as problem:
        raise CommandFailed(_words(problem, run_id)) from None


def _words(problem: NoSuchRun | WrongState, run_id: int) -> str:
    return str(problem) if isinstance(problem, WrongState) else f"There is no run {run_id}."
