"""Reading from a replica while it can be used, and from the database otherwise."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.runtime.failure_reasons import reason
from service.runtime.time_limit import within
from service.store.sql.database import is_away, reading

_log = structlog.get_logger("database")

#: Seconds that a replica has to open a transaction: one that hangs must not make the database look away.
_SECONDS = 2.0

#: Seconds for which a replica that could not be used is left alone by this process.
_REST = 30.0

#: The time at which each replica that could not be used is tried again, by `time.monotonic`.
_again_at: WeakKeyDictionary[Engine, float] = WeakKeyDictionary()


@asynccontextmanager
async def reading_first(replica: AsyncEngine, database: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Reads from `replica`, or from `database` when the replica can't be reached or does not answer."""
    opened = None if replica is database else await _opened(replica)
    if opened is None:
        async with reading(database) as connection:
            yield connection
        return
    transaction, connection = opened
    async with transaction:
        yield connection


async def _opened(replica: AsyncEngine) -> tuple[AsyncExitStack, AsyncConnection] | None:
    """A transaction on the replica, and its connection; None while it can't be used, which is logged."""
    engine = replica.sync_engine
    if time.monotonic() < _again_at.get(engine, 0.0):
        return None
    try:
        return await within(_SECONDS, _begin(replica))
    except Exception as error:
        if not is_away(error):
            raise
        _again_at[engine] = time.monotonic() + _REST
        _log.warning("replica_unavailable", reason=reason(error))
        return None


async def _begin(replica: AsyncEngine) -> tuple[AsyncExitStack, AsyncConnection]:
    transaction = AsyncExitStack()
    try:
        connection = await transaction.enter_async_context(reading(replica))
        await connection.execute(text("SELECT 1"))
    except (Exception, asyncio.CancelledError):
        await transaction.aclose()
        raise
    return transaction, connection
