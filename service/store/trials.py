"""Trials: the newest snapshot accepted of each."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import tables as t
from service.store.lists import among


async def snapshots(connection: AsyncConnection, nct_ids: Collection[str]) -> dict[str, str]:
    """The snapshots held of the trials, as JSON text; unknown trials are absent."""
    if not nct_ids:
        return {}
    found = await connection.execute(
        select(t.trial.c.nct_id, t.trial.c.snapshot).where(
            among(connection, t.trial.c.nct_id, nct_ids), t.trial.c.snapshot.is_not(None)
        )
    )
    return {row.nct_id: row.snapshot for row in found}
