"""Revoked operator sessions, so that a copied cookie is useless after sign-out."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.sql.tables import ended_session as table


async def add(connection: AsyncConnection, session_id: bytes, *, ends_at: datetime, now: datetime) -> None:
    """Revokes a session and deletes revocations of expired sessions. Idempotent."""
    await connection.execute(delete(table).where(table.c.ends_at < now))
    try:
        async with connection.begin_nested():
            await connection.execute(insert(table).values(id=session_id, ends_at=ends_at))
    except IntegrityError:
        pass  # ended from two pages at once


async def includes(connection: AsyncConnection, session_id: bytes) -> bool:
    """Whether a session has been revoked."""
    found = await connection.execute(select(table.c.id).where(table.c.id == session_id))
    return found.first() is not None
