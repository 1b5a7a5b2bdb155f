"""Ingests stored events: trials' newest states, the hierarchy of conditions, and the change log."""

import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import aclosing
from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.events.cloudevents import CONDITION_UPSERTED
from service.domain.trials.lifecycle import EventResult, EventState
from service.redis.job_queue import Job
from service.runtime import tracing
from service.store import change_log
from service.store.changes import events, learned
from service.store.sql import clock
from service.store.sql.database import is_away
from service.system import System
from workers.ingest import decoded_event
from workers.ingest.conditions import ingest_conditions
from workers.ingest.decoded_event import DecodedEvent
from workers.ingest.learning import learn_some
from workers.ingest.reading import BATCH, ReadAhead, ReadEvents, read, reason_of
from workers.ingest.trials import place_events, store_placed

_log = structlog.get_logger("ingest")

#: Seconds after which a run ends and notifies itself for the rest.
SECONDS = 20


class _Processed(NamedTuple):
    """The result of a transaction: how many events it processed, of which conditions, the appended changes.

    `is_last`: no further events waited.
    """

    events: int = 0
    conditions: int = 0
    changes: int = 0
    is_last: bool = True


async def ingest_events(system: System) -> int:
    """Processes waiting events for at most SECONDS, and the hierarchy that they carry; returns how many.

    A hierarchy is applied when no more of its conditions wait, and trials' events wait until its closure is
    complete, as whom they concern depends on it.
    """
    began, ingested, changes = time.monotonic(), 0, 0
    async with aclosing(ReadAhead(system)) as ahead:
        while not system.stopping.is_set():
            done = await _batch(system, ahead)
            learned = None if done.conditions else await learn_some(system)
            ingested, changes = ingested + done.events, changes + done.changes + (learned or 0)
            if done.is_last and not done.conditions and learned is None:
                break
            if time.monotonic() - began > SECONDS:
                system.notifier.notify(Job.INGEST)
                break
    if changes:
        system.notifier.notify(Job.PLAN)
    return ingested


async def _batch(system: System, ahead: ReadAhead) -> _Processed:
    """One transaction. If it fails, its events are processed one by one, and only those that fail are marked
    as dead."""
    ids: list[int] = []
    try:
        return await _transaction(system, ids, ahead)
    except Exception as error:
        if is_away(error) or not ids:
            raise
        _log.warning("batch_failed", error=type(error).__name__)
    each = []
    for event_id in list(ids):
        try:
            each.append(await _transaction(system, [event_id]))
        except Exception as error:
            if is_away(error):
                raise
            each.append(_Processed(1))
            async with system.writing() as connection:
                await _mark_dead(connection, {event_id: reason_of(error)}, clock.now(system.database))
    return _Processed(
        sum(done.events for done in each),
        sum(done.conditions for done in each),
        sum(done.changes for done in each),
        is_last=len(ids) < BATCH,
    )


async def _transaction(system: System, ids: list[int], ahead: ReadAhead | None = None) -> _Processed:
    """Processes the events `ids`, or the oldest waiting ones (and adds their ids), all or nothing.

    The change log is locked first: ingestion is serial, so that a smaller seq never becomes visible after a
    larger one.
    """
    now = clock.now(system.database)
    found = await ahead.take() if ahead else None
    async with system.writing() as connection:
        head = await change_log.lock(connection)
        if ahead is None or found is None or not await ahead.still_wait(connection, found):
            found = await read(await events.waiting(connection, BATCH, ids))
        ids[:] = found.ids
        if not ids:
            return _Processed()
        with tracing.span("process_events", events=len(ids)):
            done = await _process(connection, found, now, head, ahead)
    _log.info("events_processed", first=ids[0], last=ids[-1], events=done.events, changes=done.changes)
    return done._replace(is_last=found.is_last)


async def _process(
    connection: AsyncConnection, found: ReadEvents, now: datetime, head: int, ahead: ReadAhead | None
) -> _Processed:
    """Processes events; `head` is the newest seq of the change log.

    Trials' events are left waiting while the closure lacks what was learned. Where none are, the next events
    are read ahead, while the database stores.
    """
    of_conditions = [event for event in found.decoded if event.type == CONDITION_UPSERTED]
    of_trials = [event for event in found.decoded if event.type != CONDITION_UPSERTED]
    results: dict[int, EventResult] = {}
    changes = 0
    if of_conditions:
        await ingest_conditions(connection, of_conditions, results, now)
    if of_trials and await learned.is_closing(connection):
        of_trials = []
    while of_trials:
        placed = await place_events(connection, of_trials, results, head + 1)
        if ahead and len(found.ids) == BATCH:
            ahead.begin(found.ids[-1])
        ingested = await store_placed(connection, placed, results, now, head + 1)
        await change_log.append(connection, ingested.records, now)
        changes += len(ingested.records)
        head = await change_log.head(connection)
        of_trials = []
        if ingested.frees_merges:
            await _finish(connection, results, now)
            of_trials = await _circular_merges(connection)
    await _finish(connection, results, now)
    await _mark_dead(connection, found.dead, now)
    given = set(found.ids)
    return _Processed(len(given & {*results, *found.dead}), len(of_conditions), changes)


async def _finish(connection: AsyncConnection, results: Mapping[int, EventResult], now: datetime) -> None:
    """Records the results of events."""
    by_result: dict[EventResult, list[int]] = defaultdict(list)
    for event_id, result in results.items():
        by_result[result].append(event_id)
    for result, ids in by_result.items():
        await events.finish(connection, ids, EventState(result), now)


async def _circular_merges(connection: AsyncConnection) -> list[DecodedEvent]:
    """The merges that were set aside because they led in a circle, to try again."""
    rows = await events.merges_in_conflict(connection)
    return [decoded_event.read(row) for row in rows]


async def _mark_dead(connection: AsyncConnection, dead: dict[int, str], now: datetime) -> None:
    """Marks events that can't be processed, for the operator."""
    for event_id, reason in dead.items():
        _log.error("event_dead", event_id=event_id, reason=reason)
        await events.finish(connection, [event_id], EventState.DEAD, now, reason)
