"""The database's clock, which workers and the web service use instead of their machines' clocks.

PostgreSQL's time is read with each renewal of leases, and by the web service now and then; in between it is
this machine's time, less how far that was ahead. SQLite is on this machine.
"""

from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.store.sql.database import is_postgresql, reading

#: A larger difference is shown to operators.
TOLERATED = timedelta(seconds=30)

_NONE = timedelta()

_ahead: WeakKeyDictionary[Engine, timedelta] = WeakKeyDictionary()


async def read(connection: AsyncConnection) -> datetime:
    """The database's time (UTC), from which `now` goes on."""
    if not is_postgresql(connection):
        return datetime.now(UTC)
    before = datetime.now(UTC)
    at = await _asked(connection)
    engine = connection.sync_connection.engine if connection.sync_connection is not None else None
    if engine is not None:
        # It was read between the two moments: the difference changes only if it must.
        known = _ahead.get(engine, _NONE)
        _ahead[engine] = min(max(known, before - at), datetime.now(UTC) - at)
    return at


async def _asked(connection: AsyncConnection) -> datetime:
    at: datetime = (await connection.execute(select(func.clock_timestamp()))).scalar_one()
    return at


async def compare(database: AsyncEngine) -> None:
    """Reads the database's time, so that `now` is right from here on even if this machine's clock was set."""
    if database.dialect.name == "postgresql":
        async with reading(database) as connection:
            await read(connection)


def now(database: AsyncEngine) -> datetime:
    """The database's time (UTC), as this process last read it and by this machine's clock since."""
    return by_database(database, datetime.now(UTC))


def now_of(connection: AsyncConnection) -> datetime:
    """As `now`, of the database of a connection, without asking it."""
    if connection.sync_connection is None:
        return datetime.now(UTC)
    return datetime.now(UTC) - _ahead.get(connection.sync_connection.engine, _NONE)


def by_database(database: AsyncEngine, at: datetime) -> datetime:
    """A moment of this machine's clock, by the database's."""
    return at - ahead(database)


def ahead(database: AsyncEngine) -> timedelta:
    """The lead of this machine's clock over the database's when that was last read."""
    return _ahead.get(database.sync_engine, _NONE)


def difference(seconds: float) -> str:
    """A clock's lead over the database's, in words; "" if it is close enough."""
    if abs(seconds) <= TOLERATED.total_seconds():
        return ""
    return f"{abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} that of the database"
