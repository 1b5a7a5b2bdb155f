"""The request queue: encrypted rows from forms, processed by a worker in order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.sql.database import is_postgresql
from service.store.sql.tables import request as table

#: The advisory lock (any fixed number) of the worker that processes requests.
_TAKER = 7461236502


class WaitingRequest(NamedTuple):
    """A request that waits for a worker; `sealed` is its encrypted content, `kind` a RequestKind."""

    id: int
    kind: str
    sealed: bytes
    received_at: datetime


async def add(connection: AsyncConnection, kind: str, sealed: bytes, now: datetime) -> None:
    """Inserts one request."""
    await connection.execute(insert(table).values(kind=kind, sealed=sealed, received_at=now))


async def add_all(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts many requests: rows of kind, sealed, received_at."""
    await connection.execute(insert(table), list(rows))


async def take_turn(connection: AsyncConnection) -> None:
    """Waits for the exclusive right to process requests: concurrent processing would lose the order.

    SQLite has one writer anyway.
    """
    if is_postgresql(connection):
        await connection.execute(text("SELECT pg_advisory_xact_lock(:taker)"), {"taker": _TAKER})


async def waiting(connection: AsyncConnection, after: int, limit: int) -> list[WaitingRequest]:
    """Requests with ids above `after`, oldest first."""
    columns = (table.c[name] for name in WaitingRequest._fields)
    statement = select(*columns).where(table.c.id > after).order_by(table.c.id).limit(limit)
    return list(starmap(WaitingRequest, await connection.execute(statement)))


async def remove(connection: AsyncConnection, number: int) -> None:
    """Deletes a request, in the transaction of its effect."""
    await connection.execute(delete(table).where(table.c.id == number))
