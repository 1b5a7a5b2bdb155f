"""`trial-alerts runs`: lists, releases and cancels digest runs."""

from datetime import UTC, datetime

from service.actions import runs as actions
from service.cli.context import CommandFailed
from service.cli.operator import this_operator
from service.domain.digests.run import CancelledNews
from service.store.digests import runs
from service.store.digests.runs import NoSuchRun, Run, WrongState
from service.system import System


async def newest(system: System, *, state: str | None = None, limit: int = 20) -> list[Run]:
    """The newest runs (all, or those in one state), with the states of their mails."""
    async with system.reading() as connection:
        return await runs.page(connection, state=state, limit=limit)


async def release(system: System, run_id: int) -> int:
    """Releases the mails of a held run; returns how many. Raises CommandFailed."""
    try:
        return await actions.release(system, run_id, this_operator(), datetime.now(UTC))
    except (NoSuchRun, WrongState) as problem:
        raise CommandFailed(str(problem)) from None


async def cancel(system: System, run_id: int, news: CancelledNews) -> int:
    """Cancels a run, its changes to be sent later or never; returns the number of cancelled mails.

    Raises CommandFailed.
    """
    try:
        return await actions.cancel(system, run_id, news, this_operator(), datetime.now(UTC))
    except (NoSuchRun, WrongState) as problem:
        raise CommandFailed(str(problem)) from None
