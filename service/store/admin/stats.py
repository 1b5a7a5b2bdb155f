"""Statistics for operators: aggregated in SQL, without personal data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.kinds import TRANSACTIONAL
from service.domain.delivery.smtp_reply import OutcomeKind
from service.domain.delivery.states import DeliveryState
from service.domain.delivery.suppression import FEEDBACK, Reason
from service.domain.digests.run import RunState
from service.domain.own_events import OWN_SOURCES
from service.domain.subscription import SubscriptionState
from service.domain.trials.lifecycle import EventState
from service.store.people import canaries
from service.store.sql import tables as t

#: Follower counts up to this are suppressed, and counts from which they could be derived (small cells).
HIDDEN_UP_TO = 10

#: Topics that are listed with their followers.
_MOST_TOPICS = 20

#: States of events that need an operator.
TROUBLE = (EventState.DEAD, EventState.CONFLICT)

DAY, WEEK = timedelta(days=1), timedelta(days=7)

_d = t.delivery.c


@dataclass(frozen=True, slots=True)
class Queue:
    """The number of waiting rows, and the time of the oldest (UTC)."""

    depth: int
    oldest: datetime | None

    def age(self, now: datetime) -> float:
        """Seconds that the oldest row has waited; 0 without rows."""
        return max(0.0, (now - self.oldest).total_seconds()) if self.oldest else 0.0


@dataclass(frozen=True, slots=True)
class TopicFollowers:
    """A topic with more followers than the suppression threshold."""

    key: str
    name: str | None
    followers: int


async def queues(connection: AsyncConnection, now: datetime) -> dict[str, Queue]:
    """The backlog of the workers: requests, events, due mails; and `held` mails, for an operator.

    `deliveries` are those waiting since they were first due, for any reason, in flight included; except
    `deferred`: those that the recipients' servers deferred.
    """
    r, e = t.request.c, t.event.c
    held = select(func.coalesce(func.sum(t.run.c.digests), 0), func.min(t.run.c.planned_at))
    waiting: dict[str, Select[Any, Any]] = {
        "requests": select(func.count(), func.min(r.received_at)).select_from(t.request),
        "events": select(func.count(), func.min(e.received_at)).where(e.state == EventState.RECEIVED),
        "held": held.where(t.run.c.state == RunState.HELD),
    }
    found = {name: Queue(*(await connection.execute(statement)).one()) for name, statement in waiting.items()}
    return found | await _mails_waiting(connection, now)


async def _mails_waiting(connection: AsyncConnection, now: datetime) -> dict[str, Queue]:
    """Mails that have been due, and are not sent: one look at the index of queued and claimed ones."""
    was_due = (_d.due_at <= now) | (_d.first_attempt_at <= now)
    # An attempt that failed moved `due_at` ahead; the first one began when the mail was first due.
    first_due = case((_d.first_attempt_at < _d.due_at, _d.first_attempt_at), else_=_d.due_at)
    queue = case((_d.outcome == OutcomeKind.DEFERRED, "deferred"), else_="deliveries").label("queue")
    counted = (
        select(queue, func.count(), func.min(first_due))
        .where(or_(_d.state == DeliveryState.QUEUED, _d.state == DeliveryState.CLAIMED), was_due)
        .group_by(queue)
    )
    found = {name: Queue(*values) for name, *values in await connection.execute(counted)}
    return {name: found.get(name, Queue(0, None)) for name in ("deliveries", "deferred")}


async def template_faults(connection: AsyncConnection, *, limit: int) -> dict[str, int]:
    """Mails that wait for a template to be corrected, by its fault: the most frequent ones."""
    waits = or_(_d.state == DeliveryState.QUEUED, _d.state == DeliveryState.CLAIMED)
    counted = (
        select(func.coalesce(_d.server_reply, ""), func.count().label("mails"))
        .where(waits, _d.outcome == OutcomeKind.TEMPLATE_FAULT)
        .group_by(_d.server_reply)
        .order_by(func.count().desc(), _d.server_reply)
        .limit(limit)
    )
    return {row[0]: row[1] for row in await connection.execute(counted)}


async def delayed_mails(connection: AsyncConnection, now: datetime) -> int:
    """Mails that people requested at a form and that a limit delays, but for those that are tried again."""
    waits = (
        (_d.state == DeliveryState.QUEUED)
        & (_d.priority == TRANSACTIONAL)
        & (_d.due_at > now)
        & (_d.attempts == 0)
    )
    return int((await connection.execute(select(func.count()).where(waits))).scalar_one())


async def _by(
    connection: AsyncConnection, column: ColumnElement[Any], *where: ColumnElement[bool]
) -> dict[str, int]:
    """Row counts by the values of one column, largest first."""
    counted = select(column, func.count()).where(*where).group_by(column).order_by(func.count().desc())
    return {row[0]: row[1] for row in await connection.execute(counted)}


async def subscribers_by_state(connection: AsyncConnection, now: datetime) -> dict[str, int]:
    """People: `unconfirmed`, `paused`, `confirmed`; without canaries."""
    s = t.subscriber.c
    people = s.id.not_in(await canaries.subscriber_ids(connection))
    state = case(
        (s.confirmed_at.is_(None), "unconfirmed"), (s.paused_until > now, "paused"), else_="confirmed"
    ).label("state")
    counted = select(state, func.count()).where(people).group_by(state)
    return {row[0]: row[1] for row in await connection.execute(counted)}


async def subscriptions_by_state(connection: AsyncConnection) -> dict[str, dict[str, int]]:
    """Subscriptions by state, and in each by frequency; without canaries'."""
    s = t.subscription.c
    of_people = s.subscriber_id.not_in(await canaries.subscriber_ids(connection))
    counted = select(s.state, s.frequency, func.count()).where(of_people)
    counted = counted.group_by(s.state, s.frequency).order_by(s.state)
    found: dict[str, dict[str, int]] = {}
    for state, frequency, number in await connection.execute(counted):
        found.setdefault(state, {})[frequency] = number
    return found


async def events_by_state(connection: AsyncConnection) -> dict[str, int]:
    """The ingestor's events that are kept."""
    return await _by(connection, t.event.c.state, t.event.c.source.not_in(OWN_SOURCES))


async def events_in_trouble(connection: AsyncConnection) -> dict[str, int]:
    """Events that need an operator, by state; fast at any size."""
    state = t.event.c.state
    return dict.fromkeys(TROUBLE, 0) | await _by(connection, state, state.in_(TROUBLE))


async def runs_by_state(connection: AsyncConnection) -> dict[str, int]:
    """Runs that are kept."""
    return await _by(connection, t.run.c.state)


async def suppressions_by_reason(connection: AsyncConnection) -> dict[str, int]:
    """Suppressed addresses."""
    return await _by(connection, t.suppression.c.reason)


async def deliveries_by_state(connection: AsyncConnection, since: datetime) -> dict[str, int]:
    """Mails that were queued since then."""
    return await _by(connection, _d.state, _d.created_at >= since)


async def deliveries_by_outcome(
    connection: AsyncConnection, since: datetime
) -> list[tuple[DeliveryState, str, int]]:
    """The number of mails queued since then, by state and outcome."""
    counted = select(_d.state, func.coalesce(_d.outcome, ""), func.count()).where(_d.created_at >= since)
    rows = await connection.execute(counted.group_by(_d.state, _d.outcome))
    return [(DeliveryState(state), outcome, number) for state, outcome, number in rows]


async def last_run_sizes(connection: AsyncConnection) -> dict[str, int]:
    """The digests of the newest run of each frequency."""
    newest = (
        select(func.max(t.run.c.id)).where(t.run.c.state != RunState.PLANNING).group_by(t.run.c.frequency)
    )
    rows = await connection.execute(select(t.run.c.frequency, t.run.c.digests).where(t.run.c.id.in_(newest)))
    return {row.frequency: row.digests for row in rows}


async def complaints(connection: AsyncConnection, since: datetime) -> tuple[int, int]:
    """Complaints about our mail since then, and the digests planned since then that were not held.

    Imported ones, which were about another service's mail, are not counted.
    Counted by runs and suppressions, which are few, and not by mails: cheap at any size.
    """
    x, r = t.suppression.c, t.run.c
    complained = select(func.count()).where(
        x.reason == Reason.COMPLAINT, x.source == FEEDBACK, x.created_at >= since
    )
    left = r.state.in_((RunState.QUEUED, RunState.RELEASED))
    sent = select(func.coalesce(func.sum(r.digests), 0)).where(r.planned_at >= since, left)
    one = (await connection.execute(complained)).scalar_one()
    return one, int((await connection.execute(sent)).scalar_one())


async def top_topics(connection: AsyncConnection, active: int) -> list[TopicFollowers]:
    """The topics that most people follow, but for small counts and those that would reveal them.

    `active`: all active subscriptions, as `subscriptions_by_state` counts them.
    """
    s, topic = t.subscription.c, t.topic.c
    people = s.subscriber_id.not_in(await canaries.subscriber_ids(connection))
    counted = (
        select(s.topic_id, func.count().label("followers"))
        .where(s.state == SubscriptionState.ACTIVE, people)
        .group_by(s.topic_id)
        .having(func.count() > HIDDEN_UP_TO)
        .order_by(func.count().desc(), s.topic_id)
        .limit(_MOST_TOPICS)
        .subquery()
    )
    statement = (
        select(topic.key, topic.name, counted.c.followers)
        .join(counted, counted.c.topic_id == topic.id)
        .order_by(counted.c.followers.desc(), topic.id)
    )
    shown = [TopicFollowers(*row) for row in await connection.execute(statement)]
    return shown[: safe_length([topic.followers for topic in shown], active)]


def safe_length(counts: Iterable[int], total: int) -> int:
    """The number of `counts` (the largest first) that may be shown beside their `total`.

    The hidden ones together are the total less the shown ones: they must be none, or more than a small count.
    Where it is not, the smallest counts shown go too (complementary suppression).
    """
    shown = list(counts)
    while shown and 0 < total - sum(shown) <= HIDDEN_UP_TO:
        shown.pop()
    return len(shown)
