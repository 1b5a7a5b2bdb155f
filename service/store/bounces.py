"""Failed mails of a person since the last one that arrived, by which an address ends up suppressed."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import tables as t
from service.store.inserting import insert
from service.store.lists import among

_MOST_KEPT = 10


async def note_failure(connection: AsyncConnection, subscriber_id: int, now: datetime) -> list[datetime]:
    """Counts one mail that failed for good; returns the times of all since the last one that arrived."""
    where = t.bounce_count.c.subscriber_id == subscriber_id
    found = (await connection.execute(select(t.bounce_count.c.failures).where(where))).scalar() or []
    failures = [*found, now.isoformat()][-_MOST_KEPT:]
    statement = insert(connection, t.bounce_count).values(subscriber_id=subscriber_id, failures=failures)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["subscriber_id"], set_={"failures": failures})
    )
    return [datetime.fromisoformat(one) for one in failures]


async def forget(connection: AsyncConnection, subscriber_ids: Collection[int]) -> None:
    """A mail arrived: what failed before it no longer counts."""
    where = among(connection, t.bounce_count.c.subscriber_id, subscriber_ids)
    await connection.execute(delete(t.bounce_count).where(where))
