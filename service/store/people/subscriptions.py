"""Subscriptions: pending, active, ended. Transitions keep the changes that are still to be sent.

The caller holds the person's lock (`subscribers.lock`) in the same transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.kinds import MailKind
from service.domain.delivery.states import UNCLAIMED, DeliveryState
from service.domain.digests.schedule import Frequency
from service.domain.subscription import ENDED_WITH_TOPIC, EndReason, SubscriptionState
from service.store import change_log
from service.store.people import cursors, subscribers
from service.store.people.joined_topics import with_joined
from service.store.people.rows import Subscriber, Subscription
from service.store.sql import tables as t
from service.store.sql.bulk import insert
from service.store.sql.keys import by_id, by_ids, new_key_of, of_subscriber
from service.store.sql.rows import columns_of, fetch_all

_s, _effective = t.subscription, t.topic.alias()

#: The time within which a mail that reported the end of a trial may come back, though it waited for days.
_MAY_COME_BACK = timedelta(days=30)


async def add_pending(
    connection: AsyncConnection,
    subscriber_id: int,
    topic_id: int,
    *,
    frequency: str,
    filters: Mapping[str, Any] | None,
    small_changes: bool,
    now: datetime,
    confirmation_id: int = 0,
    older_number: str | None = None,
) -> int:
    """Adds a subscription that waits for confirmation; returns its id.

    `confirmation_id` is the mail that lists it: of one mail, the newest request for a topic replaces others.
    `older_number`: that of the requested trial, which was merged into this one.
    """
    requested = {
        "frequency": frequency,
        "filters": dict(filters) if filters else None,
        "small_changes": small_changes,
        "created_at": now,
        "older_number": older_number,
    }
    statement = insert(connection, _s).values(
        **new_key_of(subscriber_id),
        topic_id=topic_id,
        state=SubscriptionState.PENDING,
        active_seq=0,
        in_planning=False,
        confirmation_id=confirmation_id,
        **requested,
    )
    kept = statement.on_conflict_do_update(
        index_elements=["bucket", "subscriber_id", "topic_id", "confirmation_id"],
        index_where=text("state = 'pending'"),
        set_=requested,
    )
    return int((await connection.execute(kept.returning(_s.c.id))).scalar_one())


async def with_states(
    connection: AsyncConnection, subscriber_id: int, *states: SubscriptionState
) -> list[Subscription]:
    """The person's subscriptions in these states, by id."""
    c = _effective.c
    topic = (c.id.label("effective_topic_id"), c.key, c.kind, c.name)
    statement = (
        select(*columns_of(Subscription, _s), *topic)
        .join(t.topic, t.topic.c.id == _s.c.topic_id)
        .join(_effective, c.id == func.coalesce(t.topic.c.joined_id, t.topic.c.id))
        .where(of_subscriber(_s, subscriber_id), _s.c.state.in_(states))
        .order_by(_s.c.id)
    )
    return await fetch_all(connection, Subscription, statement)


async def pending(connection: AsyncConnection, subscriber_id: int) -> list[Subscription]:
    """The subscriber's pending subscriptions."""
    return await with_states(connection, subscriber_id, SubscriptionState.PENDING)


async def named_by(
    connection: AsyncConnection, subscriber_id: int, confirmation_id: int
) -> list[Subscription]:
    """The subscriber's pending subscriptions that this mail lists."""
    return [row for row in await pending(connection, subscriber_id) if row.confirmation_id == confirmation_id]


async def name_anew(
    connection: AsyncConnection, waiting: Sequence[Subscription], confirmation_id: int, now: datetime
) -> None:
    """Assigns pending subscriptions to a new mail, since the previous mail's link has expired."""
    for request in waiting:
        await add_pending(
            connection,
            request.subscriber_id,
            request.topic_id,
            frequency=request.frequency,
            filters=request.filters,
            small_changes=request.small_changes,
            now=now,
            confirmation_id=confirmation_id,
            older_number=request.older_number,
        )


async def active(connection: AsyncConnection, subscriber_id: int) -> list[Subscription]:
    """The subscriber's active subscriptions."""
    return await with_states(connection, subscriber_id, SubscriptionState.ACTIVE)


async def activate_pending(
    connection: AsyncConnection,
    subscriber_id: int,
    now: datetime,
    *,
    ids: Collection[int] | None = None,
) -> int:
    """Activates pending subscriptions (or those of `ids`) from the head of the log; returns how many.

    A pending one for a topic that is followed already changes that subscription instead. Of several for a
    topic the newest counts; equal ones that other mails list end as superseded.
    """
    person = await subscribers.get(connection, subscriber_id)
    assert person is not None
    await cursors.lock(connection, subscriber_id)  # before subscriptions, as planning does
    rows = await with_states(connection, subscriber_id, SubscriptionState.ACTIVE, SubscriptionState.PENDING)
    followed = {row.effective_topic_id: row for row in rows if row.state == SubscriptionState.ACTIVE}
    waiting = [row for row in rows if row.state == SubscriptionState.PENDING]
    chosen = {row.effective_topic_id: row for row in waiting if ids is None or row.id in ids}
    for frequency in sorted({row.frequency for key, row in chosen.items() if key not in followed}):
        await cursors.get_or_create(connection, person, frequency, now)
    for topic_id, request in chosen.items():
        if topic_id in followed:
            await change(
                connection,
                followed[topic_id].id,
                filters=request.filters,
                small_changes=request.small_changes,
            )
            await change_frequency(connection, person, followed[topic_id], request.frequency, now)
        else:
            active = {
                "topic_id": topic_id,
                "state": SubscriptionState.ACTIVE,
                "in_planning": True,
                "activated_at": now,
                "active_seq": await change_log.head(connection),
            }
            await connection.execute(update(_s).where(by_id(_s, request.id)).values(**active))
    rivals = [(row, chosen[row.effective_topic_id]) for row in waiting if row.effective_topic_id in chosen]
    done = [
        row.id
        for row, newest in rivals
        if (newest.effective_topic_id in followed or row.id != newest.id)
        and (ids is None or row.id in ids or _is_equal(row, newest))
    ]
    if done:
        ended = {"state": SubscriptionState.ENDED, "end_reason": EndReason.SUPERSEDED, "ended_at": now}
        await connection.execute(update(_s).where(by_ids(connection, _s, done)).values(**ended))
    return len(chosen)


def _is_equal(request: Subscription, other: Subscription) -> bool:
    return (request.frequency, request.filters or None, bool(request.small_changes)) == (
        other.frequency,
        other.filters or None,
        bool(other.small_changes),
    )


async def change_frequency(
    connection: AsyncConnection, person: Subscriber, followed: Subscription, frequency: str, now: datetime
) -> None:
    """Changes the frequency of an active subscription; the new cursor continues where the old one ended.

    A stored frequency that is none has no cursor: the subscription continues where the new one is.
    """
    if followed.frequency == frequency:
        return
    had = followed.frequency if followed.frequency in set(Frequency) else frequency
    old = await cursors.get_or_create(connection, person, had, now)
    await cursors.get_or_create(connection, person, frequency, now)
    where = by_id(_s, followed.id) & (_s.c.state == SubscriptionState.ACTIVE)
    fresh = (await connection.execute(select(_s.c.active_seq, _s.c.resume_after_seq).where(where))).first()
    if fresh is None:
        return
    resume_after = (
        max(fresh.active_seq, old.seq) if fresh.resume_after_seq is None else fresh.resume_after_seq
    )
    await connection.execute(
        update(_s).where(where).values(frequency=frequency, resume_after_seq=resume_after)
    )
    await cursors.mark_behind(connection, person.id, frequency)


async def change(connection: AsyncConnection, subscription_id: int, **values: Any) -> None:
    """Sets columns of a subscription, such as its filters, for digests from now on."""
    await connection.execute(update(_s).where(by_id(_s, subscription_id)).values(**values))


async def end(
    connection: AsyncConnection,
    subscriber_id: int,
    *,
    reason: EndReason,
    now: datetime,
    topic_ids: Collection[int] | None = None,
) -> int:
    """Ends active and pending subscriptions, also to topics joined to these; returns how many were active.

    Those that had ended with their topic have this reason from then on, so that their end is not reported any
    more, not even if the mail that did so comes back; without `topic_ids`, those that may still be reported.
    """
    mine = of_subscriber(_s, subscriber_id)
    where = mine & _s.c.state.in_((SubscriptionState.ACTIVE, SubscriptionState.PENDING))
    in_planning = mine & _s.c.in_planning
    with_topic = mine & _s.c.end_reason.in_(ENDED_WITH_TOPIC)
    if topic_ids is not None:
        of_topics = _s.c.topic_id.in_(with_joined(topic_ids))
        where, in_planning, with_topic = where & of_topics, in_planning & of_topics, with_topic & of_topics
    else:
        with_topic &= or_(_s.c.end_reason == EndReason.JOINED, _s.c.ended_at > now - _MAY_COME_BACK)
    states = (await connection.execute(select(_s.c.state).where(where))).scalars().all()
    await connection.execute(update(_s).where(in_planning).values(in_planning=False))
    await connection.execute(update(_s).where(with_topic).values(end_reason=reason))
    ended = {"state": SubscriptionState.ENDED, "end_reason": reason, "ended_at": now, "in_planning": False}
    await connection.execute(update(_s).where(where).values(**ended))
    if topic_ids is None:
        waiting = of_subscriber(t.delivery, subscriber_id) & t.delivery.c.state.in_(UNCLAIMED)
        cancelled = {"state": DeliveryState.CANCELLED, "outcome": reason, "finished_at": now}
        digests = waiting & (t.delivery.c.kind == MailKind.DIGEST)
        await connection.execute(update(t.delivery).where(digests).values(**cancelled))
    return sum(state == SubscriptionState.ACTIVE for state in states)


async def schedule(
    connection: AsyncConnection, subscriber_id: int, *, hour: int, weekday: int, zone: str, now: datetime
) -> None:
    """Sets the hour, the weekday (Monday is 0; for weekly digests) and the time zone of a person's mail."""
    values = {"hour": hour, "weekday": weekday, "timezone": zone}
    of_person = by_id(t.subscriber, subscriber_id)
    await connection.execute(update(t.subscriber).where(of_person).values(**values))
    person = await subscribers.get(connection, subscriber_id)
    assert person is not None
    await cursors.reschedule(connection, person, now)
