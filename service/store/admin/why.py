"""What is known on the way of one person's, one mail's or one event's news: read for `why`, never written."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.domain.subscription import SubscriptionState
from service.store.sql import tables as t
from service.store.sql.bulk import in_values
from service.store.sql.keys import by_id, of_subscriber, same_subscriber

_s, _topic, _cursor, _slot = t.subscription.c, t.topic.c, t.cursor.c, t.slot.c
_change, _event, _digest, _delivery, _run = t.change.c, t.event.c, t.digest.c, t.delivery.c, t.run.c

#: Rows read for each list: an account is for reading.
MOST = 20

_MAIL: tuple[ColumnElement[Any], ...] = (
    _delivery.id,
    _delivery.kind,
    _delivery.state,
    _delivery.outcome,
    _delivery.server_reply,
    _delivery.attempts,
    _delivery.due_at,
    _delivery.created_at,
    _delivery.first_attempt_at,
    _delivery.finished_at,
    _delivery.history,
    _delivery.subscriber_id,
    _delivery.digest_id,
    _delivery.run_id,
)
_DIGEST: tuple[ColumnElement[Any], ...] = (
    _digest.from_seq,
    _digest.to_seq,
    _digest.topics,
    _digest.told,
    _digest.taken_back,
)
_RUN: tuple[ColumnElement[Any], ...] = (
    _run.frequency,
    _run.state.label("run_state"),
    _run.news,
    _run.planned_at,
    _run.held_because,
)


async def subscriptions(
    connection: AsyncConnection, subscriber_id: int, topic_ids: Collection[int] = ()
) -> Sequence[Row[Any]]:
    """What a person follows or followed, with how far their digests of that frequency have come."""
    cursor = same_subscriber(t.cursor, t.subscription) & (_cursor.frequency == _s.frequency)
    statement = (
        select(
            t.subscription,
            _topic.key,
            _topic.name,
            _cursor.seq,
            _cursor.behind,
            _slot.zone,
            _slot.hour,
            _slot.weekday,
        )
        .join(t.topic, _topic.id == _s.topic_id)
        .outerjoin(t.cursor, cursor)
        .outerjoin(t.slot, _slot.id == _cursor.slot_id)
        .where(of_subscriber(t.subscription, subscriber_id))
        .order_by(_s.state != SubscriptionState.ACTIVE, _s.id.desc())
        .limit(MOST)
    )
    if topic_ids:
        statement = statement.where(in_values(connection, _s.topic_id, topic_ids))
    return (await connection.execute(statement)).all()


def _changes() -> Select[Any]:
    columns: tuple[ColumnElement[Any], ...] = (_change.seq, _change.nct_id, _change.kind, _change.level)
    columns += (_change.recorded_at, _change.event_id)
    return select(*columns).order_by(_change.seq.desc()).limit(MOST)


async def news_of_topic(connection: AsyncConnection, topic_id: int, limit: int) -> Sequence[Row[Any]]:
    """The newest changes of a topic."""
    of = t.change_topic.c
    statement = _changes().join(t.change_topic, of.seq == _change.seq).where(of.topic_id == topic_id)
    rows: Sequence[Row[Any]] = (await connection.execute(statement.limit(limit))).all()
    return rows


async def changes_of_event(connection: AsyncConnection, event_id: int) -> Sequence[Row[Any]]:
    """The changes that an event caused."""
    rows: Sequence[Row[Any]] = (
        await connection.execute(_changes().where(_change.event_id == event_id))
    ).all()
    return rows


async def topics_of(connection: AsyncConnection, seqs: Collection[int]) -> Sequence[Row[Any]]:
    """The topics whose followers these changes concern, each with the number of its followers."""
    of = t.change_topic.c
    followers = (
        select(func.count())
        .where(_s.bucket.in_(BUCKETS), _s.topic_id == _topic.id, _s.state == SubscriptionState.ACTIVE)
        .scalar_subquery()
    )
    concerned = select(of.topic_id).where(in_values(connection, of.seq, seqs))
    columns: tuple[ColumnElement[Any], ...] = (_topic.id, _topic.key, _topic.name)
    columns += (followers.label("followers"),)
    statement = select(*columns).where(_topic.id.in_(concerned))
    return (await connection.execute(statement.order_by(_topic.id).limit(MOST))).all()


async def event(connection: AsyncConnection, event_id: int) -> Row[Any] | None:
    """An event without its body."""
    columns: tuple[ColumnElement[Any], ...] = (_event.id, _event.type, _event.subject, _event.revision)
    columns += (_event.state, _event.reason)
    times: tuple[ColumnElement[Any], ...] = (_event.received_at, _event.processed_at, _event.observed_at)
    columns += (*times, _event.source)
    found = select(*columns).where(_event.id == event_id)
    return (await connection.execute(found)).first()


async def mail(connection: AsyncConnection, delivery_id: int) -> Row[Any] | None:
    """A mail with its digest and its run, where it has them."""
    row: Row[Any] | None = (await connection.execute(_mails().where(by_id(t.delivery, delivery_id)))).first()
    return row


def _mails() -> Select[Any]:
    return (
        select(*_MAIL, *_DIGEST, *_RUN)
        .outerjoin(t.digest, (_digest.bucket == _delivery.bucket) & (_digest.id == _delivery.digest_id))
        .outerjoin(t.run, _run.id == _delivery.run_id)
    )


async def mails_to(connection: AsyncConnection, subscriber_id: int) -> Sequence[Row[Any]]:
    """The newest mails to a person, with their digests and runs."""
    statement = _mails().where(of_subscriber(t.delivery, subscriber_id))
    newest = statement.order_by(_delivery.id.desc()).limit(5 * MOST)
    rows: Sequence[Row[Any]] = (await connection.execute(newest)).all()
    return rows


async def runs_telling(connection: AsyncConnection, seq: int) -> Sequence[Row[Any]]:
    """The first runs of each frequency that reach a change of the log, the oldest first."""
    columns: tuple[ColumnElement[Any], ...] = (_run.id, _run.frequency, _run.state, _run.planned_at)
    columns += (_run.digests, _run.held_because)
    statement = select(*columns).where(_run.to_seq >= seq)
    return (await connection.execute(statement.order_by(_run.id).limit(MOST))).all()


async def mails_telling(
    connection: AsyncConnection, run_ids: Collection[int], seq: int, topic_ids: Collection[int]
) -> dict[tuple[str, str], int]:
    """How many mails of these runs were planned to tell a change of these topics, by state and outcome."""
    listed = literal(",") + _digest.topics
    telling = or_(*(listed.contains(f",{topic_id}:") for topic_id in topic_ids))
    statement = (
        select(_delivery.state, func.coalesce(_delivery.outcome, ""), func.count())
        .join(t.digest, (_digest.bucket == _delivery.bucket) & (_digest.id == _delivery.digest_id))
        .where(
            _delivery.bucket.in_(BUCKETS),
            in_values(connection, _delivery.run_id, run_ids),
            _digest.from_seq < seq,
            _digest.to_seq >= seq,
            telling,
        )
        .group_by(_delivery.state, _delivery.outcome)
    )
    return {(state, outcome): number for state, outcome, number in await connection.execute(statement)}
