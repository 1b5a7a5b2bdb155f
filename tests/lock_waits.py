"""Waits for a lock of PostgreSQL, as a test sees them."""

from sqlalchemy import text

from service.store.sql.database import is_on_nodes, reading
from service.system import System


async def somebody_waits(system: System) -> bool:
    """Whether a session waits for a lock of another; on Citus, the lock may be on a node."""
    async with reading(system.database) as connection:
        waiting = "citus_lock_waits" if await is_on_nodes(connection) else "pg_locks WHERE NOT granted"
        return bool((await connection.execute(text(f"SELECT count(*) FROM {waiting}"))).scalar())
