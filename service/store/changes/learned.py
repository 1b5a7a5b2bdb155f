"""New knowledge of the hierarchy of conditions that waits to be applied.

It is applied in small transactions: first the closure, then the announcements of trials.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import change_log
from service.store.sql import tables as t
from service.store.sql.bulk import bulk_insert, in_values, insert
from service.store.sql.database import prefer_index_scans
from service.store.sql.rows import columns_of, fetch_all

_c, _trial = t.learned_condition.c, t.learned_trial.c


class Learned(NamedTuple):
    """A condition whose place is to be applied to the closure; it is, for those up to `done_up_to`.

    `is_announced`: trials are then announced again to its followers and to those of all above it.
    """

    key: str
    is_announced: bool
    done_up_to: str


async def add(connection: AsyncConnection, conditions: Mapping[str, bool]) -> None:
    """Adds conditions that the closure lacks, each with whether trials are then announced again."""
    statement = insert(connection, t.learned_condition)
    rows = [
        {"key": key, "is_announced": announced, "is_closed": False, "done_up_to": ""}
        for key, announced in sorted(conditions.items())
    ]
    given = statement.excluded
    again = {
        "is_announced": or_(_c.is_announced, given.is_announced),
        "is_closed": given.is_closed,
        "done_up_to": given.done_up_to,
    }
    await bulk_insert(connection, statement.on_conflict_do_update(index_elements=["key"], set_=again), rows)


async def is_pending(connection: AsyncConnection) -> bool:
    """Whether anything is left to apply."""
    return bool((await connection.execute(select(exists().where(_c.key.is_not(None))))).scalar())


async def is_closing(connection: AsyncConnection) -> bool:
    """Whether the closure is incomplete."""
    return bool((await connection.execute(select(exists().where(_c.is_closed.is_(False))))).scalar())


async def to_close(connection: AsyncConnection) -> list[Learned]:
    """The conditions that the closure lacks."""
    wanted = select(*columns_of(Learned, t.learned_condition)).where(_c.is_closed.is_(False))
    return await fetch_all(connection, Learned, wanted)


async def advance(connection: AsyncConnection, up_to: str) -> None:
    """Records up to which condition the closure has been brought up to date."""
    await connection.execute(
        update(t.learned_condition).where(_c.is_closed.is_(False)).values(done_up_to=up_to)
    )


async def close(connection: AsyncConnection, announced: Collection[str]) -> None:
    """Records that the closure is up to date, and for whose followers trials are then announced again."""
    await connection.execute(delete(t.learned_condition).where(_c.is_closed.is_(False)))
    statement = insert(connection, t.learned_condition).on_conflict_do_nothing()
    rows = [
        {"key": key, "is_announced": True, "is_closed": True, "done_up_to": ""} for key in sorted(announced)
    ]
    await bulk_insert(connection, statement, rows)


async def queue_announced_trials(connection: AsyncConnection, topic_ids: Collection[int]) -> None:
    """Queues the trials of which a kept revision was announced to the topics' followers."""
    await _queue(connection, await change_log.announced_trials(connection, topic_ids))


async def queue_known_trials(connection: AsyncConnection, topic_ids: Collection[int]) -> None:
    """Queues those of which a kept revision was announced as new, though older ones were known."""
    await _queue(connection, change_log.known_and_announced_as_new(connection, topic_ids))


async def _queue(connection: AsyncConnection, nct_ids: Select[Any]) -> None:
    await prefer_index_scans(connection)
    statement = insert(connection, t.learned_trial).from_select(["nct_id"], nct_ids)
    await connection.execute(statement.on_conflict_do_nothing())


async def next_trials(connection: AsyncConnection, limit: int) -> list[str]:
    """Queued trials, in the order of their numbers."""
    found = await connection.execute(select(_trial.nct_id).order_by(_trial.nct_id).limit(limit))
    return list(found.scalars())


async def finish_trials(connection: AsyncConnection, nct_ids: Collection[str]) -> None:
    """Removes trials from the queue."""
    await connection.execute(delete(t.learned_trial).where(in_values(connection, _trial.nct_id, nct_ids)))


async def announced_among(connection: AsyncConnection, keys: Collection[str]) -> set[str]:
    """The conditions for whose followers trials are announced again."""
    wanted = select(_c.key).where(_c.is_announced, in_values(connection, _c.key, keys))
    return set((await connection.execute(wanted)).scalars())


async def finish(connection: AsyncConnection) -> None:
    """Removes the conditions whose trials have all been announced again."""
    await connection.execute(delete(t.learned_condition).where(_c.is_closed))
