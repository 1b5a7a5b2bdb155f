"""Leases of buckets: which worker serves which people, renewed every few seconds.

They divide the work and are no lock: row locks separate concurrent work on the same rows.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.bucket_shares import Lease, share_of
from service.store.sql import tables as t

_l = t.bucket_lease


async def renew(
    connection: AsyncConnection, worker: str, running: Collection[str], *, now: datetime, until: datetime
) -> list[int]:
    """Renews a worker's leases, shares the buckets among `running` workers (see `share_of`).

    Returns the buckets that it serves until `until`.
    """
    rows = await connection.execute(select(_l.c.bucket, _l.c.worker, _l.c.lease_until))
    leases = {bucket: Lease(holder, lease_until) for bucket, holder, lease_until in rows}
    keep, give_up, take = share_of(worker, leases, running, now)
    leased = await _lease(connection, keep, worker, until, _l.c.worker == worker)
    is_free = or_(_l.c.worker.is_(None), _l.c.lease_until <= now)
    leased += await _lease(connection, take, worker, until, is_free)
    if give_up:
        mine = _l.c.bucket.in_(give_up) & (_l.c.worker == worker)
        await connection.execute(update(_l).where(mine).values(worker=None, lease_until=None))
    return sorted(leased)


async def _lease(
    connection: AsyncConnection,
    buckets: Collection[int],
    worker: str,
    until: datetime,
    still: ColumnElement[bool],
) -> list[int]:
    """Leases those of the buckets for which `still` holds: another worker may have been first."""
    if not buckets:
        return []
    renewed = update(_l).where(_l.c.bucket.in_(buckets), still).values(worker=worker, lease_until=until)
    return list((await connection.execute(renewed.returning(_l.c.bucket))).scalars())


async def give_back(connection: AsyncConnection, worker: str) -> None:
    """Gives up all leases of a worker that stops: others need not wait until they expire."""
    mine = update(_l).where(_l.c.worker == worker)
    await connection.execute(mine.values(worker=None, lease_until=None))
