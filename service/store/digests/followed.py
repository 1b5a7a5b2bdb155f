"""The current subscriptions of the subscribers in a batch of digests, in set-based queries."""

from collections.abc import Collection
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import common_bucket
from service.domain.subscription import ENDED_WITH_TOPIC, EndReason, SubscriptionState
from service.runtime.cooperative import YIELD_EVERY, cooperatively
from service.store.sql import tables as t
from service.store.sql.built_once import IN_BUCKET, built_once, in_parameter, numbers_given, texts_given
from service.store.sql.keys import of_subscribers

_s, _c, _topic = t.subscription.c, t.cursor.c, t.topic.c


class FollowedSubscription(NamedTuple):
    """A subscription that digests report on: an active one, or one that ended with its topic.

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
    id: int


async def still_followed(
    connection: AsyncConnection, subscriber_ids: Collection[int], topic_ids: Collection[int]
) -> dict[int, dict[int, FollowedSubscription]]:
    """The subscriptions of these people to these topics, by person and topic.

    Of several subscriptions of a person to one topic the active one counts, else the newest.
    """
    given = {
        "in_bucket": common_bucket(subscriber_ids),
        "people": numbers_given(connection, subscriber_ids),
        "topics": numbers_given(connection, topic_ids),
    }
    rows = await connection.execute(_still_followed(connection), given)
    followed: dict[int, dict[int, FollowedSubscription]] = {}
    async for part in cooperatively(rows.partitions(YIELD_EVERY)):
        for row in starmap(FollowedSubscription, part):
            topics = followed.setdefault(row.subscriber_id, {})
            other = topics.setdefault(row.topic_id, row)
            if other is not row and (other.active, other.id) < (row.active, row.id):
                topics[row.topic_id] = row
    return followed


@built_once
def _still_followed(connection: AsyncConnection) -> Any:
    is_active = _s.state == SubscriptionState.ACTIVE
    return (
        # In the order of FollowedSubscription.
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
            _s.id,
        )
        .where(_s.bucket == IN_BUCKET, in_parameter(connection, _s.subscriber_id, "people"))
        .where(in_parameter(connection, _s.topic_id, "topics"))
        .where(or_(is_active, and_(_s.state == SubscriptionState.ENDED, _s.end_reason.in_(ENDED_WITH_TOPIC))))
    )


async def names(connection: AsyncConnection, topic_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The key and name of each topic; a topic without a name gets its id, a joined one the other's name."""
    given = {"topics": numbers_given(connection, topic_ids)}
    rows = (await connection.execute(_names(connection), given)).all()
    return {topic_id: (key, name or key.partition(":")[2]) for topic_id, key, name in rows}


@built_once
def _names(connection: AsyncConnection) -> Any:
    representative = t.topic.alias()
    return (
        select(_topic.id, _topic.key, func.coalesce(representative.c.name, _topic.name))
        .outerjoin(representative, representative.c.id == _topic.joined_id)
        .where(in_parameter(connection, _topic.id, "topics"))
    )


async def trial_topics(connection: AsyncConnection, nct_ids: Collection[str]) -> dict[int, str]:
    """The trials that can be followed among these, by their topic's id."""
    keys = [f"trial:{nct_id}" for nct_id in nct_ids]
    given = {"keys": texts_given(connection, keys)}
    rows = (await connection.execute(_of_keys(connection), given)).all()
    return {topic_id: key.partition(":")[2] for topic_id, key in rows}


@built_once
def _of_keys(connection: AsyncConnection) -> Any:
    return select(_topic.id, _topic.key).where(in_parameter(connection, _topic.key, "keys"))


async def reported_until(
    connection: AsyncConnection, subscriber_ids: Collection[int]
) -> dict[tuple[int, str], tuple[int, int | None]]:
    """The seq that these subscribers' digests have covered, per frequency, and the last run."""
    statement = select(_c.subscriber_id, _c.frequency, _c.seq, _c.run_id).where(
        of_subscribers(connection, t.cursor, subscriber_ids)
    )
    rows = (await connection.execute(statement)).all()
    return {(person, frequency): (seq, run_id) for person, frequency, seq, run_id in rows}
