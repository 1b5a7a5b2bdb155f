"""Takes in stored events: trials' newest states, the hierarchy of conditions, and the change log."""

import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.cloudevents import CONDITION_UPSERTED
from service.domain.intake import Verdict
from service.jobs import Job
from service.store import events, log
from service.store.database import is_away, writing
from service.system import System
from workers import inbox
from workers.hierarchy import take_in_conditions
from workers.trials import take_in_trials

_log = structlog.get_logger("take_in")

#: Events of one transaction, and seconds after which a look ends and rings for the next.
BATCH = 500
SECONDS = 20


async def take_in(system: System) -> int:
    """Processes what waits, for some seconds at most; returns how many events."""
    began, taken, news = time.monotonic(), 0, 0
    while not system.stopping.is_set():
        done, told = await _batch(system)
        taken, news = taken + done, news + told
        if done < BATCH:
            break
        if time.monotonic() - began > SECONDS:
            system.bell.ring(Job.TAKE_IN)
            break
    if news:
        system.bell.ring(Job.PLAN)
    return taken


async def _batch(system: System) -> tuple[int, int]:
    """One transaction's events and changes. An event that breaks it is found and set aside alone."""
    ids: list[int] = []
    try:
        return await _transaction(system, ids)
    except Exception as fault:
        if is_away(fault) or not ids:
            raise
        _log.warning("batch_failed", error=type(fault).__name__)
    told = 0
    for event_id in list(ids):
        try:
            _, changes = await _transaction(system, [event_id])
            told += changes
        except Exception as fault:
            if is_away(fault):
                raise
            async with writing(system.database) as connection:
                await _set_aside(connection, {event_id: type(fault).__name__}, datetime.now(UTC))
    return len(ids), told


async def _transaction(system: System, ids: list[int]) -> tuple[int, int]:
    """Processes the events `ids`, or the oldest that wait (and then adds their ids). All of it or nothing.

    The log's lock comes first: the take-in is one at a time, and a smaller seq never appears after a
    larger one.
    """
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        await log.lock(connection)
        rows = await events.waiting(connection, BATCH, ids)
        ids[:] = [row.id for row in rows]
        if not rows:
            return 0, 0
        told = await _process(connection, rows, now)
    return len(rows), told


async def _process(connection: AsyncConnection, rows: Sequence[Any], now: datetime) -> int:
    arrivals, dead = [], {}
    for row in rows:
        try:
            arrivals.append(inbox.read(row))
        except ValueError as fault:
            dead[row.id] = type(fault).__name__
    of_conditions = [one for one in arrivals if one.type == CONDITION_UPSERTED]
    of_trials = [one for one in arrivals if one.type != CONDITION_UPSERTED]
    verdicts: dict[int, Verdict] = {}
    news = []
    if of_conditions:  # first: what a trial is new for depends on them
        news += await take_in_conditions(connection, of_conditions, verdicts)
        await log.append(connection, news, now)
    if of_trials:
        more = await take_in_trials(connection, of_trials, verdicts, dead, now)
        await log.append(connection, more, now)
        news += more
    by_verdict: dict[Verdict, list[int]] = defaultdict(list)
    for event_id, verdict in verdicts.items():
        by_verdict[verdict].append(event_id)
    for verdict, ids in by_verdict.items():
        await events.finish(connection, ids, verdict.value, now)
    await _set_aside(connection, dead, now)
    return len(news)


async def _set_aside(connection: AsyncConnection, dead: dict[int, str], now: datetime) -> None:
    """Events that can't be processed, for the operator; the reason is the kind of error, never its words."""
    for event_id, reason in dead.items():
        _log.error("event_dead", event_id=event_id, reason=reason)
        await events.finish(connection, [event_id], events.DEAD, now, reason)
