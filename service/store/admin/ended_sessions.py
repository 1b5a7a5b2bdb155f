"""Operators' sessions that were ended before their time: a cookie that was copied opens nothing after it."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.sql.tables import ended_session as table


async def add(connection: AsyncConnection, session_id: bytes, *, ends_at: datetime, now: datetime) -> None:
    """Ends a session for good; forgets those whose time would be over by now. Twice is as once."""
    await connection.execute(delete(table).where(table.c.ends_at < now))
    try:
        async with connection.begin_nested():
            await connection.execute(insert(table).values(id=session_id, ends_at=ends_at))
    except IntegrityError:
        pass  # ended from two pages at once


async def includes(connection: AsyncConnection, session_id: bytes) -> bool:
    """Whether a session was ended."""
    found = await connection.execute(select(table.c.id).where(table.c.id == session_id))
    return found.first() is not None
