"""Stored keys: sealed by the secret keys, which the database does not know."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.sql.insert import insert
from service.store.sql.tables import wrapped_key as table


async def wrapped_key(connection: AsyncConnection, name: str) -> bytes | None:
    """The sealed key `name`, or None."""
    return (await connection.execute(select(table.c.sealed).where(table.c.name == name))).scalar()


async def keep_wrapped_key(connection: AsyncConnection, name: str, sealed: bytes) -> bytes:
    """Stores a sealed key unless another process was first; returns the one that is stored."""
    statement = insert(connection, table).values(name=name, sealed=sealed).on_conflict_do_nothing()
    await connection.execute(statement)
    stored = await wrapped_key(connection, name)
    assert stored is not None
    return stored


async def replace_wrapped_key(connection: AsyncConnection, name: str, sealed: bytes) -> None:
    """Stores another sealing of the same key."""
    await connection.execute(update(table).where(table.c.name == name).values(sealed=sealed))
