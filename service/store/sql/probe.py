"""Whether the database can be written and read: probes that leave nothing behind."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.store.sql import full_disk
from service.store.sql.database import is_postgresql, is_read_only, reading
from service.store.sql.keys import by_id, new_key
from service.store.sql.outages import is_disk_full, is_locked
from service.store.sql.sqlite_file import BUSY_SECONDS
from service.store.sql.tables import request as table


class Condition(StrEnum):
    """The abilities of a database that answers."""

    WRITABLE = "ok"  # it stores requests
    READ_ONLY = "read-only"  # a replica, or a file without rights
    FULL = "its disk is full"  # it has no room for a row
    LOCKED = "locked by another writer"  # SQLite: another writer holds the file
    UNWRITABLE = "can't be written"  # it refuses for another reason


#: Octets of a row that finds no place among those of before: PostgreSQL must enlarge a file for it.
LARGE = 65_536


async def condition(database: AsyncEngine, now: datetime, seconds: float, *, octets: int = 0) -> Condition:
    """Whether a visitor's request can be stored; if not, why. Raises the error of reading.

    `octets`: size of the row that is written, and taken away again. `seconds`: as in `write`.
    """
    try:
        await write(database, now, seconds, octets=octets)
    except Exception as error:
        await read(database)
        if is_read_only(error):
            return Condition.READ_ONLY
        if is_disk_full(error):
            return Condition.FULL
        return Condition.LOCKED if is_locked(error) else Condition.UNWRITABLE
    return Condition.FULL if full_disk.was_full(database) else Condition.WRITABLE


async def write(database: AsyncEngine, now: datetime, seconds: float, *, octets: int = 0) -> None:
    """Stores a visitor's request and takes it away again in one transaction, unseen by anybody.

    Raises the error that would keep a real one from being stored; on SQLite also when another writer takes
    longer than `seconds`.
    """
    values = {"kind": "probe", "sealed": os.urandom(octets), "received_at": now}
    probe = insert(table).values(**new_key(0), **values).returning(table.c.id)
    async with database.connect() as connection, _waits_at_most(connection, seconds), connection.begin():
        number = (await connection.execute(probe)).scalar_one()
        await connection.execute(delete(table).where(by_id(table, number)))


@asynccontextmanager
async def _waits_at_most(connection: AsyncConnection, seconds: float) -> AsyncIterator[None]:
    """SQLite's wait for its one writer can't be broken off from outside, so it is limited beforehand."""
    if is_postgresql(connection):
        yield
        return
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.execute(f"PRAGMA busy_timeout={round(seconds * 1000)}")
    try:
        yield
    finally:
        if not connection.invalidated:
            await driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


async def clock(database: AsyncEngine) -> datetime | None:
    """The time of PostgreSQL's machine; None for SQLite, which has no other machine."""
    async with reading(database) as connection:
        if not is_postgresql(connection):
            return None
        now: datetime = (await connection.execute(select(func.clock_timestamp()))).scalar_one()
        return now


async def read(database: AsyncEngine) -> None:
    """Reads one row, if there is any. Raises the error that prevents it."""
    async with reading(database) as connection:
        await connection.execute(select(table.c.id).where(table.c.bucket == 0).limit(1))
