"""Digests that were planned and are not to be sent: what they would have told goes to the next ones."""

from datetime import datetime

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import tables as t
from service.store.digests import TOLD_ONCE, read_topics

_s, _c = t.subscription, t.cursor


async def take_back(connection: AsyncConnection, digest_id: int) -> None:
    """What this digest would have told is told by the next one instead: it was not sent, and will not be.

    The next one of the frequency at which each topic is followed by now, if the person moved it meanwhile.
    The caller ends the digest's delivery in the same transaction.
    """
    found = select(t.digest).where(t.digest.c.id == digest_id)
    digest = (await connection.execute(found)).first()
    if digest is None:
        return
    mine = _c.c.subscriber_id == digest.subscriber_id
    await connection.execute(select(_c.c.seq).where(mine).order_by(_c.c.frequency).with_for_update())
    for topic_id, lower in read_topics(digest.topics).items():
        followed = and_(
            _s.c.subscriber_id == digest.subscriber_id,
            _s.c.topic_id == topic_id,
            or_(_s.c.state == "active", _s.c.end_reason.in_(TOLD_ONCE)),
        )
        earlier = case((_s.c.catch_up_seq < lower, _s.c.catch_up_seq), else_=lower)
        await connection.execute(update(_s).where(followed).values(catch_up_seq=earlier, listening=True))
    await connection.execute(update(_c).where(mine).values(behind=True))


async def take_back_queued(connection: AsyncConnection, subscriber_id: int, now: datetime) -> None:
    """Cancels the digests of a person that wait to be sent; the next ones tell what they would have told."""
    waiting = and_(
        t.delivery.c.subscriber_id == subscriber_id,
        t.delivery.c.kind == "digest",
        t.delivery.c.state.in_(("queued", "held")),
    )
    cancelled = {"state": "cancelled", "outcome": "paused", "finished_at": now}
    statement = update(t.delivery).where(waiting).values(**cancelled).returning(t.delivery.c.digest_id)
    for digest_id in (await connection.execute(statement)).scalars().all():
        await take_back(connection, digest_id)
