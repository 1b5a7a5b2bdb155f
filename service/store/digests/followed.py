"""The current subscriptions of the subscribers in a batch of digests, in set-based queries."""

from collections.abc import Collection
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.subscription import ENDED_WITH_TOPIC, EndReason, SubscriptionState
from service.store.sql import tables as t
from service.store.sql.bulk import in_values
from service.store.sql.keys import of_subscribers

_s, _c, _topic = t.subscription.c, t.cursor.c, t.topic.c


class Followed(NamedTuple):
    """A subscription that may be told of: an active one, or one that the end of its topic ended.

    `joined`: its topic was joined to another one, where an active one goes on.
    """

    subscriber_id: int
    topic_id: int
    frequency: str
    active_seq: int
    resume_after_seq: int | None
    filters: dict[str, Any] | None
    small_changes: bool
    active: bool
    joined: bool


async def still_followed(
    connection: AsyncConnection, subscriber_ids: Collection[int], topic_ids: Collection[int]
) -> dict[int, dict[int, Followed]]:
    """What these people follow of these topics, by person and topic.

    Of several subscriptions of a person to one topic the active one counts, else the newest.
    """
    is_active = _s.state == SubscriptionState.ACTIVE
    statement = (
        # In the order of Followed.
        select(
            _s.subscriber_id,
            _s.topic_id,
            _s.frequency,
            _s.active_seq,
            _s.resume_after_seq,
            _s.filters,
            _s.small_changes,
            is_active,
            func.coalesce(_s.end_reason == EndReason.JOINED, false()),
        )
        .where(
            of_subscribers(connection, t.subscription, subscriber_ids),
            in_values(connection, _s.topic_id, topic_ids),
            or_(is_active, and_(_s.state == SubscriptionState.ENDED, _s.end_reason.in_(ENDED_WITH_TOPIC))),
        )
        .order_by(is_active, _s.id)
    )
    followed: dict[int, dict[int, Followed]] = {}
    for one in starmap(Followed, (await connection.execute(statement)).all()):
        followed.setdefault(one.subscriber_id, {})[one.topic_id] = one
    return followed


async def names(connection: AsyncConnection, topic_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The key and name of each topic; a topic without a name gets its id, a joined one the other's name."""
    stands = t.topic.alias()
    statement = (
        select(_topic.id, _topic.key, func.coalesce(stands.c.name, _topic.name))
        .outerjoin(stands, stands.c.id == _topic.joined_id)
        .where(in_values(connection, _topic.id, topic_ids))
    )
    rows = (await connection.execute(statement)).all()
    return {topic_id: (key, name or key.partition(":")[2]) for topic_id, key, name in rows}


async def trial_topics(connection: AsyncConnection, nct_ids: Collection[str]) -> dict[int, str]:
    """The trials that can be followed among these, by their topic's id."""
    keys = [f"trial:{nct_id}" for nct_id in nct_ids]
    statement = select(_topic.id, _topic.key).where(in_values(connection, _topic.key, keys))
    rows = (await connection.execute(statement)).all()
    return {topic_id: key.partition(":")[2] for topic_id, key in rows}


async def told_until(
    connection: AsyncConnection, subscriber_ids: Collection[int]
) -> dict[tuple[int, str], tuple[int, int | None]]:
    """The seq that these subscribers' digests have covered, per frequency, and the last run."""
    statement = select(_c.subscriber_id, _c.frequency, _c.seq, _c.run_id).where(
        of_subscribers(connection, t.cursor, subscriber_ids)
    )
    rows = (await connection.execute(statement)).all()
    return {(person, frequency): (seq, run_id) for person, frequency, seq, run_id in rows}
