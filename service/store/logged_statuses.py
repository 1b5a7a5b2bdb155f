"""The last status of a trial that the change log has."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.change import Kind
from service.store.sql import tables as t
from service.store.sql.bulk import in_values


async def last(connection: AsyncConnection, nct_ids: Collection[str]) -> dict[str, str]:
    """The status after the trials' last changes of status that hold, in the order of their revisions."""
    if not nct_ids:
        return {}
    c = t.change.c
    changes = (
        select(c.nct_id, c.after)
        .where(
            in_values(connection, c.nct_id, nct_ids), c.kind == Kind.STATUS.value, c.replaced_seq.is_(None)
        )
        .order_by(func.coalesce(c.revision, 0), c.seq)
    )
    return {row.nct_id: row.after["status"] for row in await connection.execute(changes)}
