"""Limits of requested mail per mailbox and per domain: when the next one may be sent.

Both are found by keyed indexes. A limit delays and never refuses: each mail has its moment reserved when it
is queued (who gets which moment: `service.actions.mailbox_turns`).
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import bucket_of_index
from service.store.sql import clock
from service.store.sql.keys import by_id, new_key
from service.store.sql.tables import mail_quota as table

#: Maximum mails a day, and minimum time between two (mail bombing, docs/standards.md).
MOST_A_DAY = 3
PAUSE = timedelta(minutes=15)
DAY = timedelta(hours=24)
HOUR = timedelta(hours=1)

#: The time before a reserved moment until which another mail may get it: workers' clocks differ.
MARGIN = timedelta(minutes=1)


def _of(mailbox: bytes) -> ColumnElement[bool]:
    return and_(table.c.bucket == bucket_of_index(mailbox), table.c.mailbox == mailbox)


async def _add(connection: AsyncConnection, mailbox: bytes, at: datetime) -> None:
    key = new_key(bucket_of_index(mailbox))
    await connection.execute(insert(table).values(**key, mailbox=mailbox, at=at))


async def reserve(connection: AsyncConnection, mailbox: bytes, now: datetime) -> datetime:
    """Reserves the moment, `now` or later, at which one more mail may go to the mailbox.

    Callers must not run at once for one mailbox: its requests have one bucket, served by one worker.
    """
    free = await next_free(connection, mailbox, now)
    await _add(connection, mailbox, free)
    return free


async def next_free(connection: AsyncConnection, mailbox: bytes, now: datetime) -> datetime:
    """The time at which one more mail could be sent to the mailbox, without reserving it."""
    recent = select(table.c.at).where(_of(mailbox), table.c.at > now - DAY)
    last = recent.order_by(table.c.at.desc()).limit(MOST_A_DAY)
    moments: Sequence[datetime] = (await connection.execute(last)).scalars().all()
    after_last = [moment + PAUSE for moment in moments[:1]]
    after_a_day = [moment + DAY for moment in moments[MOST_A_DAY - 1 :]]
    return max([now, *after_last, *after_a_day])


async def moments_within_a_day(
    connection: AsyncConnection, mailbox: bytes, now: datetime
) -> Sequence[datetime]:
    """The moments reserved for a mailbox in the next 24 hours, in order: three, mostly. Locks them."""
    soon = _of(mailbox) & (table.c.at > now + MARGIN) & (table.c.at <= now + DAY)
    found = select(table.c.at).where(soon).order_by(table.c.at).limit(2 * MOST_A_DAY).with_for_update()
    return (await connection.execute(found)).scalars().all()


async def give_back(connection: AsyncConnection, mailbox: bytes, at: datetime) -> None:
    """Removes a reserved moment that no mail needs any more."""
    await connection.execute(delete(table).where(_of(mailbox), table.c.at == at))


async def reserve_within(
    connection: AsyncConnection, mailbox: bytes, domain: bytes, now: datetime, *, an_hour: int
) -> tuple[datetime, timedelta]:
    """Reserves the moment, `now` or later, at which one more mail may go to a mailbox of a domain.

    `an_hour` mails may go to the domain at once, and then one after the other at that rate (the generic cell
    rate algorithm, ITU-T I.371): the row of a domain holds the moment at which all its mails are paid off.
    Counting a mail locks that row until the end of the transaction. The first two mails may make a row each
    if they come at once: only the later row counts. Returns the moment, and for how long the domain's limit
    alone delays the mail.
    """
    latest = select(table.c.id, table.c.at).where(_of(domain)).order_by(table.c.at.desc()).limit(1)
    row = (await connection.execute(latest.with_for_update())).first()
    paid_off = max(now, row.at) + HOUR / an_hour if row is not None else now + HOUR / an_hour
    delay = max(timedelta(0), paid_off - HOUR - now)
    due_at = await reserve(connection, mailbox, now + delay)
    if row is None:
        await _add(connection, domain, paid_off)
    else:
        await connection.execute(update(table).where(by_id(table, row.id)).values(at=paid_off))
    return due_at, delay


async def count(connection: AsyncConnection, mailbox: bytes, now: datetime) -> None:
    """Counts a mail that is exempt from the limits, so that others are delayed by it."""
    await _add(connection, mailbox, now)


async def remove(connection: AsyncConnection, mailbox: bytes, own: Collection[datetime]) -> int:
    """Deletes the counts of a mailbox, with the moments of a person's `own` mails; returns how many.

    The later moments of others who share the mailbox stay: their mails wait for them.
    """
    over = (table.c.at <= clock.now_of(connection)) | table.c.at.in_(own)
    return (await connection.execute(delete(table).where(_of(mailbox), over))).rowcount
