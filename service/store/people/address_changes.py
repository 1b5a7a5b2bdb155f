"""Address changes: requested, confirmed from the new address, done."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import bucket_of
from service.store.people.rows import AddressChange
from service.store.sql import tables as t
from service.store.sql.bulk import insert
from service.store.sql.keys import by_id, new_key_of, of_subscriber
from service.store.sql.rows import columns_of, fetch_first

_a = t.address_change
_COLUMNS = columns_of(AddressChange, _a)


async def create(connection: AsyncConnection, subscriber_id: int, sealed: bytes, now: datetime) -> int:
    """Creates an address change, replacing unconfirmed ones; returns its id."""
    await connection.execute(delete(_a).where(of_subscriber(_a, subscriber_id), _a.c.done_at.is_(None)))
    statement = insert(connection, _a).values(**new_key_of(subscriber_id), sealed=sealed, created_at=now)
    return int((await connection.execute(statement.returning(_a.c.id))).scalar_one())


async def renew(connection: AsyncConnection, change_id: int, now: datetime) -> None:
    """Counts the age of an unconfirmed address change, which was requested again, from `now`."""
    await connection.execute(update(_a).where(by_id(_a, change_id)).values(created_at=now))


async def get(connection: AsyncConnection, change_id: int) -> AddressChange | None:
    """The address change, or None if it was replaced, withdrawn or erased."""
    statement = select(*_COLUMNS).where(by_id(_a, change_id))
    return await fetch_first(connection, AddressChange, statement)


async def pending(connection: AsyncConnection, subscriber_id: int) -> AddressChange | None:
    """The subscriber's unconfirmed address change, or None."""
    where = of_subscriber(_a, subscriber_id) & _a.c.done_at.is_(None)
    return await fetch_first(connection, AddressChange, select(*_COLUMNS).where(where))


async def done_since(connection: AsyncConnection, subscriber_id: int, moment: datetime) -> bool:
    """Whether the address has been changed since."""
    found = select(_a.c.id).where(of_subscriber(_a, subscriber_id) & (_a.c.done_at >= moment)).limit(1)
    return (await connection.execute(found)).first() is not None


async def withdraw(connection: AsyncConnection, change_id: int) -> None:
    """Deletes an unconfirmed address change."""
    await connection.execute(delete(_a).where(by_id(_a, change_id), _a.c.done_at.is_(None)))


async def apply(
    connection: AsyncConnection,
    change: AddressChange,
    *,
    email_index: bytes,
    sealed: bytes,
    key_id: int,
    now: datetime,
) -> bool:
    """Sets the subscriber's new address; False if another subscriber has it.

    The caller holds the person's lock.
    """
    me = by_id(t.subscriber, change.subscriber_id)
    former = (await connection.execute(select(t.subscriber.c.email_index).where(me))).scalar_one()
    if former != email_index:
        wanted = insert(connection, t.address).values(
            email_index=email_index,
            bucket=bucket_of(change.subscriber_id),
            subscriber_id=change.subscriber_id,
        )
        free = wanted.on_conflict_do_nothing().returning(t.address.c.subscriber_id)
        if (await connection.execute(free)).first() is None:
            return False
        await connection.execute(delete(t.address).where(t.address.c.email_index == former))
    values = {"email_index": email_index, "sealed": sealed, "key_id": key_id, "address_changed_at": now}
    await connection.execute(update(t.subscriber).where(me).values(**values))
    await connection.execute(update(_a).where(by_id(_a, change.id)).values(done_at=now))
    return True
