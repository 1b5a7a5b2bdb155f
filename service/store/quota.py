"""The mail limit of a mailbox: what strangers can make us send to it, counted by its bucket."""

from datetime import datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.tables import mail_quota as table

#: Mails in a day at most, and the least time between two (a policy, STANDARDS D3).
MOST_A_DAY = 3
PAUSE = timedelta(minutes=15)
DAY = timedelta(hours=24)


async def take(connection: AsyncConnection, bucket: bytes, now: datetime) -> bool:
    """Counts one more mail to the mailbox, unless that is too much or too soon: then False, and no mail.

    Callers must not run at once for one bucket (requests are taken in by one worker at a time).
    """
    statement = select(func.count(), func.max(table.c.at)).where(
        table.c.bucket == bucket, table.c.at > now - DAY
    )
    count, last = (await connection.execute(statement)).one()
    if count >= MOST_A_DAY or (last is not None and now - last < PAUSE):
        return False
    await connection.execute(insert(table).values(bucket=bucket, at=now))
    return True
