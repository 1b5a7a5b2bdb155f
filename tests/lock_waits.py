"""Waits for a lock of PostgreSQL, as a test sees them."""

import asyncio

from sqlalchemy import text

from service.store.sql.database import is_on_nodes, reading
from service.system import System


async def somebody_waits(system: System) -> bool:
    """Whether a session waits for a lock of another; on Citus, the lock may be on a node."""
    async with reading(system.database) as connection:
        waiting = "citus_lock_waits" if await is_on_nodes(connection) else "pg_locks WHERE NOT granted"
        return bool((await connection.execute(text(f"SELECT count(*) FROM {waiting}"))).scalar())


async def until_somebody_waits(system: System) -> None:
    """Returns when a session waits for a lock of another."""
    async with asyncio.timeout(60):
        while not await somebody_waits(system):
            await asyncio.sleep(0.01)
