"""Failed mails of a person since the last one that arrived, by which an address ends up suppressed."""

import contextlib
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.sql import tables as t
from service.store.sql.bulk import in_values
from service.store.sql.insert import insert

_MOST_KEPT = 10


async def note_failure(connection: AsyncConnection, subscriber_id: int, now: datetime) -> list[datetime]:
    """Counts one mail that failed for good; returns the times of all since the last one that arrived.

    What was kept and can't be read is forgotten: the outcome of a mail must not fail for it.
    """
    where = t.bounce_count.c.subscriber_id == subscriber_id
    found = (await connection.execute(select(t.bounce_count.c.failures).where(where))).scalar()
    times = [*_readable(found), now][-_MOST_KEPT:]
    failures = [one.isoformat() for one in times]
    statement = insert(connection, t.bounce_count).values(subscriber_id=subscriber_id, failures=failures)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["subscriber_id"], set_={"failures": failures})
    )
    return times


def _readable(kept: Any) -> Iterator[datetime]:
    for one in kept if isinstance(kept, list) else ():
        with contextlib.suppress(TypeError, ValueError):
            moment = datetime.fromisoformat(one)
            yield moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def forget(connection: AsyncConnection, subscriber_ids: Collection[int]) -> None:
    """A mail arrived: what failed before it no longer counts."""
    where = in_values(connection, t.bounce_count.c.subscriber_id, subscriber_ids)
    await connection.execute(delete(t.bounce_count).where(where))
