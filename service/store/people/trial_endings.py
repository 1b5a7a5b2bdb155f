"""The followers of trials that are removed or merged."""

from datetime import datetime
from itertools import product

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
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.domain.subscription import EndReason, SubscriptionState
from service.store.sql import tables as t
from service.store.sql.bulk import insert
from service.store.sql.ids import next_ids
from service.store.sql.keys import same_subscriber, written_bucket

_s = t.subscription

#: States of subscriptions that are not over.
OPEN = (SubscriptionState.ACTIVE, SubscriptionState.PENDING)

#: As the index `subscription_ended_with_trial` has it: SQLite takes it for no parameters.
ENDED_WITH_TRIAL = _s.c.end_reason.in_(
    [literal_column(f"'{reason.value}'") for reason in (EndReason.MERGED, EndReason.REMOVED)]
)

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
    "confirmation_id",
)


async def end_followers(connection: AsyncConnection, topic_id: int, reason: EndReason, now: datetime) -> None:
    """Ends every subscription to a topic. Active ones stay in planning, to report the end once."""
    ended = {"state": SubscriptionState.ENDED, "end_reason": reason, "ended_at": now}
    for bucket, state in product(BUCKETS, OPEN):
        await connection.execute(update(_s).where(_followers(bucket, topic_id, state)).values(**ended))


def _followers(
    bucket: int | BindParameter[int], topic_id: int, state: SubscriptionState
) -> ColumnElement[bool]:
    """The subscriptions to a topic in one state, as their indexes find them: active ones are in planning."""
    found = and_(_s.c.bucket == bucket, _s.c.topic_id == topic_id, _s.c.state == literal_column(f"'{state}'"))
    return found & _s.c.in_planning if state is SubscriptionState.ACTIVE else found


async def follow_instead(
    connection: AsyncConnection, topic_id: int, other_topic_id: int, now: datetime, *, number: str
) -> None:
    """Copies the active and pending subscriptions of a topic to another one.

    The copies start at the same place in the log, so that news of the other topic is neither missed nor
    reported twice. Existing subscriptions to the other topic stay as they are. `now` identifies the copies:
    it is the time at which `end_followers` ends the old ones, and that of no other merger. `number`: that of
    the topic's trial, by which copies that are still to be confirmed were asked for.
    """
    for bucket, state in product(BUCKETS, OPEN):
        follows, in_bucket = _s.alias(), written_bucket(bucket)
        already = exists().where(
            follows.c.bucket == in_bucket,
            same_subscriber(follows, _s),
            follows.c.topic_id == other_topic_id,
            follows.c.state == state,
            follows.c.confirmation_id == _s.c.confirmation_id
            if state is SubscriptionState.PENDING
            else true(),
        )
        wanted = select(
            literal(bucket, SmallInteger),
            next_ids(bucket),
            literal(other_topic_id),
            literal(now, _s.c.created_at.type),
            func.coalesce(_s.c.older_number, number)
            if state is SubscriptionState.PENDING
            else _s.c.older_number,
            *(_s.c[name] for name in _CARRIED),
        ).where(_followers(in_bucket, topic_id, state), ~already)
        into = insert(connection, _s).from_select(
            ["bucket", "id", "topic_id", "created_at", "older_number", *_CARRIED], wanted
        )
        await connection.execute(into.on_conflict_do_nothing())
