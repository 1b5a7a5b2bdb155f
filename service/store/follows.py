"""What the people of a batch of digests follow right now, read at once for all of them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import tables as t
from service.store.digests import TOLD_ONCE
from service.store.lists import among

_s = t.subscription


async def still_followed(
    connection: AsyncConnection, subscriber_ids: Collection[int], topic_ids: Collection[int]
) -> Sequence[Any]:
    """The subscriptions of these people to these topics that may be told of, with the topics' key and name.

    Active ones, and those that the end of their trial ended. A person may have several rows for one topic;
    an active one comes last.
    """
    statement = (
        select(
            _s.c.subscriber_id,
            _s.c.topic_id,
            _s.c.frequency,
            _s.c.active_seq,
            _s.c.filters,
            _s.c.small_changes,
            t.topic.c.key,
            t.topic.c.name,
        )
        .join(t.topic, t.topic.c.id == _s.c.topic_id)
        .where(
            among(connection, _s.c.subscriber_id, subscriber_ids),
            among(connection, _s.c.topic_id, topic_ids),
            or_(_s.c.state == "active", and_(_s.c.state == "ended", _s.c.end_reason.in_(TOLD_ONCE))),
        )
        .order_by(_s.c.state.desc(), _s.c.id)
    )
    return (await connection.execute(statement)).all()


async def trials_followed(
    connection: AsyncConnection, subscriber_ids: Collection[int], nct_ids: Collection[str]
) -> set[tuple[int, str]]:
    """Which of these people follow which of these trials themselves."""
    keys = [f"trial:{nct_id}" for nct_id in nct_ids]
    statement = (
        select(_s.c.subscriber_id, t.topic.c.key)
        .join(t.topic, t.topic.c.id == _s.c.topic_id)
        .where(
            among(connection, _s.c.subscriber_id, subscriber_ids),
            among(connection, t.topic.c.key, keys),
            _s.c.state == "active",
        )
    )
    rows = await connection.execute(statement)
    return {(row.subscriber_id, row.key.partition(":")[2]) for row in rows}


async def told_through(
    connection: AsyncConnection, subscriber_ids: Collection[int], topic_ids: Collection[int]
) -> Sequence[Any]:
    """How far these people were told of these topics, and by which run last: rows of subscriber_id,
    topic_id, since, seq, run_id.

    Only unfiltered subscriptions: what a filter held back was not told.
    """
    through = func.coalesce(_s.c.catch_up_seq, t.cursor.c.seq)
    own = and_(t.cursor.c.subscriber_id == _s.c.subscriber_id, t.cursor.c.frequency == _s.c.frequency)
    statement = (
        select(
            _s.c.subscriber_id,
            _s.c.topic_id,
            _s.c.active_seq.label("since"),
            through.label("seq"),
            t.cursor.c.run_id,
        )
        .join(t.cursor, own)
        .where(
            among(connection, _s.c.subscriber_id, subscriber_ids),
            among(connection, _s.c.topic_id, topic_ids),
            _s.c.state == "active",
            _s.c.filters.is_(None),
        )
    )
    return (await connection.execute(statement)).all()
