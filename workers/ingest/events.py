"""Takes in stored events: trials' newest states, the hierarchy of conditions, and the change log."""

import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.cloudevents import CONDITION_UPSERTED
from service.domain.trials.lifecycle import EventResult
from service.job_queue import Job
from service.store.changes import change_log, events
from service.store.sql.database import is_away, writing
from service.system import System
from workers.ingest import stored_event
from workers.ingest.conditions import ingest_conditions
from workers.ingest.trials import ingest_trials

_log = structlog.get_logger("take_in")

#: Events of one transaction, and seconds after which a look ends and rings for the next.
BATCH = 500
SECONDS = 20


async def ingest_events(system: System) -> int:
    """Processes what waits, for some seconds at most; returns how many events."""
    began, taken, news = time.monotonic(), 0, 0
    while not system.stopping.is_set():
        done, told = await _batch(system)
        taken, news = taken + done, news + told
        if done < BATCH:
            break
        if time.monotonic() - began > SECONDS:
            system.notifier.notify(Job.INGEST)
            break
    if news:
        system.notifier.notify(Job.PLAN)
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
        await change_log.lock(connection)
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
            arrivals.append(stored_event.read(row))
        except ValueError as fault:
            dead[row.id] = type(fault).__name__
    of_conditions = [one for one in arrivals if one.type == CONDITION_UPSERTED]
    of_trials = [one for one in arrivals if one.type != CONDITION_UPSERTED]
    verdicts: dict[int, EventResult] = {}
    news = []
    if of_conditions:  # first: what a trial is new for depends on them
        news += await ingest_conditions(connection, of_conditions, verdicts)
        await change_log.append(connection, news, now)
    if of_trials:
        more = await ingest_trials(connection, of_trials, verdicts, dead, now)
        await change_log.append(connection, more, now)
        news += more
    by_verdict: dict[EventResult, list[int]] = defaultdict(list)
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
