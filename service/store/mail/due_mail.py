"""Where mail is due: looked at before any of it is claimed."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.states import DeliveryState
from service.store.mail import holds
from service.store.sql import tables as t

_d = t.delivery


async def due_priorities(
    connection: AsyncConnection, buckets: Iterable[int], now: datetime
) -> list[tuple[int, int]]:
    """The buckets among these in which a mail is due, each behind the priority of the most urgent one."""
    found = []
    for bucket in buckets:
        due = (_d.c.bucket == bucket) & (_d.c.state == DeliveryState.QUEUED) & (_d.c.due_at <= now)
        first = (
            select(_d.c.priority).where(due, holds.may_leave()).order_by(_d.c.priority, _d.c.due_at).limit(1)
        )
        priority = (await connection.execute(first)).scalar()
        if priority is not None:
            found.append((int(priority), bucket))
    return found
