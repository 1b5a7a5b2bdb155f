"""Moves a condition's followers when it turns out to be another one under an older name."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import SmallInteger, and_, case, exists, false, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.domain.subscription import EndReason, SubscriptionState
from service.domain.trials.change import Level
from service.store import change_log
from service.store.people.trial_endings import OPEN, lock_followers
from service.store.sql import tables as t
from service.store.sql.bulk import in_values, insert
from service.store.sql.ids import next_ids
from service.store.sql.keys import same_subscriber, written_bucket

_s, _other = t.subscription, t.subscription.alias()

#: Parts [low, high) of the log in which somebody began to follow, in order.
Starts = Sequence[tuple[int, int]]

#: With the two by which `trial_returns` knows the copy that a merger made, should its trial return.
_CARRIED = (
    "subscriber_id",
    "state",
    "frequency",
    "filters",
    "small_changes",
    "active_seq",
    "activated_at",
    "created_at",
    "confirmation_id",
)


async def move_followers(
    connection: AsyncConnection,
    moves: Mapping[int, int],
    now: datetime,
    buckets: Sequence[int] = BUCKETS,
) -> None:
    """Moves the active and pending subscriptions of topics to those that represent them. Idempotent.

    Unreported announcements of an old topic are still reported: the old subscription stays in planning until
    the next digest, and remains as the record of what its reader knows. Of the new topic everything is
    reported since the reader began to follow the old one; readers who missed nothing get no digest for it.
    """
    missed: dict[int, Starts] = {}
    await lock_followers(connection, moves, buckets)
    for bucket in buckets if moves else ():
        followed = select(_s.c.topic_id, _s.c.state).where(
            _s.c.bucket == bucket, in_values(connection, _s.c.topic_id, moves), _s.c.state.in_(OPEN)
        )
        found = (await connection.execute(followed.distinct())).all()
        for topic_id, state in sorted(found, key=lambda row: (row.topic_id, row.state)):
            into_id = moves[topic_id]
            if state == SubscriptionState.PENDING:
                await _move_pending(connection, bucket, topic_id, into_id, now)
                continue
            if topic_id not in missed:
                missed[topic_id] = await _missed(connection, topic_id, into_id)
            await _move_active(connection, bucket, topic_id, into_id, missed[topic_id], now)


async def _missed(connection: AsyncConnection, topic_id: int, into_id: int) -> Starts:
    """The parts of the log in which followers began who missed an announcement of the new topic.

    Of a trial whose last announcement under the old topic has the seq `earlier`, and under the new one `seq`,
    those are the followers from `earlier` on, and before `seq`.
    """
    earlier: dict[tuple[str, str], int] = {}
    announced: dict[tuple[str, str], int] = {}
    for row in await change_log.announcements(connection, (topic_id, into_id)):
        if row.level >= Level.MEDIUM:
            seqs = earlier if row.topic_id == topic_id else announced
            key = row.nct_id, row.kind
            seqs[key] = max(seqs.get(key, 0), row.due_seq or row.seq)
    starts: list[tuple[int, int]] = []
    for low, high in sorted((earlier.get(key, 0), seq) for key, seq in announced.items()):
        if starts and low <= starts[-1][1]:
            starts[-1] = starts[-1][0], max(high, starts[-1][1])
        elif low < high:
            starts.append((low, high))
    return starts


async def _move_active(
    connection: AsyncConnection, bucket: int, topic_id: int, into_id: int, missed: Starts, now: datetime
) -> None:
    in_bucket = written_bucket(bucket)
    of_topic = and_(
        _s.c.bucket == in_bucket, _s.c.topic_id == topic_id, _s.c.state == SubscriptionState.ACTIVE
    )
    already = exists().where(
        _other.c.bucket == in_bucket,
        same_subscriber(_other, _s),
        _other.c.topic_id == into_id,
        _other.c.state == SubscriptionState.ACTIVE,
    )
    began = _s.c.active_seq
    catches_up = or_(false(), *((began >= low) & (began < high) for low, high in missed))
    wanted = select(
        literal(bucket, SmallInteger),
        next_ids(bucket),
        literal(into_id),
        literal(True),
        case((catches_up, began), else_=None),
        *(_s.c[name] for name in _CARRIED),
    ).where(of_topic, ~already)
    columns = ["bucket", "id", "topic_id", "in_planning", "resume_after_seq", *_CARRIED]
    await connection.execute(insert(connection, _s).from_select(columns, wanted).on_conflict_do_nothing())
    await _mark_behind(connection, bucket, into_id)
    ended = {"state": SubscriptionState.ENDED, "end_reason": EndReason.JOINED, "ended_at": now}
    await connection.execute(update(_s).where(of_topic).values(**ended))


async def _move_pending(
    connection: AsyncConnection, bucket: int, topic_id: int, into_id: int, now: datetime
) -> None:
    of_topic = and_(_s.c.bucket == bucket, _s.c.topic_id == topic_id, _s.c.state == SubscriptionState.PENDING)
    already = exists().where(
        _other.c.bucket == bucket,
        same_subscriber(_other, _s),
        _other.c.topic_id == into_id,
        _other.c.confirmation_id == _s.c.confirmation_id,
        _other.c.state == SubscriptionState.PENDING,
    )
    ended = {"state": SubscriptionState.ENDED, "end_reason": EndReason.SUPERSEDED, "ended_at": now}
    await connection.execute(update(_s).where(of_topic, already).values(**ended))
    await connection.execute(update(_s).where(of_topic).values(topic_id=into_id))


async def _mark_behind(connection: AsyncConnection, bucket: int, topic_id: int) -> None:
    """Lets planning find subscribers who must catch up with a topic, despite their slot's low-water mark."""
    catching_up = exists().where(
        _s.c.bucket == bucket,
        same_subscriber(_s, t.cursor),
        _s.c.frequency == t.cursor.c.frequency,
        _s.c.topic_id == topic_id,
        _s.c.state == SubscriptionState.ACTIVE,
        _s.c.resume_after_seq.is_not(None),
    )
    in_bucket = t.cursor.c.bucket == bucket
    await connection.execute(update(t.cursor).where(in_bucket, catching_up).values(behind=True))


def with_joined(topic_ids: Any) -> Any:
    """These topics and all that were joined to one of them, as a subquery of ids."""
    c = t.topic.c
    return select(c.id).where(c.id.in_(topic_ids) | c.joined_id.in_(topic_ids))
