"""Names the lock in the database that keeps a command waiting, for the operator."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.cli.standard_streams import print_to_stderr
from service.store.sql import blockers
from service.store.sql.database import reading


@asynccontextmanager
async def naming_locks(database: AsyncEngine) -> AsyncIterator[None]:
    """Within the block, names each program that blocks a statement of this process for seconds, once, on
    standard error. Behind a pooler, which hides the sessions, it names none.
    """
    if database.dialect.name != "postgresql":
        yield
        return
    sessions: set[int] = set()

    def remember(driver: Any, *_: object) -> None:
        sessions.add(driver.driver_connection.info.backend_pid)

    event.listen(database.sync_engine, "checkout", remember)
    watching = asyncio.create_task(_name_blockers(database, sessions))
    try:
        yield
    finally:
        watching.cancel()
        event.remove(database.sync_engine, "checkout", remember)
        await asyncio.wait([watching])


async def _name_blockers(database: AsyncEngine, sessions: set[int]) -> None:
    named: set[int] = set()
    while True:
        await asyncio.sleep(blockers.REPORT_AFTER)
        with suppress(SQLAlchemyError):  # it is named later, or the command itself meets the error
            async with reading(database) as connection:
                blocker = await blockers.longest(connection, sessions=sessions)
            if blocker is not None and blocker.process not in named:
                named.add(blocker.process)
                print_to_stderr(
                    f"{blockers.lock_keeps_waiting('this command', blocker.words)}."
                    f" Wait for that program (a backup, say), or {blocker.ended_by}."
                )
