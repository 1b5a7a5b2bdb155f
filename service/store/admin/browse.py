"""Lists for operators: events, mails and suppressions, in pages, newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.store.sql import tables as t
from service.store.sql.keys import by_id, of_subscriber

_e, _d, _x = t.event.c, t.delivery.c, t.suppression.c

_EVENT: tuple[ColumnElement[Any], ...] = (
    _e.id,
    _e.source,
    _e.event_id,
    _e.type,
    _e.subject,
    _e.revision,
    _e.observed_at,
    _e.received_at,
    _e.state,
    _e.reason,
    _e.processed_at,
)

#: The columns of a mail without its content.
_MAIL: tuple[ColumnElement[Any], ...] = (
    _d.id,
    _d.subscriber_id,
    _d.kind,
    _d.state,
    _d.outcome,
    _d.server_reply,
    _d.run_id,
    _d.attempts,
    _d.message_key,
    _d.due_at,
    _d.created_at,
    _d.first_attempt_at,
    _d.finished_at,
    _d.history,
)


async def events(
    connection: AsyncConnection,
    *,
    states: Sequence[str] = (),
    before: int | None = None,
    limit: int = 50,
) -> Sequence[Row[Any]]:
    """Up to `limit` events without their bodies, in any of `states` (all, when empty)."""
    statement = select(*_EVENT).order_by(_e.id.desc()).limit(limit)
    if states:
        statement = statement.where(_e.state.in_(states))
    if before is not None:
        statement = statement.where(_e.id < before)
    return (await connection.execute(statement)).all()


async def events_about(connection: AsyncConnection, subject: str, *, limit: int = 50) -> Sequence[Row[Any]]:
    """The newest events about a trial or a condition, by its id."""
    statement = select(*_EVENT).where(_e.subject == subject).order_by(_e.id.desc()).limit(limit)
    return (await connection.execute(statement)).all()


async def newest_event(connection: AsyncConnection) -> datetime | None:
    """When the last event was received, None before the first."""
    newest: datetime | None = (await connection.execute(select(func.max(_e.received_at)))).scalar_one()
    return newest


async def event(connection: AsyncConnection, event_id: int) -> Row[Any] | None:
    """One event with its body, or None. Bodies of old events have been deleted."""
    columns: tuple[ColumnElement[Any], ...] = (*_EVENT, _e.body)
    return (await connection.execute(select(*columns).where(_e.id == event_id))).first()


async def delivery(connection: AsyncConnection, delivery_id: int) -> Row[Any] | None:
    """One mail, None when there is none."""
    return (await connection.execute(select(*_MAIL).where(by_id(t.delivery, delivery_id)))).first()


async def deliveries(
    connection: AsyncConnection,
    *,
    since: datetime,
    state: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[Row[Any]]:
    """Up to `limit` mails to anybody, newest first; those of one `state` are searched for from `since` on."""
    wanted = [] if before is None else [_d.id < before]
    if state is not None:
        wanted += [_d.state == state, _d.created_at >= since]
    found = list[Row[Any]]()
    for bucket in BUCKETS:
        newest = select(*_MAIL).where(_d.bucket == bucket, *wanted).order_by(_d.id.desc()).limit(limit)
        found += (await connection.execute(newest)).all()
    return sorted(found, key=lambda mail: mail.id, reverse=True)[:limit]


async def deliveries_of(
    connection: AsyncConnection, subscriber_id: int, *, before: int | None = None, limit: int = 50
) -> Sequence[Row[Any]]:
    """Up to `limit` mails to one person."""
    statement = (
        select(*_MAIL).where(of_subscriber(t.delivery, subscriber_id)).order_by(_d.id.desc()).limit(limit)
    )
    if before is not None:
        statement = statement.where(_d.id < before)
    return (await connection.execute(statement)).all()


async def suppressions(
    connection: AsyncConnection,
    *,
    reason: str | None = None,
    before: tuple[datetime, bytes] | None = None,
    limit: int = 50,
) -> Sequence[Row[Any]]:
    """Up to `limit` suppressions; `before` is the moment and the keyed index of the last one seen."""
    statement = select(t.suppression).order_by(_x.created_at.desc(), _x.address_index.desc()).limit(limit)
    if reason is not None:
        statement = statement.where(_x.reason == reason)
    if before is not None:
        moment, index = before
        same = and_(_x.created_at == moment, _x.address_index < index)
        statement = statement.where(or_(_x.created_at < moment, same))
    return (await connection.execute(statement)).all()


async def suppression(connection: AsyncConnection, address_index: bytes) -> Row[Any] | None:
    """The suppression of an address (reason, time, source), or None."""
    return (await connection.execute(select(t.suppression).where(_x.address_index == address_index))).first()
