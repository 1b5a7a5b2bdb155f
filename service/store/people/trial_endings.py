"""The followers of trials that are removed or merged."""

from datetime import datetime
from itertools import product

from sqlalchemy import ScalarSelect, SmallInteger, and_, exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.domain.subscription import EndReason, SubscriptionState
from service.store.sql import tables as t
from service.store.sql.bulk import insert
from service.store.sql.ids import next_ids
from service.store.sql.keys import same_subscriber

_s = t.subscription

#: States of subscriptions that are not over.
OPEN = (SubscriptionState.ACTIVE, SubscriptionState.PENDING)

_CARRIED = (
    "subscriber_id",
    "state",
    "frequency",
    "filters",
    "small_changes",
    "active_seq",
    "resume_after_seq",
    "in_planning",
    "activated_at",
)


async def end_followers(connection: AsyncConnection, topic_id: int, reason: EndReason, now: datetime) -> None:
    """Ends every subscription to a topic. Active ones stay in planning, to report the end once."""
    ended = {"state": SubscriptionState.ENDED, "end_reason": reason, "ended_at": now}
    still_told = _s.c.state == SubscriptionState.ACTIVE
    for bucket in BUCKETS:
        followers = and_(_s.c.bucket == bucket, _s.c.topic_id == topic_id, _s.c.state.in_(OPEN))
        await connection.execute(update(_s).where(followers).values(**ended, in_planning=still_told))


async def follow_instead(
    connection: AsyncConnection, topic_id: int, other_topic_id: int, now: datetime
) -> None:
    """Copies the active and pending subscriptions of a topic to another one.

    The copies start at the same place in the log, so that news of the other topic is neither missed nor
    reported twice. Existing subscriptions to the other topic stay as they are.
    """
    for bucket, state in product(BUCKETS, OPEN):
        follows = _s.alias()
        already = exists().where(
            follows.c.bucket == bucket,
            same_subscriber(follows, _s),
            follows.c.topic_id == other_topic_id,
            follows.c.state == state,
        )
        wanted = select(
            literal(bucket, SmallInteger),
            next_ids(bucket),
            literal(other_topic_id),
            literal(now, _s.c.created_at.type),
            *(_s.c[name] for name in _CARRIED),
        ).where(_s.c.bucket == bucket, _s.c.topic_id == topic_id, _s.c.state == state, ~already)
        into = insert(connection, _s).from_select(
            ["bucket", "id", "topic_id", "created_at", *_CARRIED], wanted
        )
        await connection.execute(into.on_conflict_do_nothing())


async def take_back(connection: AsyncConnection, topic_id: int, now: datetime) -> None:
    """Undoes the end of a trial that returned, for subscribers to whom the end was not reported.

    The others stay unsubscribed from it, and follow the trial that it was merged into. So does whoever
    follows that because of yet another trial that is still merged into it.
    """
    ended = and_(
        _s.c.topic_id == topic_id,
        _s.c.state == SubscriptionState.ENDED,
        _s.c.end_reason.in_((EndReason.REMOVED, EndReason.MERGED)),
    )
    superseded = {"end_reason": EndReason.SUPERSEDED, "ended_at": now, "in_planning": False}
    kinds = (
        (SubscriptionState.ACTIVE, lambda row: row.c.in_planning),
        (SubscriptionState.PENDING, lambda row: row.c.activated_at.is_(None)),
    )
    for (state, follows), bucket in product(kinds, BUCKETS):
        old, other = _s.alias(), _s.alias()
        moved = exists().where(
            old.c.bucket == bucket,
            old.c.subscriber_id == _s.c.subscriber_id,
            old.c.topic_id == topic_id,
            old.c.end_reason == EndReason.MERGED,
            old.c.ended_at == _s.c.created_at,
            follows(old),
        )
        copies = and_(_s.c.bucket == bucket, _s.c.topic_id != topic_id, _s.c.state == state, moved)
        merged_at = _merged_otherwise(bucket, topic_id)
        ending = update(_s).where(copies, merged_at.is_(None))
        await connection.execute(ending.values(state=SubscriptionState.ENDED, **superseded))
        await connection.execute(update(_s).where(copies).values(created_at=merged_at))
        already = exists().where(
            other.c.bucket == bucket,
            other.c.subscriber_id == _s.c.subscriber_id,
            other.c.topic_id == topic_id,
            other.c.state == state,
        )
        again = {"state": state, "end_reason": None, "ended_at": None}
        returned = and_(_s.c.bucket == bucket, ended, follows(_s), ~already)
        await connection.execute(update(_s).where(returned).values(**again))


def _merged_otherwise(bucket: int, topic_id: int) -> ScalarSelect[datetime | None]:
    """When another trial that a subscription's reader followed was merged into the one that it is to; NULL if
    none is."""
    old, trial, target = _s.alias(), t.trial.c, t.topic.c
    return (
        select(func.max(old.c.ended_at))
        .join(t.trial, trial.topic_id == old.c.topic_id)
        .join(t.topic, target.key == literal("trial:") + trial.merged_into)
        .where(
            old.c.bucket == bucket,
            old.c.subscriber_id == _s.c.subscriber_id,
            old.c.topic_id != topic_id,
            old.c.end_reason == EndReason.MERGED,
            target.id == _s.c.topic_id,
        )
        .correlate(_s)
        .scalar_subquery()
    )
