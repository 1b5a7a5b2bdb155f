"""Limits of requested mail per mailbox and per domain: when the next one may be sent.

Both are found by keyed indexes. A limit delays and never refuses: each mail has its moment reserved when it
is queued.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.sql.tables import mail_quota as table

#: Maximum mails a day, and minimum time between two (mail bombing, docs/standards.md).
MOST_A_DAY = 3
PAUSE = timedelta(minutes=15)
DAY = timedelta(hours=24)
HOUR = timedelta(hours=1)

#: No moment is reserved further ahead. A mailbox gets so far only by many addresses that share it (tags,
#: dots), for a mail that waits is used for whatever else its reader asks for meanwhile.
FURTHEST = timedelta(days=7)


async def reserve(connection: AsyncConnection, bucket: bytes, now: datetime) -> datetime | None:
    """Reserves the moment, `now` or later, at which one more mail may go to the mailbox.

    None, and nothing reserved, when that would be further ahead than `FURTHEST`.
    Callers must not run at once for one bucket (requests are processed by one worker at a time).
    """
    free = await next_free(connection, bucket, now)
    if free > now + FURTHEST:
        return None
    await connection.execute(insert(table).values(bucket=bucket, at=free))
    return free


async def next_free(connection: AsyncConnection, bucket: bytes, now: datetime) -> datetime:
    """The time at which one more mail could be sent to the mailbox, without reserving it."""
    recent = select(table.c.at).where(table.c.bucket == bucket, table.c.at > now - DAY).order_by(table.c.at)
    moments: Sequence[datetime] = (await connection.execute(recent)).scalars().all()
    after_last = [moment + PAUSE for moment in moments[-1:]]
    after_a_day = [moment + DAY for moment in moments[-MOST_A_DAY:]] if len(moments) >= MOST_A_DAY else []
    return max([now, *after_last, *after_a_day[:1]])


async def reserve_within(
    connection: AsyncConnection, bucket: bytes, domain: bytes, now: datetime, *, an_hour: int
) -> tuple[datetime | None, timedelta]:
    """Reserves the moment, `now` or later, at which one more mail may go to a mailbox of a domain.

    `an_hour` mails may go to the domain at once, and then one after the other at that rate (the generic cell
    rate algorithm, ITU-T I.371): the row of a domain holds the moment at which all its mails are paid off.
    Returns the moment, None as `reserve` does, and for how long the domain's limit alone delays the mail.
    """
    row = (await connection.execute(select(table.c.id, table.c.at).where(table.c.bucket == domain))).first()
    paid_off = max(now, row.at) + HOUR / an_hour if row is not None else now + HOUR / an_hour
    delay = max(timedelta(0), paid_off - HOUR - now)
    due_at = await reserve(connection, bucket, now + delay)
    if due_at is not None and row is None:
        await connection.execute(insert(table).values(bucket=domain, at=paid_off))
    elif due_at is not None and row is not None:
        await connection.execute(update(table).where(table.c.id == row.id).values(at=paid_off))
    return due_at, delay


async def count(connection: AsyncConnection, bucket: bytes, now: datetime) -> None:
    """Counts a mail that is exempt from the limits, so that others are delayed by it."""
    await connection.execute(insert(table).values(bucket=bucket, at=now))
