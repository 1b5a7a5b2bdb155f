"""The canaries: synthetic subscribers, one for each frequency, and when their mail last came back."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.sql import tables as t
from service.store.sql.bulk import insert

_c = t.canary


class Canary(NamedTuple):
    """One canary; times in UTC."""

    frequency: str
    subscriber_id: int
    created_at: datetime
    emitted_at: datetime | None
    returned_at: datetime | None


async def subscriber_ids(connection: AsyncConnection) -> Sequence[int]:
    """The numbers of the synthetic subscribers: figures of people leave them out."""
    return (await connection.execute(select(_c.c.subscriber_id))).scalars().all()


async def all_of_them(connection: AsyncConnection) -> Sequence[Canary]:
    """All canaries, by frequency."""
    found = select(*(_c.c[name] for name in Canary._fields)).order_by(_c.c.frequency)
    return [Canary(*row) for row in await connection.execute(found)]


async def add(connection: AsyncConnection, frequency: str, subscriber_id: int, now: datetime) -> None:
    """Adds a canary, or gives it another subscriber."""
    fresh = insert(connection, _c).values(frequency=frequency, subscriber_id=subscriber_id, created_at=now)
    moved = {"subscriber_id": subscriber_id, "created_at": now, "returned_at": None}
    await connection.execute(fresh.on_conflict_do_update(index_elements=["frequency"], set_=moved))


async def emitted(connection: AsyncConnection, now: datetime, before: datetime) -> bool:
    """Records that the synthetic trial changes now; False if another worker did so after `before`."""
    due = _c.c.emitted_at.is_(None) | (_c.c.emitted_at < before)
    changed = update(_c).where(due).values(emitted_at=now).returning(_c.c.frequency)
    return (await connection.execute(changed)).first() is not None


async def returned(connection: AsyncConnection, subscriber_id: int, now: datetime) -> bool:
    """Records that a mail to this subscriber came back; False if that is no canary."""
    back = update(_c).where(_c.c.subscriber_id == subscriber_id).values(returned_at=now)
    return (await connection.execute(back.returning(_c.c.frequency))).first() is not None


async def hide_topic(connection: AsyncConnection, topic_id: int) -> None:
    """Keeps the synthetic trial out of the visitors' search and sign-up."""
    await connection.execute(update(t.topic).where(t.topic.c.id == topic_id).values(followable=False))
