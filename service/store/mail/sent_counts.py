"""The number of mails that all workers together handed to servers lately, for ALERTS_SMTP_QUOTA."""

from datetime import UTC, datetime, timedelta
from math import ceil
from typing import NamedTuple

from sqlalchemy import case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.sql.bulk import insert
from service.store.sql.tables import sent_count as table

#: Mails are counted in steps of this many minutes; an hour is taken as that much longer.
_STEP = timedelta(minutes=5)
_HOUR, _DAY = timedelta(hours=1) + _STEP, timedelta(days=1) + _STEP

#: The row that is locked before counting: two workers must not both take the rest of the quota.
_LOCK = datetime(1970, 1, 1, tzinfo=UTC)

#: Digests leave one mail in so many of a quota, but not its only one, to mails that people wait for.
_RESERVED_ONE_IN = 10

_NO_LIMIT = 10**9


class Room(NamedTuple):
    """The number of mails that may be claimed now, and of digests among them."""

    mails: int
    bulk: int

    def within(self, size: int) -> int:
        """The size of a claim: digests are among it unless they have no room left."""
        return max(0, min(size, self.bulk if self.bulk > 0 else self.mails))


async def room(connection: AsyncConnection, quota: tuple[int, int], now: datetime) -> Room:
    """The remaining quota (mails an hour and a day); locks the counts until the commit."""
    if not any(quota):
        return Room(_NO_LIMIT, _NO_LIMIT)
    taken = insert(connection, table).values(since=_LOCK, mails=0)
    await connection.execute(taken.on_conflict_do_update(index_elements=["since"], set_={"mails": 0}))
    return await left(connection, quota, now)


async def left(connection: AsyncConnection, quota: tuple[int, int], now: datetime) -> Room:
    """The remaining quota, without locking it."""
    lately = func.coalesce(func.sum(case((table.c.since > now - _HOUR, table.c.mails), else_=0)), 0)
    counted = select(lately, func.coalesce(func.sum(table.c.mails), 0)).where(table.c.since > now - _DAY)
    used = (await connection.execute(counted)).one()
    rests = [(limit - int(mails), limit) for limit, mails in zip(quota, used, strict=True) if limit]
    bulk = min(rest - min(ceil(limit / _RESERVED_ONE_IN), limit - 1) for rest, limit in rests)
    return Room(max(0, min(rest for rest, _ in rests)), max(0, bulk))


async def is_used_up(connection: AsyncConnection, quota: tuple[int, int], now: datetime) -> bool:
    """Whether the quota leaves no room for digests."""
    return any(quota) and (await left(connection, quota, now)).bulk < 1


async def add(connection: AsyncConnection, quota: tuple[int, int], mails: int, now: datetime) -> None:
    """Counts mails; a negative number returns mails that no server was offered."""
    if not any(quota) or not mails:
        return
    since = now - timedelta(seconds=now.timestamp() % _STEP.total_seconds())
    counted = insert(connection, table).values(since=since.replace(microsecond=0), mails=mails)
    again = counted.on_conflict_do_update(
        index_elements=["since"], set_={"mails": table.c.mails + counted.excluded.mails}
    )
    await connection.execute(again)
    await connection.execute(delete(table).where(table.c.since < now - 2 * _DAY, table.c.since > _LOCK))
