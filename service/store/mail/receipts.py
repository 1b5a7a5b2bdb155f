"""Send receipts: one cheap row for every few messages, instead of a durable update per delivery.

A receipt survives every process except the database server. Its writer soon marks the deliveries as sent in
a durable transaction (`deliveries.mark_sent`) and drops it. If the writer dies before, the release of its
expired claim reads the receipts: deliveries that were sent are marked, and only the rest is requeued.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import psycopg
from psycopg import generators
from psycopg.pq import ExecStatus
from sqlalchemy import Text, and_, bindparam, delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.store.mail.claim_names import bucket_of_claim
from service.store.sql import tables as t
from service.store.sql.built_once import IN_BUCKET, built_once
from service.store.sql.database import ASYNC_COMMIT, is_pooled, is_postgresql

_n = t.send_receipt


async def take(connection: AsyncConnection, claim: str) -> list[tuple[list[int], datetime]]:
    """Deletes and returns the receipts of a claim: sent deliveries, time."""
    mine = and_(_n.c.bucket == bucket_of_claim(claim), _n.c.claim == claim)
    taken = delete(_n).where(mine).returning(_n.c.ids, _n.c.at)
    rows = (await connection.execute(taken)).all()
    return [([int(number) for number in ids.split()], at) for ids, at in rows]


async def drop(connection: AsyncConnection, claim: str) -> None:
    """Deletes the receipts of a claim, once its deliveries are marked as sent."""
    given = {"in_bucket": bucket_of_claim(claim), "of_claim": claim}
    await connection.execute(_drop(connection), given)


@built_once
def _drop(_: AsyncConnection) -> Any:
    return delete(_n).where(_n.c.bucket == IN_BUCKET, _n.c.claim == bindparam("of_claim", type_=Text()))


class ReceiptWriter:
    """Writes the receipts of one claim, on one connection with `async_commit` (see `create_database`)."""

    def __init__(self, database: AsyncEngine, claim: str) -> None:
        self._database, self._claim = database, claim
        self._connection: AsyncConnection | None = None
        self._insert: _PipelinedInsert | None = None
        self._number = 0
        self._unconfirmed: list[int] = []
        self._failed = False

    async def sent(self, ids: Collection[int], now: datetime) -> None:
        """Writes a receipt of sent deliveries; on return, it survives this process.

        On PostgreSQL it is then in flight, and its reply is awaited by the next call or by `close`: at most
        one receipt may have failed, and the next one repeats it. After a failure the reply is awaited at
        once, so that a database that keeps refusing is not taken for one that stores every other receipt.
        Raises the error that prevented storing, and then reconnects.
        """
        try:
            await self._open()
            await self._await_reply()
            self._unconfirmed = list(dict.fromkeys([*self._unconfirmed, *ids]))
            self._number += 1
            await self._send(" ".join(map(str, self._unconfirmed)), now)
            if self._failed:
                await self._await_reply()
                self._failed = False
        except psycopg.Error as error:
            await self._discard_connection()
            raise ConnectionError(type(error).__name__) from None
        except BaseException:
            await self._discard_connection()
            raise

    async def close(self) -> None:
        """Awaits the last reply and returns the connection.

        An error of that reply is ignored: the caller stores everything durably next.
        """
        try:
            await self._await_reply()
        except psycopg.Error:
            await self._discard_connection()
        self._unconfirmed.clear()
        await self._release_connection()

    async def _open(self) -> None:
        if self._connection is not None:
            return
        self._connection = await self._database.connect()
        if is_postgresql(self._connection):
            raw = await self._connection.get_raw_connection()
            driver: Any = raw.driver_connection
            if _PREPARED not in raw.info and not is_pooled(driver):
                await driver.execute(_PREPARE)
                raw.info[_PREPARED] = True
            self._insert = _PipelinedInsert(driver)

    async def _await_reply(self) -> None:
        if self._insert is not None and self._insert.reply_pending:
            await self._insert.await_reply()
            self._unconfirmed.clear()

    async def _send(self, ids: str, now: datetime) -> None:
        if self._insert is not None:
            await self._insert.send(
                str(bucket_of_claim(self._claim)), self._claim, str(self._number), ids, now.isoformat()
            )
            return
        assert self._connection is not None
        values = {"bucket": bucket_of_claim(self._claim), "claim": self._claim, "number": self._number}
        await self._connection.execute(insert(_n).values(**values, ids=ids, at=now))
        await self._connection.commit()
        self._unconfirmed.clear()

    async def _discard_connection(self) -> None:
        """Discards a failed connection."""
        self._failed = True
        try:
            if self._connection is not None:
                await self._connection.invalidate()
        finally:
            await self._release_connection()

    async def _release_connection(self) -> None:
        connection, self._connection, self._insert = self._connection, None, None
        if connection is not None:
            await connection.close()


_PREPARED = "send_receipt"
_INSERT = (
    "INSERT INTO send_receipt (bucket, claim, number, ids, at)"
    f" SELECT $1::smallint, $2::text, $3::int, $4::text, $5::timestamptz WHERE {ASYNC_COMMIT}"
)
_PREPARE = f"PREPARE {_PREPARED} (smallint, text, int, text, timestamptz) AS {_INSERT}"


class _PipelinedInsert:
    """One INSERT on a psycopg connection, prepared unless a pooler forbids it, whose reply is read later.

    Bypasses psycopg's `execute` and pipeline mode, which take twice as long and wait (docs/decisions/0015).
    A statement written to the socket is executed even if this process dies right after: the server reads it
    before it notices.
    """

    def __init__(self, driver: Any) -> None:
        self._driver, self._pg = driver, driver.pgconn
        self._pooled = is_pooled(driver)
        self.reply_pending = False

    async def send(self, *values: str) -> None:
        """Sends the statement without waiting for the reply. Raises psycopg.Error."""
        encoded = [value.encode() for value in values]
        if self._pooled:
            self._pg.send_query_params(_INSERT.encode(), encoded)
        else:
            self._pg.send_query_prepared(_PREPARED.encode(), encoded)
        self.reply_pending = True
        if self._pg.flush():  # rarely: the socket is full
            await self._driver.wait(generators.send(self._pg))

    async def await_reply(self) -> None:
        """Awaits the reply, which has mostly arrived already. Raises psycopg.Error."""
        self._pg.consume_input()
        results = await self._driver.wait(generators.fetch_many(self._pg))
        self.reply_pending = False
        if any(result.status != ExecStatus.COMMAND_OK for result in results):
            raise psycopg.OperationalError("the receipt was refused")
