"""The request queue: encrypted rows from forms, processed by a worker in order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, bindparam, delete, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.sql import tables as t
from service.store.sql.ids import next_id
from service.store.sql.keys import by_id, new_key
from service.store.sql.tables import request as table


class WaitingRequest(NamedTuple):
    """A request that waits for a worker; `sealed` is its encrypted content, `kind` a RequestKind."""

    id: int
    kind: str
    sealed: bytes
    received_at: datetime


async def add(connection: AsyncConnection, bucket: int, kind: str, sealed: bytes, now: datetime) -> None:
    """Inserts one request. Those of one bucket are processed in order."""
    values = {"kind": kind, "sealed": sealed, "received_at": now}
    await connection.execute(insert(table).values(**new_key(bucket), **values))


async def add_all(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts many requests: rows of bucket, kind, sealed, received_at."""
    bucket = bindparam("in_bucket", type_=BigInteger())
    each = insert(table).values(bucket=bucket, id=next_id(bucket))
    renamed = {"bucket": "in_bucket"}
    await connection.execute(each, [{renamed.get(name, name): row[name] for name in row} for row in rows])


async def waiting_buckets(connection: AsyncConnection, buckets: Sequence[int]) -> list[int]:
    """The buckets among `buckets` in which requests wait."""
    lease = t.bucket_lease.c.bucket
    some_wait = exists().where(table.c.bucket == lease)
    found = select(lease).where(lease.in_(buckets), some_wait).order_by(lease)
    return list((await connection.execute(found)).scalars())


async def take_turn(connection: AsyncConnection, bucket: int) -> None:
    """Waits for the exclusive right to process a bucket's requests, to plan its people, or to queue their
    notices of new terms, until the transaction ends.

    Concurrent processing would lose the order of requests. Only while a bucket changes hands do two workers
    meet here.
    """
    lease = select(t.bucket_lease.c.bucket).where(t.bucket_lease.c.bucket == bucket)
    await connection.execute(lease.with_for_update())


async def waiting(connection: AsyncConnection, bucket: int, after: int, limit: int) -> list[WaitingRequest]:
    """Requests of a bucket with ids above `after`, oldest first."""
    columns = (table.c[name] for name in WaitingRequest._fields)
    later = (table.c.bucket == bucket) & (table.c.id > after)
    statement = select(*columns).where(later).order_by(table.c.id).limit(limit)
    return list(starmap(WaitingRequest, await connection.execute(statement)))


async def remove(connection: AsyncConnection, number: int) -> bool:
    """Deletes a request, in the transaction of its effect; False if it was gone: its person was erased."""
    return bool((await connection.execute(delete(table).where(by_id(table, number)))).rowcount)
