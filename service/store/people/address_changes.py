"""Address changes: requested, confirmed from the new address, done."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.sql import tables as t

_a = t.address_change


async def create(connection: AsyncConnection, subscriber_id: int, sealed: bytes, now: datetime) -> int:
    """Creates an address change, replacing unconfirmed ones; returns its id."""
    await connection.execute(delete(_a).where(_a.c.subscriber_id == subscriber_id, _a.c.done_at.is_(None)))
    statement = insert(_a).values(subscriber_id=subscriber_id, sealed=sealed, created_at=now)
    return int((await connection.execute(statement.returning(_a.c.id))).scalar_one())


async def get(connection: AsyncConnection, change_id: int) -> Row[Any] | None:
    """The address change, or None if it was replaced, withdrawn or erased."""
    return (await connection.execute(select(_a).where(_a.c.id == change_id))).first()


async def pending(connection: AsyncConnection, subscriber_id: int) -> Row[Any] | None:
    """The subscriber's unconfirmed address change, or None."""
    where = (_a.c.subscriber_id == subscriber_id) & _a.c.done_at.is_(None)
    return (await connection.execute(select(_a).where(where))).first()


async def done_since(connection: AsyncConnection, subscriber_id: int, moment: datetime) -> bool:
    """Whether the address has been changed since."""
    found = select(_a.c.id).where((_a.c.subscriber_id == subscriber_id) & (_a.c.done_at >= moment)).limit(1)
    return (await connection.execute(found)).first() is not None


async def withdraw(connection: AsyncConnection, change_id: int) -> None:
    """Deletes an unconfirmed address change."""
    await connection.execute(delete(_a).where(_a.c.id == change_id, _a.c.done_at.is_(None)))


async def apply(
    connection: AsyncConnection,
    change: Row[Any],
    *,
    email_index: bytes,
    sealed: bytes,
    key_id: int,
    now: datetime,
) -> bool:
    """Sets the subscriber's new address; False if another subscriber has it.

    The caller holds the person's lock.
    """
    try:
        async with connection.begin_nested():
            await connection.execute(
                update(t.subscriber)
                .where(t.subscriber.c.id == change.subscriber_id)
                .values(email_index=email_index, sealed=sealed, key_id=key_id, address_changed_at=now)
            )
    except IntegrityError:
        return False
    await connection.execute(update(_a).where(_a.c.id == change.id).values(done_at=now))
    return True
