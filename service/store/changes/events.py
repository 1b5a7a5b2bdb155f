"""Received events (transactional inbox): their bodies and processing states."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.events.cloudevents import TRIAL_MERGED
from service.domain.trials.lifecycle import DISCARDED, EventState
from service.store.sql import tables as t
from service.store.sql.bulk import in_values, insert


class WaitingEvent(NamedTuple):
    """An event waiting for a worker; `body` is the received JSON."""

    id: int
    received_at: datetime
    body: str


async def insert_new(
    connection: AsyncConnection, webhook_id: str, rows: Sequence[dict[str, Any]], now: datetime
) -> int:
    """Stores new events and returns how many; none if the `webhook-id` is known."""
    first = await connection.execute(
        insert(connection, t.webhook)
        .values(id=webhook_id, received_at=now)
        .on_conflict_do_nothing()
        .returning(t.webhook.c.id)
    )
    if first.first() is None:
        return 0
    return await add(connection, rows)


async def add(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> int:
    """Stores those of the events that are new and returns how many."""
    if not rows:
        return 0
    # Fixed order: two requests with the same events can't deadlock.
    ordered = sorted(rows, key=lambda row: (row["source"], row["event_id"]))
    kept = await connection.execute(
        insert(connection, t.event).on_conflict_do_nothing().returning(t.event.c.id), ordered
    )
    return len(kept.all())


async def backlog_exceeds(connection: AsyncConnection, limit: int) -> bool:
    """Whether more than `limit` events are waiting; usually two index lookups."""
    oldest = select(func.min(t.event.c.id)).where(t.event.c.state == EventState.RECEIVED).scalar_subquery()
    newest = select(func.max(t.event.c.id)).scalar_subquery()
    at_most = (await connection.execute(select(newest - oldest))).scalar()
    if at_most is None or at_most < limit:
        return False
    some = select(t.event.c.id).where(t.event.c.state == EventState.RECEIVED).limit(limit + 1).subquery()
    return (await connection.execute(select(func.count()).select_from(some))).scalar_one() > limit


async def waiting(
    connection: AsyncConnection, limit: int, ids: Sequence[int] = (), *, after: int = 0
) -> list[WaitingEvent]:
    """The oldest waiting events (of `ids`, if given) with a row id above `after`."""
    c = t.event.c
    wanted = select(c.id, c.received_at, c.body)
    if ids:
        wanted = wanted.where(in_values(connection, c.id, ids))
    oldest = wanted.where(c.state == EventState.RECEIVED, c.id > after).order_by(c.id).limit(limit)
    return list(starmap(WaitingEvent, await connection.execute(oldest)))


async def all_wait(connection: AsyncConnection, ids: Collection[int]) -> bool:
    """Whether each of these events is waiting."""
    c = t.event.c
    wanted = select(func.count()).where(in_values(connection, c.id, ids), c.state == EventState.RECEIVED)
    return (await connection.execute(wanted)).scalar_one() == len(ids)


async def merges_in_conflict(connection: AsyncConnection) -> list[WaitingEvent]:
    """The mergers of trials that were set aside, and are still kept whole."""
    c = t.event.c
    aside = c.state == EventState.CONFLICT
    found = select(c.id, c.received_at, c.body).where(aside, c.type == TRIAL_MERGED, c.body.is_not(None))
    return list(starmap(WaitingEvent, await connection.execute(found.order_by(c.id))))


async def finish(
    connection: AsyncConnection,
    ids: Collection[int],
    state: EventState,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Records the results of events; `reason` contains nothing of their content."""
    done = {"state": state, "reason": reason, "processed_at": now}
    await connection.execute(update(t.event).where(in_values(connection, t.event.c.id, ids)).values(**done))


async def discard(connection: AsyncConnection, event_id: int, now: datetime) -> int:
    """Discards a failed event; returns 0 if there is none with this id."""
    failed = (t.event.c.id == event_id) & t.event.c.state.in_((EventState.DEAD, EventState.CONFLICT))
    values = {"state": EventState.STALE, "reason": DISCARDED, "processed_at": now}
    return (await connection.execute(update(t.event).where(failed).values(**values))).rowcount


async def requeue(connection: AsyncConnection, *, dead: bool = False, event_id: int | None = None) -> int:
    """Requeues processed events: the dead ones, one by its row id, or all whose body is still stored. Returns
    how many.
    """
    again = update(t.event).where(t.event.c.body.is_not(None), t.event.c.state != EventState.RECEIVED)
    if dead:
        again = again.where(t.event.c.state == EventState.DEAD)
    if event_id is not None:
        again = again.where(t.event.c.id == event_id)
    values = {"state": EventState.RECEIVED, "reason": None, "processed_at": None}
    return len((await connection.execute(again.values(**values).returning(t.event.c.id))).all())
