"""Send receipts: one cheap row for every few messages, instead of a durable update per delivery.

A note outlives every process but the database server's own. Whoever makes notes says it all again in a real
transaction soon (`deliveries.mark_sent`) and drops them. If that process dies before, the sweep takes them:
it ends what was sent, and only the rest is queued again.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import psycopg
from psycopg import generators
from psycopg.pq import ExecStatus
from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.store.sql import tables as t
from service.store.sql.database import is_postgresql

_n = t.sent_note


async def take(connection: AsyncConnection, claims: Collection[str]) -> list[tuple[str, list[int], datetime]]:
    """Deletes and returns the receipts of these claims: claim, sent deliveries, time."""
    taken = delete(_n).where(_n.c.claim.in_(claims)).returning(_n.c.claim, _n.c.ids, _n.c.at)
    rows = (await connection.execute(taken)).all()
    return [(claim, [int(one) for one in ids.split()], at) for claim, ids, at in rows]


async def drop(connection: AsyncConnection, claim: str) -> None:
    """Deletes the receipts of a claim, once its deliveries are marked as sent."""
    await connection.execute(delete(_n).where(_n.c.claim == claim))


class ReceiptWriter:
    """Writes the receipts of one claim, on one connection with `async_commit` (see `create_database`)."""

    def __init__(self, database: AsyncEngine, claim: str) -> None:
        self._database, self._claim = database, claim
        self._connection: AsyncConnection | None = None
        self._wire: _PipelinedInsert | None = None
        self._number = 0
        self._unanswered: list[int] = []
        self._failed = False

    async def sent(self, ids: Collection[int], now: datetime) -> None:
        """Notes deliveries that a server has taken: on return, that outlives this process.

        On PostgreSQL it is then on its way, and its answer is waited for by the next note or by `close`: so
        there is never more than one that may have failed, and the next one says it again. After a failure
        the answer is waited for at once: a database that goes on refusing must not look like one that
        stores every other note.
        Raises what kept it from being stored, and then starts afresh.
        """
        try:
            await self._open()
            await self._heard()
            self._unanswered = list(dict.fromkeys([*self._unanswered, *ids]))
            self._number += 1
            await self._say(" ".join(map(str, self._unanswered)), now)
            if self._failed:
                await self._heard()
                self._failed = False
        except psycopg.Error as error:
            await self._abandon()
            raise ConnectionError(type(error).__name__) from None
        except BaseException:
            await self._abandon()
            raise

    async def close(self) -> None:
        """Waits for the last answer and gives the connection back: no note comes later.

        That answer may be an error: who closes says all of it for good next.
        """
        try:
            await self._heard()
        except psycopg.Error:
            await self._abandon()
        self._unanswered.clear()
        await self._give_back()

    async def _open(self) -> None:
        if self._connection is not None:
            return
        self._connection = await self._database.connect()
        if is_postgresql(self._connection):
            raw = await self._connection.get_raw_connection()
            driver: Any = raw.driver_connection
            if _PREPARED not in raw.info:
                await driver.execute(_PREPARE)
                raw.info[_PREPARED] = True
            self._wire = _PipelinedInsert(driver)

    async def _heard(self) -> None:
        if self._wire is not None and self._wire.owes_an_answer:
            await self._wire.answer()
            self._unanswered.clear()

    async def _say(self, ids: str, now: datetime) -> None:
        if self._wire is not None:
            await self._wire.say(self._claim, str(self._number), ids, now.isoformat())
            return
        assert self._connection is not None
        values = {"claim": self._claim, "number": self._number, "ids": ids, "at": now}
        await self._connection.execute(insert(_n).values(**values))
        await self._connection.commit()
        self._unanswered.clear()

    async def _abandon(self) -> None:
        """Discards a failed connection."""
        self._failed = True
        try:
            if self._connection is not None:
                await self._connection.invalidate()
        finally:
            await self._give_back()

    async def _give_back(self) -> None:
        connection, self._connection, self._wire = self._connection, None, None
        if connection is not None:
            await connection.close()


_PREPARED = "sent_note"
_PREPARE = (
    "PREPARE sent_note (text, int, text, timestamptz) AS"
    " INSERT INTO sent_note (claim, number, ids, at) VALUES ($1, $2, $3, $4)"
)


class _PipelinedInsert:
    """The one statement on a connection of psycopg's, its answer read later.

    Past psycopg's own `execute` and pipeline mode, which take twice as long and wait (docs/decisions/0015).
    What is written to the socket is carried out even if this process dies in the next moment: the server
    reads it before it notices.
    """

    def __init__(self, driver: Any) -> None:
        self._driver, self._pg = driver, driver.pgconn
        self.owes_an_answer = False

    async def say(self, *values: str) -> None:
        """Sends the statement without waiting for the reply. Raises psycopg.Error."""
        self._pg.send_query_prepared(_PREPARED.encode(), [value.encode() for value in values])
        self.owes_an_answer = True
        if self._pg.flush():  # rarely: the socket is full
            await self._driver.wait(generators.send(self._pg))

    async def answer(self) -> None:
        """Waits until what was said is done; mostly it is there already. Raises psycopg.Error."""
        self._pg.consume_input()
        results = await self._driver.wait(generators.fetch_many(self._pg))
        self.owes_an_answer = False
        if any(result.status != ExecStatus.COMMAND_OK for result in results):
            raise psycopg.OperationalError("the note was refused")
