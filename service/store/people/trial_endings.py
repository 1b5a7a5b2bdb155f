"""The followers of trials that are removed or merged."""

from datetime import datetime

from sqlalchemy import exists, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.subscription import EndReason, SubscriptionState
from service.store.sql import tables as t
from service.store.sql.bulk import insert

_s = t.subscription

_CARRIED = (
    "subscriber_id",
    "state",
    "frequency",
    "filters",
    "small_changes",
    "active_seq",
    "catch_up_seq",
    "listening",
    "activated_at",
)


async def end_followers(connection: AsyncConnection, topic_id: int, reason: EndReason, now: datetime) -> None:
    """Ends every subscription to a topic. The active ones keep listening: the next digest tells why, once."""
    ended = {"state": SubscriptionState.ENDED, "end_reason": reason, "ended_at": now}
    for state, listening in ((SubscriptionState.ACTIVE, True), (SubscriptionState.PENDING, False)):
        of_state = (_s.c.topic_id == topic_id) & (_s.c.state == state)
        await connection.execute(update(_s).where(of_state).values(**ended, listening=listening))


async def follow_instead(
    connection: AsyncConnection, topic_id: int, other_topic_id: int, now: datetime
) -> None:
    """Whoever follows a topic, or asked to, gets a subscription of the same kind to another one as well.

    What is still to be told goes with it: news of the other in the same interval is neither missed nor
    told twice. Who follows the other already keeps that as it is.
    """
    for state in (SubscriptionState.ACTIVE, SubscriptionState.PENDING):
        follows = _s.alias()
        already = exists().where(
            follows.c.subscriber_id == _s.c.subscriber_id,
            follows.c.topic_id == other_topic_id,
            follows.c.state == state,
        )
        wanted = (
            select(
                literal(other_topic_id),
                literal(now, _s.c.created_at.type),
                *(_s.c[name] for name in _CARRIED),
            )
            .where(_s.c.topic_id == topic_id, _s.c.state == state, ~already)
            .order_by(_s.c.id)
        )
        into = insert(connection, _s).from_select(["topic_id", "created_at", *_CARRIED], wanted)
        await connection.execute(into.on_conflict_do_nothing())
