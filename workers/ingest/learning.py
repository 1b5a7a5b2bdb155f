"""Applies learned terms of the hierarchy of conditions, in transactions that let others write between."""

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import change_log
from service.store.changes import learned
from service.store.sql import clock
from service.store.sql.database import is_away
from service.system import System
from workers.ingest.hierarchy_closure import close_some
from workers.ingest.learned_hierarchy import rederive_announcements

_log = structlog.get_logger("ingest")

#: Trials whose announcements are derived again in one transaction.
_CHUNK = 60


async def learn_some(system: System) -> int | None:
    """Applies a part of the learned hierarchy in one transaction; None when nothing is left to apply.

    A process that dies has applied some; the next one goes on. If a transaction fails, its trials are derived
    one by one, and those that fail are left as they are, for the operator.
    """
    async with system.reading() as connection:
        if not await learned.is_pending(connection):
            return None
    try:
        return await _step(system, _CHUNK)
    except Exception as error:
        if is_away(error):
            raise
        _log.warning("learning_failed", error=type(error).__name__)
    changes = 0
    for _ in range(_CHUNK):
        try:
            changes += await _step(system, 1)
        except Exception as error:
            if is_away(error) or not await _skip_next_trial(system, type(error).__name__):
                raise
    return changes


async def _step(system: System, trials: int) -> int:
    """The closure of some conditions, or the announcements of this many trials."""
    now = clock.now(system.database)
    async with system.writing() as connection:
        head = await change_log.lock(connection)
        if await close_some(connection):
            return 0
        nct_ids = await learned.next_trials(connection, trials)
        records = await rederive_announcements(connection, nct_ids, head + 1)
        await change_log.append(connection, records, now)
        await _finish(connection, nct_ids)
    _log.info("trials_reannounced", trials=len(nct_ids), changes=len(records))
    return len(records)


async def _finish(connection: AsyncConnection, nct_ids: list[str]) -> None:
    if nct_ids:
        await learned.finish_trials(connection, nct_ids)
    else:
        await learned.finish(connection)


async def _skip_next_trial(system: System, reason: str) -> bool:
    """Removes the next trial from the queue; False if there is none, or if it was the closure that failed."""
    async with system.writing() as connection:
        if await learned.is_closing(connection):
            return False
        nct_ids = await learned.next_trials(connection, 1)
        await learned.finish_trials(connection, nct_ids)
    _log.error("trial_not_reannounced", trials=len(nct_ids), reason=reason)
    return bool(nct_ids)
