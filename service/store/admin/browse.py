"""Lists for operators: events, mails and suppressions, in pages, newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.domain.delivery.states import DeliveryState
from service.domain.own_events import OWN_SOURCES
from service.store.people.rows import Suppression
from service.store.sql import tables as t
from service.store.sql.keys import by_id, of_subscriber
from service.store.sql.rows import columns_of, fetch_all, fetch_first

_e, _d, _x = t.event.c, t.delivery.c, t.suppression.c


class Event(NamedTuple):
    """A stored event without its body."""

    id: int
    source: str
    event_id: str
    type: str
    subject: str
    revision: int | None
    observed_at: datetime | None
    received_at: datetime
    state: str
    reason: str | None
    processed_at: datetime | None


class WholeEvent(NamedTuple):
    """A stored event with its body, as long as that is kept."""

    id: int
    source: str
    event_id: str
    type: str
    subject: str
    revision: int | None
    observed_at: datetime | None
    received_at: datetime
    state: str
    reason: str | None
    processed_at: datetime | None
    body: str | None


class Delivery(NamedTuple):
    """A delivery without its content."""

    id: int
    subscriber_id: int
    kind: str
    state: str
    outcome: str | None
    server_reply: str | None
    run_id: int | None
    attempts: int
    message_key: str
    due_at: datetime
    created_at: datetime
    first_attempt_at: datetime | None
    finished_at: datetime | None
    history: list[Any] | None


_EVENT, _DELIVERY = columns_of(Event, t.event), columns_of(Delivery, t.delivery)

#: Most mails are in this state, so the newest of each bucket are found at once. The few in another state are
#: searched for in one statement, not once in each bucket.
_FOUND_BY_BUCKET = (None, DeliveryState.SENT)


async def events(
    connection: AsyncConnection,
    *,
    states: Sequence[str] = (),
    before: int | None = None,
    limit: int = 50,
) -> list[Event]:
    """Up to `limit` events without their bodies, in any of `states` (all, when empty)."""
    statement = select(*_EVENT).order_by(_e.id.desc()).limit(limit)
    if states:
        statement = statement.where(_e.state.in_(states))
    if before is not None:
        statement = statement.where(_e.id < before)
    return await fetch_all(connection, Event, statement)


async def events_about(connection: AsyncConnection, subject: str, *, limit: int = 50) -> list[Event]:
    """The newest events about a trial or a condition, by its id."""
    statement = select(*_EVENT).where(_e.subject == subject).order_by(_e.id.desc()).limit(limit)
    return await fetch_all(connection, Event, statement)


async def newest_event(connection: AsyncConnection) -> datetime | None:
    """The time of the ingestor's last event, None before the first; the service's own events do not count."""
    newest = select(_e.received_at).where(_e.source.not_in(OWN_SOURCES)).order_by(_e.id.desc()).limit(1)
    return (await connection.execute(newest)).scalar()


async def event(connection: AsyncConnection, event_id: int) -> Event | None:
    """One event without its body, or None."""
    return await fetch_first(connection, Event, select(*_EVENT).where(_e.id == event_id))


async def whole_event(connection: AsyncConnection, event_id: int) -> WholeEvent | None:
    """One event with its body, or None. Bodies of old events have been deleted."""
    statement = select(*columns_of(WholeEvent, t.event)).where(_e.id == event_id)
    return await fetch_first(connection, WholeEvent, statement)


async def delivery(connection: AsyncConnection, delivery_id: int) -> Delivery | None:
    """One mail, None when there is none."""
    return await fetch_first(connection, Delivery, select(*_DELIVERY).where(by_id(t.delivery, delivery_id)))


async def deliveries(
    connection: AsyncConnection,
    *,
    since: datetime,
    state: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Delivery]:
    """Up to `limit` mails to anybody, newest first; those of one `state` are searched for from `since` on."""
    newest = _newest_deliveries(since, state, before, limit)
    if state not in _FOUND_BY_BUCKET:
        return await fetch_all(connection, Delivery, newest)
    found = list[Delivery]()
    for bucket in BUCKETS:
        found += await fetch_all(connection, Delivery, newest.where(_d.bucket == bucket))
    return sorted(found, key=lambda mail: mail.id, reverse=True)[:limit]


def _newest_deliveries(since: datetime, state: str | None, before: int | None, limit: int) -> Select[Any]:
    newest = select(*_DELIVERY).order_by(_d.id.desc()).limit(limit)
    if before is not None:
        newest = newest.where(_d.id < before)
    if state is not None:
        # The state is part of the text, so that PostgreSQL can use the indexes of mails that wait.
        newest = newest.where(
            _d.state == bindparam(None, state, literal_execute=True), _d.created_at >= since
        )
    return newest


async def deliveries_of(
    connection: AsyncConnection, subscriber_id: int, *, before: int | None = None, limit: int = 50
) -> list[Delivery]:
    """Up to `limit` mails to one person."""
    statement = (
        select(*_DELIVERY).where(of_subscriber(t.delivery, subscriber_id)).order_by(_d.id.desc()).limit(limit)
    )
    if before is not None:
        statement = statement.where(_d.id < before)
    return await fetch_all(connection, Delivery, statement)


async def suppressions(
    connection: AsyncConnection,
    *,
    reason: str | None = None,
    before: tuple[datetime, bytes] | None = None,
    limit: int = 50,
) -> list[Suppression]:
    """Up to `limit` suppressions; `before` is the moment and the keyed index of the last one seen."""
    columns = columns_of(Suppression, t.suppression)
    statement = select(*columns).order_by(_x.created_at.desc(), _x.address_index.desc()).limit(limit)
    if reason is not None:
        statement = statement.where(_x.reason == reason)
    if before is not None:
        moment, index = before
        same = and_(_x.created_at == moment, _x.address_index < index)
        statement = statement.where(or_(_x.created_at < moment, same))
    return await fetch_all(connection, Suppression, statement)
