"""Migrates the schema on an operator's request."""

import asyncio
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store import audit
from service.store.audit import Operator
from service.store.sql import blockers, schema
from service.store.sql.blockers import Blocker, lock_keeps_waiting
from service.store.sql.database import reading
from service.store.sql.outages import is_locked
from service.store.sql.schema_revision import newest_revision

#: Attempts to get past another program's lock, each `schema.LOCK_SECONDS` long, and the seconds between them.
#: While a migration waits for a table, all others who need it wait behind the migration, visitors too.
_TRIES, _PAUSE = 8, 1.0

#: Seconds after which the holder of the lock is looked up.
_LOOK_AFTER = 1.0


class LockedTables(Exception):
    """Another program's lock kept the migration from its tables. The message is one sentence or two."""

    def __init__(self, blocker: Blocker | None) -> None:
        waiting = lock_keeps_waiting("the migration", blocker.words if blocker else "")
        end = f", or {blocker.ended_by}" if blocker else ""
        super().__init__(
            f"{waiting}; nothing was changed."
            f" Wait for that program (a backup, say){end}, then run this again."
        )


async def migrate_schema(database: AsyncEngine, operator: Operator, now: datetime) -> None:
    """Brings the schema up to date in one transaction; audited, unless it was up to date.

    Raises UnusableDatabase, and LockedTables after half a minute.
    """
    is_postgresql = database.dialect.name == "postgresql"
    blocker: Blocker | None = None
    for number in range(_TRIES):
        if number:
            await asyncio.sleep(_PAUSE)
        attempt = asyncio.create_task(_migrate(database, operator, now))
        done, _ = await asyncio.wait([attempt], timeout=_LOOK_AFTER)
        if not done and is_postgresql:
            blocker = await _blocker(database) or blocker
        try:
            return await attempt
        except DBAPIError as error:
            if not (is_postgresql and is_locked(error)):
                raise
    raise LockedTables(blocker)


async def _blocker(database: AsyncEngine) -> Blocker | None:
    """The program that holds the lock; None if it can't be determined."""
    with suppress(DBAPIError):
        async with reading(database) as connection:
            return await blockers.longest(connection, seconds=_LOOK_AFTER / 2)
    return None


async def _migrate(database: AsyncEngine, operator: Operator, now: datetime) -> None:
    async with database.begin() as connection:
        if await schema.upgrade(connection):
            target = f"revision:{newest_revision()}"
            await audit.record(connection, operator, "schema.migrate", now=now, target=target)
