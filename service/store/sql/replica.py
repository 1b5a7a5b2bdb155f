"""Reading from a replica while it can be used and keeps up, and from the database otherwise."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.runtime.failure_reasons import reason
from service.runtime.time_limit import within
from service.store.sql.database import is_away, reading
from service.store.sql.tables import liveness

_log = structlog.get_logger("database")

#: Seconds that a replica has to open a transaction: one that hangs must not make the database look away.
_SECONDS = 2.0

#: Seconds for which a replica that could not be used is left alone by this process.
_REST = 30.0

#: The greatest delay of a replica; workers report every ten seconds.
TOLERATED, _MINUTE = timedelta(minutes=10), timedelta(minutes=1)

#: The time at which each replica that could not be used is tried again, by `time.monotonic`.
_again_at: WeakKeyDictionary[Engine, float] = WeakKeyDictionary()


class ReplicaBehind(Exception):
    """A replica does not keep up with the database; the text says by how much."""


@asynccontextmanager
async def reading_first(replica: AsyncEngine, database: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Reads from `replica`; from `database` when the replica can't be reached, does not answer or keep up."""
    opened = None if replica is database else await _opened(replica, database)
    if opened is None:
        async with reading(database) as connection:
            yield connection
        return
    transaction, connection = opened
    async with transaction:
        yield connection


async def check_lag(replica: AsyncConnection, database: AsyncEngine) -> bool:
    """Whether the replica's delay is known: not while the database itself is away.

    Raises ReplicaBehind if a report of a worker that is TOLERATED old has not reached the replica.
    """
    try:
        async with reading(database) as connection:
            newest = (await connection.execute(select(liveness.c.at))).scalar()
    except Exception as error:
        if not is_away(error):
            raise
        return False
    known = (await replica.execute(select(liveness.c.at))).scalar()
    if newest is not None and known is None:
        raise ReplicaBehind("it is behind by all that workers did")
    if newest is not None and newest - known > TOLERATED:
        raise ReplicaBehind(f"it is behind by {(newest - known) // _MINUTE} minutes")
    return True


async def _opened(
    replica: AsyncEngine, database: AsyncEngine
) -> tuple[AsyncExitStack, AsyncConnection] | None:
    """A transaction on the replica, and its connection; None while it can't be used, which is logged."""
    engine = replica.sync_engine
    if time.monotonic() < _again_at.get(engine, 0.0):
        return None
    try:
        return await within(_SECONDS, _begin(replica, database))
    except Exception as error:
        behind = isinstance(error, ReplicaBehind)
        if not behind and not is_away(error):
            raise
        _again_at[engine] = time.monotonic() + _REST
        _log.warning("replica_unavailable", reason=str(error) if behind else reason(error))
        return None


async def _begin(replica: AsyncEngine, database: AsyncEngine) -> tuple[AsyncExitStack, AsyncConnection]:
    transaction = AsyncExitStack()
    try:
        connection = await transaction.enter_async_context(reading(replica))
        await check_lag(connection, database)
    except (Exception, asyncio.CancelledError):
        await transaction.aclose()
        raise
    return transaction, connection
