"""Subscribers: looked up by blind index, locked before changes."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.people import cursors
from service.store.sql import tables as t
from service.store.sql.bulk import insert


async def _one(connection: AsyncConnection, condition: Any, *, lock: bool = False) -> Row[Any] | None:
    statement = select(t.subscriber).where(condition)
    if lock:
        statement = statement.with_for_update()
    return (await connection.execute(statement)).first()


async def find(connection: AsyncConnection, email_index: bytes) -> Row[Any] | None:
    """The subscriber of an address, by its index."""
    return await _one(connection, t.subscriber.c.email_index == email_index)


async def find_public(connection: AsyncConnection, public_id: bytes) -> Row[Any] | None:
    """The subscriber of an unsubscribe link."""
    return await _one(connection, t.subscriber.c.public_id == public_id)


async def get(connection: AsyncConnection, subscriber_id: int) -> Row[Any] | None:
    """The subscriber, or None when erased."""
    return await _one(connection, t.subscriber.c.id == subscriber_id)


async def lock(connection: AsyncConnection, subscriber_id: int) -> Row[Any] | None:
    """Locks the subscriber's row until the end of the transaction, so that changes are serialized."""
    return await _one(connection, t.subscriber.c.id == subscriber_id, lock=True)


async def create(
    connection: AsyncConnection,
    *,
    public_id: bytes,
    email_index: bytes,
    sealed: bytes,
    key_id: int,
    locale: str,
    timezone: str,
    now: datetime,
) -> int:
    """Creates a subscriber; returns the id, or that of the existing one with the address."""
    statement = (
        insert(connection, t.subscriber)
        .values(
            public_id=public_id,
            email_index=email_index,
            sealed=sealed,
            key_id=key_id,
            locale=locale,
            timezone=timezone,
            hour=8,
            weekday=0,
            discreet=True,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["email_index"])
        .returning(t.subscriber.c.id)
    )
    created = (await connection.execute(statement)).scalar()
    if created is not None:
        return int(created)
    known = await find(connection, email_index)
    assert known is not None
    return int(known.id)


async def change(connection: AsyncConnection, subscriber_id: int, **values: Any) -> None:
    """Sets columns of the subscriber's row. For hour, weekday and timezone use `subscriptions.schedule`.

    Where this ends (or begins) what keeps digests back, the person is left behind: the next planning finds
    what was kept back meanwhile.
    """
    if "paused_until" in values:
        await cursors.mark_behind(connection, subscriber_id)
    elif "terms_version" in values:
        await cursors.leave_behind_if_barred(connection, subscriber_id, datetime.now(UTC))
    await connection.execute(update(t.subscriber).where(t.subscriber.c.id == subscriber_id).values(**values))
