"""Notes of mails that were sent, said every few mails on a kept connection, faster than a transaction can be.

A note outlives every process but the database server's own; whoever makes notes says it all again in a real
transaction soon (`deliveries.mark_sent`).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.store.database import is_postgresql
from service.store.deliveries import SENT, mark_sent

_SENT = SENT.format(now="%s", claim="%s", among_ids="= ANY(%s::bigint[])")


class Notes:
    """One kept connection to a hasty database (see `create_database`), opened when first needed."""

    def __init__(self, database: AsyncEngine) -> None:
        self._database = database
        self._connection: AsyncConnection | None = None
        self._driver: Any = None

    async def sent(self, claim: str, ids: Collection[int], now: datetime) -> None:
        """Ends deliveries that a server has taken. Raises one of `Away`, and then starts afresh."""
        try:
            connection = await self._open()
            if self._driver is None:
                await mark_sent(connection, claim, ids, now)
                await connection.commit()
            else:  # past SQLAlchemy, which takes four times as long for so small a statement
                await self._driver.execute(_SENT, (now, claim, list(ids)), prepare=True)
        except psycopg.Error as error:
            await self._drop()
            raise ConnectionError(type(error).__name__) from None
        except BaseException:
            await self._drop()
            raise

    async def close(self) -> None:
        """Gives the connection back."""
        connection, self._connection, self._driver = self._connection, None, None
        if connection is not None:
            await connection.close()

    async def _drop(self) -> None:
        """A connection that failed is not used again."""
        if self._connection is not None:
            await self._connection.invalidate()
        await self.close()

    async def _open(self) -> AsyncConnection:
        if self._connection is None:
            self._connection = await self._database.connect()
            if is_postgresql(self._connection):
                self._driver = (await self._connection.get_raw_connection()).driver_connection
        return self._connection
