"""Cursors: the seq that a subscriber's digests have covered, per frequency, and their slots.

Lock order: the subscriber first (`subscribers.lock`), then these rows.
"""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import bucket_of
from service.domain.delivery.eligibility import OF_PEOPLE, Ineligibility
from service.domain.digests.schedule import Frequency, next_due, slot_of
from service.store import change_log
from service.store.mail.eligibility import reasons, with_suppressions
from service.store.people.rows import Cursor, Subscriber
from service.store.sql import tables as t
from service.store.sql.bulk import insert
from service.store.sql.keys import by_id, of_subscriber
from service.store.sql.rows import columns_of, fetch_first


async def get_or_create_slot(
    connection: AsyncConnection, frequency: str, zone: str, hour: int, weekday: int, now: datetime
) -> int:
    """The slot's id; a new slot starts at the head of the log, and is due at its next moment."""
    zone, hour, weekday = slot_of(frequency, zone, hour, weekday)
    where = (
        (t.slot.c.frequency == frequency)
        & (t.slot.c.zone == zone)
        & (t.slot.c.hour == hour)
        & (t.slot.c.weekday == weekday)
    )
    found = (await connection.execute(select(t.slot.c.id).where(where))).scalar()
    if found is None:
        due = now if frequency == Frequency.IMMEDIATE else next_due(frequency, zone, hour, weekday, now)
        fresh = insert(connection, t.slot).values(
            frequency=frequency,
            zone=zone,
            hour=hour,
            weekday=weekday,
            low_water_seq=await change_log.head(connection),
            due_at=due,
        )
        await connection.execute(fresh.on_conflict_do_nothing())
        found = (await connection.execute(select(t.slot.c.id).where(where))).scalar_one()
    return int(found)


async def get_or_create(
    connection: AsyncConnection, person: Subscriber, frequency: str, now: datetime
) -> Cursor:
    """The subscriber's cursor of the frequency, locked; a new one starts at the head of the log."""
    slot_id = await get_or_create_slot(
        connection, frequency, person.timezone, person.hour, person.weekday, now
    )
    fresh = insert(connection, t.cursor).values(
        bucket=person.bucket,
        subscriber_id=person.id,
        frequency=frequency,
        slot_id=slot_id,
        seq=await change_log.head(connection),
        prior_seq=0,
        behind=False,
    )
    await connection.execute(fresh.on_conflict_do_nothing())
    where = of_subscriber(t.cursor, person.id) & (t.cursor.c.frequency == frequency)
    locked = select(*columns_of(Cursor, t.cursor)).where(where).with_for_update()
    cursor = await fetch_first(connection, Cursor, locked)
    assert cursor is not None
    return cursor


async def lock(connection: AsyncConnection, subscriber_id: int) -> None:
    """Locks a person's cursors: nobody plans digests for them until the transaction ends, and who does so now
    has finished."""
    of_person = of_subscriber(t.cursor, subscriber_id)
    await connection.execute(select(t.cursor.c.frequency).where(of_person).with_for_update())


async def mark_behind(connection: AsyncConnection, subscriber_id: int, frequency: str | None = None) -> None:
    """Flags the cursor as behind: the slot's low-water mark does not apply to this subscriber.

    Call it when a subscriber becomes eligible or ineligible: pause, changed frequency, lifted suppression.
    """
    where = of_subscriber(t.cursor, subscriber_id)
    if frequency is not None:
        where &= t.cursor.c.frequency == frequency
    await connection.execute(update(t.cursor).where(where).values(behind=True))


async def mark_behind_if_ineligible(connection: AsyncConnection, subscriber_id: int, now: datetime) -> None:
    """Flags a confirmed subscriber as behind who was not eligible until now.

    Call it before the subscriber's row changes. Does nothing if they were eligible: each subscriber who is
    behind costs time in every planning.
    """
    against = reasons(now)
    barred = (
        select(t.subscriber.c.id)
        .select_from(with_suppressions(t.subscriber))
        .where(
            by_id(t.subscriber, subscriber_id),
            ~against[Ineligibility.NOT_CONFIRMED],
            or_(*(against[reason] for reason in OF_PEOPLE)),
        )
    )
    where = (t.cursor.c.bucket == bucket_of(subscriber_id)) & t.cursor.c.subscriber_id.in_(barred)
    await connection.execute(update(t.cursor).where(where).values(behind=True))


async def reschedule(connection: AsyncConnection, person: Subscriber, now: datetime) -> None:
    """Moves the person's cursors to the slots of the hour, weekday and zone that `person` now has."""
    of_person = of_subscriber(t.cursor, person.id)
    locked = await connection.execute(select(t.cursor.c.frequency).where(of_person).with_for_update())
    for frequency in locked.scalars().all():
        slot_id = await get_or_create_slot(
            connection, frequency, person.timezone, person.hour, person.weekday, now
        )
        await connection.execute(
            update(t.cursor)
            .where(of_person & (t.cursor.c.frequency == frequency))
            .values(slot_id=slot_id, behind=True)
        )
