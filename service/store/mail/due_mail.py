"""Finds the buckets in which mail is due, before any of it is claimed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.kinds import BULK, TRANSACTIONAL
from service.store.mail import holds
from service.store.sql import tables as t
from service.store.sql.built_once import NOW, built_once, in_parameter, numbers_given

_d = t.delivery


async def due_priorities(
    connection: AsyncConnection, buckets: Sequence[int], now: datetime
) -> list[tuple[int, int]]:
    """The buckets among these in which a mail is due, each behind the priority of the most urgent one."""
    found: dict[int, int] = {}
    given = {"buckets": numbers_given(connection, buckets), "now": now}
    for priority in (TRANSACTIONAL, BULK):
        due = await connection.execute(_with_due_mail(connection), {**given, "urgency": priority})
        for bucket in due.scalars():
            found.setdefault(bucket, priority)
    return [(priority, bucket) for bucket, priority in found.items()]


@built_once
def _with_due_mail(connection: AsyncConnection) -> Any:
    lease = t.bucket_lease.c.bucket
    due = exists().where(
        _d.c.bucket == lease,
        text("delivery.state = 'queued'"),  # literally: a partial index answers
        _d.c.priority == bindparam("urgency"),
        _d.c.due_at <= NOW,
        holds.may_leave(),
    )
    return select(lease).where(in_parameter(connection, lease, "buckets"), due)
