"""Subscriptions to topics that lead elsewhere: written while the others of their topic were being moved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, exists, func, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.subscription import EndReason, SubscriptionState
from service.domain.trials.change import Kind
from service.store.people.trial_endings import ENDED_WITH_TRIAL, is_in
from service.store.sql import tables as t
from service.store.sql.keys import same_subscriber

_s, _topic, _trial = t.subscription, t.topic.c, t.trial.c


@dataclass(frozen=True, slots=True)
class LateFollowers:
    """Topics with such subscriptions: `joined` to another one; of merged trials, by number."""

    joined: Mapping[int, int] = field(default_factory=dict)
    merged: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.joined or self.merged)


async def find(connection: AsyncConnection, bucket: int) -> LateFollowers:
    """The topics that somebody in a bucket follows, or has asked to follow, though they lead elsewhere."""
    here = _s.c.bucket == bucket
    active = and_(here, is_in(SubscriptionState.ACTIVE), _s.c.in_planning)
    pending = and_(here, is_in(SubscriptionState.PENDING))
    followed = union(*(select(_s.c.topic_id).where(state) for state in (active, pending)))
    joined = select(_topic.id, _topic.joined_id).where(_topic.joined_id.is_not(None), _topic.id.in_(followed))
    merged = select(_trial.nct_id, _trial.topic_id).where(
        _trial.merged_into.is_not(None), _trial.topic_id.in_(followed)
    )
    return LateFollowers(
        {row.id: row.joined_id for row in await connection.execute(joined)},
        {row.nct_id: row.topic_id for row in await connection.execute(merged)},
    )


async def catch_up(
    connection: AsyncConnection, bucket: int, nct_id: str, topic_id: int, into_id: int, moved_at: datetime
) -> None:
    """Lets planning report the news that late followers missed: the merger, and anything after it.

    Their digests may have passed it meanwhile; people who began to follow after it are notified of the merger
    too, since it is the older number that they agreed to.
    """
    here = _s.c.bucket == bucket
    copies = and_(here, _s.c.topic_id == into_id, _s.c.created_at == moved_at, _s.c.in_planning)
    since = func.coalesce(_s.c.resume_after_seq, _s.c.active_seq)
    await connection.execute(update(_s).where(copies).values(resume_after_seq=since))
    old = and_(here, _s.c.topic_id == topic_id, ENDED_WITH_TRIAL, _s.c.ended_at == moved_at, _s.c.in_planning)
    change = t.change.c
    merger = select(func.max(change.seq)).where(
        change.nct_id == nct_id, change.kind == Kind.MERGED, change.replaced_seq.is_(None)
    )
    seq = (await connection.execute(merger)).scalar()
    if seq is not None:
        unreported = and_(old, _s.c.active_seq >= seq)
        await connection.execute(update(_s).where(unreported).values(resume_after_seq=seq - 1))
    moved = exists().where(
        old,
        _s.c.end_reason == EndReason.MERGED,
        same_subscriber(_s, t.cursor),
        _s.c.frequency == t.cursor.c.frequency,
    )
    await connection.execute(update(t.cursor).where(t.cursor.c.bucket == bucket, moved).values(behind=True))
