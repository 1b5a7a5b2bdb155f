"""The followers of trials that are removed or merged."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    SmallInteger,
    and_,
    exists,
    func,
    literal,
    literal_column,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.domain.subscription import EndReason, SubscriptionState
from service.store.sql import tables as t
from service.store.sql.bulk import in_values, insert
from service.store.sql.database import is_postgresql
from service.store.sql.ids import next_ids
from service.store.sql.keys import same_subscriber, written_bucket

_s, _follows = t.subscription, t.subscription.alias()

#: States of subscriptions that have not ended.
OPEN = (SubscriptionState.ACTIVE, SubscriptionState.PENDING)

#: As the index `subscription_ended_with_trial` has it: SQLite takes it for no parameters.
ENDED_WITH_TRIAL = _s.c.end_reason.in_(
    [literal_column(f"'{reason.value}'") for reason in (EndReason.MERGED, EndReason.REMOVED)]
)

_CARRIED = (
    "subscriber_id",
    "frequency",
    "filters",
    "small_changes",
    "active_seq",
    "resume_after_seq",
    "in_planning",
    "activated_at",
    "confirmation_id",
)


async def lock_followers(
    connection: AsyncConnection, topic_ids: Collection[int], buckets: Sequence[int] = BUCKETS
) -> None:
    """Locks the followers of these topics, present or until their trials ended, until the transaction ends.

    Every change of a subscription locks its person first (`subscribers.lock`), so none of them is confirmed,
    changed or ended while it moves. SQLite has one writer at a time.
    """
    if not topic_ids or not is_postgresql(connection):
        return
    who = t.subscriber.c
    for bucket in buckets:
        here = and_(_s.c.bucket == bucket, in_values(connection, _s.c.topic_id, topic_ids))
        which = (_s.c.in_planning, is_in(SubscriptionState.PENDING), ENDED_WITH_TRIAL)
        people = union_all(*(select(_s.c.subscriber_id).where(here, each) for each in which))
        theirs = select(who.id).where(who.bucket == bucket, who.id.in_(people)).order_by(who.id)
        locked = theirs.with_for_update(key_share=True).subquery()
        await connection.execute(select(func.count()).select_from(locked))


async def end_followers(
    connection: AsyncConnection,
    topic_id: int,
    reason: EndReason,
    now: datetime,
    buckets: Sequence[int] = BUCKETS,
) -> list[tuple[int, SubscriptionState]]:
    """Ends every subscription to a topic. Active ones stay in planning, to report the end once.

    Returns the buckets in which some ended, with the state that these had.
    """
    ended = {"state": SubscriptionState.ENDED, "end_reason": reason, "ended_at": now}
    found = []
    for bucket, state in product(buckets, OPEN):
        of_state = update(_s).where(_followers(bucket, topic_id, state)).values(**ended)
        if (await connection.execute(of_state)).rowcount:
            found.append((bucket, state))
    return found


def is_in(state: SubscriptionState) -> ColumnElement[bool]:
    """A state as the indexes' conditions have it."""
    return _s.c.state == literal_column(f"'{state}'")


def _followers(bucket: int, topic_id: int, state: SubscriptionState) -> ColumnElement[bool]:
    """The subscriptions to a topic in one state, as their indexes find them: active ones are in planning."""
    found = and_(_s.c.bucket == bucket, _s.c.topic_id == topic_id, is_in(state))
    return found & _s.c.in_planning if state is SubscriptionState.ACTIVE else found


def _ended(bucket: BindParameter[int], topic_id: int, state: SubscriptionState, at: datetime) -> Any:
    """The subscriptions to a topic that a merger ended at this time; they had this state."""
    was_active = _s.c.activated_at.is_not(None)
    return and_(
        _s.c.bucket == bucket,
        _s.c.topic_id == topic_id,
        ENDED_WITH_TRIAL,
        _s.c.end_reason == EndReason.MERGED,
        _s.c.ended_at == at,
        was_active if state is SubscriptionState.ACTIVE else ~was_active,
    )


async def follow_instead(
    connection: AsyncConnection,
    topic_id: int,
    other_topic_id: int,
    now: datetime,
    *,
    number: str,
    buckets: Sequence[int] = BUCKETS,
) -> None:
    """Ends the subscriptions to a topic, and copies those that were active or pending to another one.

    The copies start at the same place in the log, so that news of the other topic is neither missed nor
    reported twice. Existing subscriptions to the other topic stay as they are. `now` identifies the copies:
    it is the time at which the old ones end, and that of no other merger. `number`: that of the topic's
    trial, by which copies that are still to be confirmed were asked for. Only subscriptions ended here are
    copied, not one that another transaction ends meanwhile.
    """
    for bucket, state in await end_followers(connection, topic_id, EndReason.MERGED, now, buckets):
        in_bucket = written_bucket(bucket)
        already = exists().where(
            _follows.c.bucket == in_bucket,
            same_subscriber(_follows, _s),
            _follows.c.topic_id == other_topic_id,
            _follows.c.state == state,
            _follows.c.confirmation_id == _s.c.confirmation_id
            if state is SubscriptionState.PENDING
            else true(),
        )
        wanted = select(
            literal(bucket, SmallInteger),
            next_ids(bucket),
            literal(other_topic_id),
            literal(state.value),
            literal(now, _s.c.created_at.type),
            func.coalesce(_s.c.older_number, number)
            if state is SubscriptionState.PENDING
            else _s.c.older_number,
            *(_s.c[name] for name in _CARRIED),
        ).where(_ended(in_bucket, topic_id, state, now), ~already)
        into = insert(connection, _s).from_select(
            ["bucket", "id", "topic_id", "state", "created_at", "older_number", *_CARRIED], wanted
        )
        await connection.execute(into.on_conflict_do_nothing())
