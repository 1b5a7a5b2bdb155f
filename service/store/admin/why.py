"""The stored history of one person's, one mail's or one event's news: read for `why`, never written."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.domain.subscription import SubscriptionState
from service.domain.trials.lifecycle import EventState
from service.store.sql import tables as t
from service.store.sql.bulk import in_values
from service.store.sql.keys import by_id, of_subscriber, same_subscriber
from service.store.sql.rows import columns_of, fetch_all, fetch_first, named

_s, _topic, _cursor, _slot = t.subscription.c, t.topic.c, t.cursor.c, t.slot.c
_change, _digest, _delivery, _run = t.change.c, t.digest.c, t.delivery.c, t.run.c
_event, _revision = t.event.c, t.trial_revision.c

#: The maximum number of rows in each list, so that an account stays readable.
MOST = 20


class SubscriptionProgress(NamedTuple):
    """A subscription with its topic, and how far the digests of its frequency have come (`seq`, `behind`).

    The slot is that of the cursor; both are None until the subscription was active.
    """

    topic_id: int
    state: str
    frequency: str
    filters: Mapping[str, Any] | None
    small_changes: bool
    active_seq: int
    resume_after_seq: int | None
    in_planning: bool
    end_reason: str | None
    created_at: datetime
    activated_at: datetime | None
    ended_at: datetime | None
    key: str
    name: str | None
    seq: int | None
    behind: bool | None
    zone: str | None
    hour: int | None
    weekday: int | None


class LoggedChange(NamedTuple):
    """A change of the log, and the event that caused it, as long as that is known."""

    seq: int
    nct_id: str
    kind: str
    level: int
    before: Any
    after: Any
    recorded_at: datetime
    event_id: int | None


class ConcernedTopic(NamedTuple):
    """A topic and the number of its followers."""

    id: int
    key: str
    name: str | None
    followers: int


class DeliveryWithRun(NamedTuple):
    """A delivery with its digest and its run, whose fields are None if it has none."""

    id: int
    subscriber_id: int
    kind: str
    state: str
    outcome: str | None
    server_reply: str | None
    attempts: int
    due_at: datetime
    lease_until: datetime | None
    created_at: datetime
    first_attempt_at: datetime | None
    finished_at: datetime | None
    history: Sequence[Any] | None
    digest_id: int | None
    run_id: int | None
    from_seq: int | None
    to_seq: int | None
    topics: str | None
    reported: Mapping[str, Any] | None
    rolled_back: bool | None
    frequency: str | None
    run_state: str | None
    news: str | None
    planned_at: datetime | None
    held_because: str | None


class ReachingRun(NamedTuple):
    """A run of digests."""

    id: int
    frequency: str
    state: str
    planned_at: datetime
    digests: int
    held_because: str | None


async def subscriptions(
    connection: AsyncConnection, subscriber_id: int, topic_ids: Collection[int] = ()
) -> list[SubscriptionProgress]:
    """A person's present and former subscriptions, with the progress of their digests of that frequency."""
    cursor = same_subscriber(t.cursor, t.subscription) & (_cursor.frequency == _s.frequency)
    statement = (
        select(
            *columns_of(SubscriptionProgress, t.subscription),
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
    return await fetch_all(connection, SubscriptionProgress, statement)


def _changes() -> Select[Any]:
    return select(*columns_of(LoggedChange, t.change)).order_by(_change.seq.desc()).limit(MOST)


async def news_of_topic(connection: AsyncConnection, topic_id: int, limit: int) -> list[LoggedChange]:
    """The newest changes of a topic."""
    link = t.change_topic.c
    statement = _changes().join(t.change_topic, link.seq == _change.seq).where(link.topic_id == topic_id)
    return await fetch_all(connection, LoggedChange, statement.limit(limit))


async def changes_of_event(connection: AsyncConnection, event_id: int) -> list[LoggedChange]:
    """The changes that an event caused."""
    return await fetch_all(connection, LoggedChange, _changes().where(_change.event_id == event_id))


async def newest_event_about(connection: AsyncConnection, nct_id: str) -> int | None:
    """The newest event about a trial that was accepted, waits or is in trouble; None: none is kept."""
    accepted = select(func.max(_revision.event_id)).where(_revision.nct_id == nct_id)
    others = (
        select(func.max(_event.id)).where(_event.state == state, _event.subject == nct_id)
        for state in (EventState.RECEIVED, EventState.DEAD, EventState.CONFLICT)
    )
    found = [(await connection.execute(statement)).scalar() for statement in (accepted, *others)]
    return max((number for number in found if number is not None), default=None)


async def topics_of(connection: AsyncConnection, seqs: Collection[int]) -> list[ConcernedTopic]:
    """The topics whose followers these changes concern, each with the number of its followers."""
    concerned = select(t.change_topic.c.topic_id).where(in_values(connection, t.change_topic.c.seq, seqs))
    topics = select(_topic.id, _topic.key, _topic.name).where(_topic.id.in_(concerned))
    found = (await connection.execute(topics.order_by(_topic.id).limit(MOST))).all()
    # Citus takes no subquery on a distributed table for each row of a reference table.
    following = in_values(connection, _s.topic_id, [row.id for row in found])
    counted = (
        select(_s.topic_id, func.count())
        .where(_s.bucket.in_(BUCKETS), following, _s.state == SubscriptionState.ACTIVE)
        .group_by(_s.topic_id)
    )
    followers = {row[0]: row[1] for row in await connection.execute(counted)}
    return [ConcernedTopic(*row, followers=followers.get(row.id, 0)) for row in found]


async def mail(connection: AsyncConnection, delivery_id: int) -> DeliveryWithRun | None:
    """A mail with its digest and its run, where it has them."""
    return await fetch_first(connection, DeliveryWithRun, _mails().where(by_id(t.delivery, delivery_id)))


def _mails() -> Select[Any]:
    return (
        select(
            *(
                _delivery[name]
                for name in DeliveryWithRun._fields[: DeliveryWithRun._fields.index("from_seq")]
            ),
            _digest.from_seq,
            _digest.to_seq,
            _digest.topics,
            named(_digest.reported),
            named(_digest.rolled_back),
            _run.frequency,
            _run.state.label("run_state"),
            _run.news,
            _run.planned_at,
            _run.held_because,
        )
        .outerjoin(t.digest, (_digest.bucket == _delivery.bucket) & (_digest.id == _delivery.digest_id))
        .outerjoin(t.run, _run.id == _delivery.run_id)
    )


async def mails_to(connection: AsyncConnection, subscriber_id: int) -> list[DeliveryWithRun]:
    """The newest mails to a person, with their digests and runs."""
    statement = _mails().where(of_subscriber(t.delivery, subscriber_id))
    newest = statement.order_by(_delivery.id.desc()).limit(5 * MOST)
    return await fetch_all(connection, DeliveryWithRun, newest)


async def runs_reaching(connection: AsyncConnection, seq: int) -> list[ReachingRun]:
    """The first runs of each frequency that reach a change of the log, the oldest first."""
    statement = (
        select(*columns_of(ReachingRun, t.run)).where(_run.to_seq >= seq).order_by(_run.id).limit(MOST)
    )
    return await fetch_all(connection, ReachingRun, statement)


async def mails_covering(
    connection: AsyncConnection, run_ids: Collection[int], seq: int, topic_ids: Collection[int]
) -> dict[tuple[str, str], int]:
    """The number of mails of these runs that cover a change of these topics, by state and outcome."""
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
