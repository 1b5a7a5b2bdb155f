"""Figures by day for the operators' charts: counted while their rows are kept, and stored permanently."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from math import ceil

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.domain.delivery.states import DeliveryState
from service.domain.delivery.suppression import FEEDBACK, Reason
from service.domain.digests.schedule import Frequency
from service.domain.own_events import OWN_SOURCES
from service.store.people import canaries
from service.store.sql import tables as t
from service.store.sql.bulk import insert


class DailyName(StrEnum):
    """Figures that are counted by day (UTC). A mail counts on the day on which it was queued."""

    MAILS_SENT = "mails_sent"  # accepted by a mail server
    MAILS_BOUNCED = "mails_bounced"  # the mailbox does not exist
    MAILS_FAILED = "mails_failed"  # failed for another reason
    EVENTS = "events"  # received from the ingestor
    COMPLAINTS = "complaints"  # reports of our mail as spam
    CONFIRMED = "confirmed"  # subscriptions that were confirmed
    ENDED = "ended"  # subscriptions that ended, for any reason


#: The figure in which a mail of each state counts.
_OF_STATE = {
    DeliveryState.SENT: DailyName.MAILS_SENT,
    DeliveryState.BOUNCED: DailyName.MAILS_BOUNCED,
    DeliveryState.FAILED: DailyName.MAILS_FAILED,
}


async def count_traffic(connection: AsyncConnection, day: date) -> dict[DailyName, int]:
    """Mails, events and complaints of a day, without the service's own events; reads by indexes on time."""
    d = t.delivery.c
    mails = select(d.state, func.count()).where(_within(d.created_at, day)).group_by(d.state)
    counts = dict.fromkeys(_OF_STATE.values(), 0)
    for state, number in await connection.execute(mails):
        if state in _OF_STATE:
            counts[_OF_STATE[state]] = number
    x = t.suppression.c
    complained = (x.reason == Reason.COMPLAINT, x.source == FEEDBACK)
    counts[DailyName.COMPLAINTS] = await _count(connection, x.created_at, day, *complained)
    counts[DailyName.EVENTS] = await _count(
        connection, t.event.c.received_at, day, t.event.c.source.not_in(OWN_SOURCES)
    )
    return counts


async def count_people(connection: AsyncConnection, day: date) -> dict[DailyName, int]:
    """People's subscriptions confirmed and ended on a day; reads every one, so ask once a day."""
    s = t.subscription.c
    people = s.subscriber_id.not_in(await canaries.subscriber_ids(connection))
    return {
        DailyName.CONFIRMED: await _count(connection, s.activated_at, day, people),
        DailyName.ENDED: await _count(connection, s.ended_at, day, people),
    }


async def _count(
    connection: AsyncConnection, moment: ColumnElement[datetime], day: date, *where: ColumnElement[bool]
) -> int:
    statement = select(func.count()).where(_within(moment, day), *where)
    return int((await connection.execute(statement)).scalar_one())


def _within(moment: ColumnElement[datetime], day: date) -> ColumnElement[bool]:
    start = datetime.combine(day, time(), UTC)
    return (moment >= start) & (moment < start + timedelta(days=1))


async def save(connection: AsyncConnection, day: date, counts: Mapping[DailyName, int]) -> None:
    """Stores figures of a day, or replaces them."""
    fresh = insert(connection, t.daily_figure)
    statement = fresh.on_conflict_do_update(
        index_elements=["day", "name"], set_={"number": fresh.excluded.number}
    )
    await connection.execute(
        statement, [{"day": day, "name": name, "number": number} for name, number in counts.items()]
    )


async def newest_day(connection: AsyncConnection, name: DailyName) -> date | None:
    """The newest day with a figure of that name."""
    f = t.daily_figure.c
    newest: date | None = await connection.scalar(select(func.max(f.day)).where(f.name == name))
    return newest


async def since(connection: AsyncConnection, first: date) -> dict[tuple[date, str], int]:
    """All figures from that day on, by day and name."""
    f = t.daily_figure.c
    rows = await connection.execute(select(f.day, f.name, f.number).where(f.day >= first))
    return {(day, name): number for day, name, number in rows}


def quantile(ordered: Sequence[float], part: float) -> float:
    """The value of `ordered` (ascending, not empty) that `part` of them do not exceed, by nearest rank."""
    return ordered[max(0, ceil(part * len(ordered)) - 1)]


async def immediate_seconds(connection: AsyncConnection, after: datetime, limit: int) -> Sequence[float]:
    """Seconds from the planning of immediate digests until a server accepted them, ascending.

    Those of up to `limit` mails of the newest runs that were planned after `after`.
    """
    r, d = t.run.c, t.delivery.c
    newest = (
        select(r.id)
        .where(r.frequency == Frequency.IMMEDIATE, r.planned_at >= after)
        .order_by(r.id.desc())
        .limit(20)
    )
    spans = (
        select(d.created_at, d.finished_at)
        .where(
            d.bucket.in_(BUCKETS),
            d.run_id.in_(newest),
            d.state == DeliveryState.SENT,
            d.finished_at.is_not(None),
        )
        .order_by(d.id.desc())
        .limit(limit)
    )
    return sorted((done - queued).total_seconds() for queued, done in await connection.execute(spans))
