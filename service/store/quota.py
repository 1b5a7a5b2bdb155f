"""The mail limit of a mailbox: when the next mail that somebody asked for may go to it (counted by bucket).

The limit delays and never refuses: each mail has its moment reserved when it is queued.
"""

from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.tables import mail_quota as table

#: Mails in a day at most, and the least time between two (a policy, STANDARDS D3).
MOST_A_DAY = 3
PAUSE = timedelta(minutes=15)
DAY = timedelta(hours=24)

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
    """The moment at which one more mail could go to the mailbox; reserves nothing."""
    recent = select(table.c.at).where(table.c.bucket == bucket, table.c.at > now - DAY).order_by(table.c.at)
    moments = (await connection.execute(recent)).scalars().all()
    after_last = [moment + PAUSE for moment in moments[-1:]]
    after_a_day = [moment + DAY for moment in moments[-MOST_A_DAY:]] if len(moments) >= MOST_A_DAY else []
    return max([now, *after_last, *after_a_day[:1]])
