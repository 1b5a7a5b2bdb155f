"""Where mail is due: looked at before any of it is claimed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.kinds import BULK, TRANSACTIONAL
from service.domain.delivery.states import DeliveryState
from service.store.mail import holds
from service.store.sql import tables as t

_d = t.delivery


async def due_priorities(
    connection: AsyncConnection, buckets: Sequence[int], now: datetime
) -> list[tuple[int, int]]:
    """The buckets among these in which a mail is due, each behind the priority of the most urgent one."""
    lease, found = t.bucket_lease.c.bucket, dict[int, int]()
    for priority in (TRANSACTIONAL, BULK):
        due = exists().where(
            _d.c.bucket == lease,
            _d.c.state == DeliveryState.QUEUED,
            _d.c.priority == priority,
            _d.c.due_at <= now,
            holds.may_leave(),
        )
        for bucket in (await connection.execute(select(lease).where(lease.in_(buckets), due))).scalars():
            found.setdefault(bucket, priority)
    return [(priority, bucket) for bucket, priority in found.items()]
