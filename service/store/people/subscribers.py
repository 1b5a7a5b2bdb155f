"""Subscribers: looked up by the blind index of their address, locked before changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import bucket_of_index, bucket_of_random
from service.domain.digests.schedule import USUAL_HOUR
from service.store.people import cursors
from service.store.people.rows import Subscriber
from service.store.sql import clock
from service.store.sql import tables as t
from service.store.sql.bulk import insert
from service.store.sql.ids import next_id
from service.store.sql.keys import by_id
from service.store.sql.rows import columns_of, fetch_first


async def _load(
    connection: AsyncConnection, condition: ColumnElement[bool], *, lock: bool = False
) -> Subscriber | None:
    statement = select(*columns_of(Subscriber, t.subscriber)).where(condition)
    # Not against a foreign key's check: planning makes some, and holds what this transaction may wait for.
    locked = statement.with_for_update(key_share=True)
    return await fetch_first(connection, Subscriber, locked if lock else statement)


async def find(connection: AsyncConnection, email_index: bytes) -> Subscriber | None:
    """The subscriber of an address, by its index."""
    subscriber_id = await id_of(connection, email_index)
    return None if subscriber_id is None else await get(connection, subscriber_id)


async def id_of(connection: AsyncConnection, email_index: bytes) -> int | None:
    """The number of the subscriber of an address: the one look-up that knows no bucket."""
    found = select(t.address.c.subscriber_id).where(t.address.c.email_index == email_index)
    return (await connection.execute(found)).scalar()


async def any_between(connection: AsyncConnection, first: bytes, last: bytes) -> bool:
    """Whether a subscriber's address has an index from `first` to `last`."""
    found = select(t.address.c.bucket).where(t.address.c.email_index.between(first, last))
    return (await connection.execute(found.limit(1))).first() is not None


async def find_public(connection: AsyncConnection, public_id: bytes) -> Subscriber | None:
    """The subscriber of an unsubscribe link."""
    bucket = bucket_of_random(public_id)
    of_link = (t.subscriber.c.bucket == bucket) & (t.subscriber.c.public_id == public_id)
    return await _load(connection, of_link)


async def get(connection: AsyncConnection, subscriber_id: int) -> Subscriber | None:
    """The subscriber, or None when erased."""
    return await _load(connection, by_id(t.subscriber, subscriber_id))


async def lock(connection: AsyncConnection, subscriber_id: int) -> Subscriber | None:
    """Locks the subscriber's row until the end of the transaction, so that changes are serialized."""
    return await _load(connection, by_id(t.subscriber, subscriber_id), lock=True)


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
    """Creates a subscriber; returns the id, or that of the existing one with the address.

    `public_id` carries the bucket of `email_index` (`new_subscriber_columns`).
    """
    bucket = bucket_of_index(email_index)
    claimed = insert(connection, t.address).values(
        email_index=email_index, bucket=bucket, subscriber_id=next_id(bucket)
    )
    number = (
        await connection.execute(claimed.on_conflict_do_nothing().returning(t.address.c.subscriber_id))
    ).scalar()
    if number is None:
        known = await id_of(connection, email_index)
        assert known is not None
        return known
    await connection.execute(
        insert(connection, t.subscriber).values(
            bucket=bucket,
            id=number,
            public_id=public_id,
            email_index=email_index,
            sealed=sealed,
            key_id=key_id,
            locale=locale,
            timezone=timezone,
            hour=USUAL_HOUR,
            weekday=0,
            discreet=True,
            created_at=now,
        )
    )
    return int(number)


async def change(connection: AsyncConnection, subscriber_id: int, **values: Any) -> None:
    """Sets columns of the subscriber's row. For hour, weekday and timezone use `subscriptions.schedule`.

    A change of eligibility (a pause, an agreement) flags the person as behind: the next planning finds what
    was withheld meanwhile.
    """
    if "paused_until" in values:
        await cursors.mark_behind(connection, subscriber_id)
    elif "terms_version" in values:
        await cursors.mark_behind_if_ineligible(connection, subscriber_id, clock.now_of(connection))
    await connection.execute(update(t.subscriber).where(by_id(t.subscriber, subscriber_id)).values(**values))
