"""Plans digests: for each due slot, finds the subscribers with changes and queues their digests.

The worker of the first bucket opens the runs that are due; each worker plans the people of its own buckets;
the worker that plans the last ones closes the run.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from service import person_errors
from service.digests.size import RunSize, size_of
from service.domain.buckets import BUCKETS, bucket_of, buckets_of, by_bucket
from service.domain.digests import run_size, time_zones
from service.domain.digests.run import RunState
from service.domain.digests.schedule import Frequency, latest_due, next_due
from service.person_errors import Operation
from service.redis.job_queue import Job
from service.runtime import tracing
from service.store import change_log
from service.store.digests import due, planning
from service.store.digests.rows import PlannedRun, Slot
from service.store.sql import clock
from service.store.sql.database import is_away
from service.system import System

_log = structlog.get_logger("plan")

#: Subscribers per transaction.
CHUNK = 10_000
#: Buckets planned concurrently: each keeps one core of PostgreSQL busy.
LANES = 2
#: A run on demand takes minutes: one that is still in planning after this time was abandoned.
ABANDONED_AFTER = timedelta(hours=1)
#: A run with no more mails, and no more news in all of them together, is never held.
SMALL_RUN = run_size.SMALL_RUN


async def plan(system: System, buckets: Sequence[int] = BUCKETS) -> int:
    """Plans the people of these buckets who are due; after a downtime each slot is planned once.

    Goes on with runs that were interrupted or begun by another worker. Returns the number of digests.
    """
    now, opens = clock.now(system.database), BUCKETS[0] in buckets
    async with system.reading() as connection:
        begun = await planning.unfinished(connection)
        planned = [run.slot_id for run in begun if run.slot_id is not None]
        slots = await due.slots(connection, now if opens else None, planned)
        behind = await due.slots_behind(connection, slots)
    total = 0
    for run in begun:
        if run.slot_id is not None:
            total += await _guarded(run.slot_id, system, _go_on(system, run, slots[run.slot_id], buckets))
        elif opens and run.planned_at < now - ABANDONED_AFTER:
            # Its process died, or sleeps: people left out are planned later.
            async with system.writing() as connection:
                await planning.close_run(connection, run.id, held=run.held_because is not None)
    for slot in slots.values():
        if slot.id not in planned:
            opened = _open(system, slot, buckets, now, behind=slot.id in behind)
            total += await _guarded(slot.id, system, opened)
    if total:
        await system.notifier.notify_now(Job.DELIVER, times=4)
    return total


async def _guarded(slot_id: int, system: System, planned: Awaitable[int]) -> int:
    """An error means that the subscribers of this slot alone get no digests until it is fixed."""
    try:
        return await planned
    except Exception as error:
        if is_away(error):
            raise
        _log.error("slot_not_planned", slot=slot_id, error=type(error).__name__)
        await person_errors.count(system, Operation.PLAN, 1)
        return 0


async def _due_at(system: System, slot: Slot, now: datetime, *, behind: bool) -> datetime | None:
    """The moment for which a slot that is due is planned, or None: not yet.

    Immediate digests wait until the oldest change is `settle_seconds` old, so that a change that is corrected
    at once is not reported. So do those of people who are `behind`, as a run reports to all of its slot: some
    stay behind for months, such as those who paused.
    """
    if slot.frequency != Frequency.IMMEDIATE:
        return latest_due(slot.frequency, slot.zone, slot.hour, slot.weekday, now)
    settling = timedelta(seconds=system.settings.settle_seconds)
    async with system.reading() as connection:
        oldest = await change_log.oldest_after(connection, slot.low_water_seq)
    is_due = behind if oldest is None else oldest <= now - settling
    return now if is_due else None


def _next_due(slot: Slot, after: datetime) -> datetime:
    """Immediate slots are always due: it is the change log that they wait for."""
    if slot.frequency == Frequency.IMMEDIATE:
        return after
    return next_due(slot.frequency, slot.zone, slot.hour, slot.weekday, after)


async def _open(system: System, slot: Slot, buckets: Sequence[int], now: datetime, *, behind: bool) -> int:
    """Opens the run of a slot that is due, if anything is to be reported; plans these buckets' part."""
    due_at = await _due_at(system, slot, now, behind=behind)
    if due_at is None:
        return 0
    people: Sequence[int] = ()
    async with system.reading() as connection:
        end = await change_log.head(connection)
        hot = await due.changed_topics(connection, slot.low_water_seq)
        if hot or behind:
            people = await due.due_subscribers(
                connection, BUCKETS, hot, frequency=slot.frequency, slot_id=slot.id, to_seq=end, now=now
            )
        period = {"floor": slot.low_water_seq, "to_seq": end}
        size = await size_of(connection, system, slot.frequency, people, slot.id, small=SMALL_RUN, **period)
    if not people:
        if slot.frequency != Frequency.IMMEDIATE or slot.low_water_seq < end:
            async with system.writing() as connection:
                await planning.advance(connection, slot.id, due_at=_next_due(slot, due_at), floor=end)
        return 0
    if slot.zone not in time_zones.names():
        await person_errors.report(system, Operation.PLAN, dict.fromkeys(people, "unknown time zone"))
    run = await _open_run(
        system,
        people,
        size,
        slot=slot,
        frequency=slot.frequency,
        due_at=due_at,
        to_seq=end,
        period_start_seq=slot.low_water_seq,
    )
    if run.state != RunState.PLANNING:  # planned before
        async with system.writing() as connection:
            await planning.advance(connection, slot.id, due_at=_next_due(slot, due_at), floor=run.to_seq)
        return 0
    if run.to_seq != end:  # another worker opened it, a moment ago
        return await _go_on(system, run, slot, buckets)
    return await _plan_part(system, run, slot, people, buckets)


async def _go_on(system: System, run: PlannedRun, slot: Slot, buckets: Sequence[int]) -> int:
    """Plans the rest of these buckets' part of a run."""
    mine = [bucket for bucket in run.buckets_left if bucket in buckets]
    people: Sequence[int] = ()
    if mine:
        async with system.reading() as connection:
            hot = await due.changed_topics(connection, slot.low_water_seq)
            people = await due.due_subscribers(
                connection,
                mine,
                hot,
                frequency=run.frequency,
                slot_id=slot.id,
                to_seq=run.to_seq,
                now=clock.now(system.database),
            )
    elif run.buckets_left:
        return 0
    return await _plan_part(system, run, slot, people, mine)


async def _plan_part(
    system: System, run: PlannedRun, slot: Slot, people: Sequence[int], buckets: Sequence[int]
) -> int:
    """Queues the digests of those of `people` in these buckets; closes the run after its last ones."""
    mine = [bucket for bucket in run.buckets_left if bucket in buckets]
    parts = by_bucket(people)
    try:
        made = await _plan_chunks(system, run, [parts[bucket] for bucket in mine if bucket in parts])
    except planning.RunClosed:
        return 0  # whoever took over these buckets has planned them
    held, digests = run.held_because is not None, 0
    async with system.writing() as connection:
        left = await planning.mark_planned(connection, run.id, mine)
        if not left:
            digests = await planning.close_run(connection, run.id, held=held)
            due_at = _next_due(slot, run.due_at)
            await planning.advance(connection, slot.id, due_at=due_at, floor=run.to_seq)
    if left:
        await system.notifier.notify_now(Job.PLAN)
    else:
        _log_planned(run, digests)
    return made


def _log_planned(run: PlannedRun, digests: int) -> None:
    level, name = (_log.warning, "run_held") if run.held_because else (_log.info, "run_planned")
    level(name, run=run.id, frequency=run.frequency, digests=digests, seq=run.to_seq)


async def _open_run(
    system: System, people: Sequence[int], size: RunSize, *, slot: Slot | None, **covers: Any
) -> PlannedRun:
    async with system.writing() as connection:
        return await planning.open_run(
            connection,
            slot_id=None if slot is None else slot.id,
            now=clock.now(system.database),
            buckets=sorted(buckets_of(people)),
            **covers,
            held_because=size.held_because,
            most_news=size.most_news,
        )


async def _plan_chunks(system: System, run: PlannedRun, parts: Sequence[list[int]]) -> int:
    """Plans the people of each bucket chunk by chunk, a few buckets concurrently; returns how many digests.

    The first chunk of each bucket comes before the second ones: people who came at the same time share pages,
    whatever their buckets, which the database then still has. If one fails, the others are cancelled.
    """
    made, now, held = 0, clock.now(system.database), run.held_because is not None

    async def lane(buckets: Sequence[list[int]]) -> None:
        nonlocal made
        for start in range(0, max(map(len, buckets), default=0), CHUNK):
            for ids in buckets:
                if chunk := ids[start : start + CHUNK]:
                    async with system.writing() as connection:
                        made_here = await planning.plan_chunk(connection, run, chunk, held=held, now=now)
                    if made_here and not made and not held:
                        system.notifier.notify(Job.DELIVER)  # the first mails need not wait for the last
                    made += made_here

    with tracing.span("plan_run", run=run.id, frequency=run.frequency, people=sum(map(len, parts))):
        # Not a TaskGroup: in Python 3.11.2 a failed one leaves its task marked as being cancelled, and each
        # later time limit of Redis' client ends it.
        lanes = [asyncio.create_task(lane(parts[number::LANES])) for number in range(LANES)]
        try:
            await asyncio.gather(*lanes)
        finally:
            for each in lanes:
                each.cancel()
            await asyncio.wait(lanes)
    return made


async def plan_now(system: System, subscriber_id: int | None = None) -> int:
    """Plans all pending digests, or those of one person, regardless of the schedule. Returns how many."""
    now = clock.now(system.database)
    total = 0
    buckets = BUCKETS if subscriber_id is None else (bucket_of(subscriber_id),)
    for frequency in Frequency:
        async with system.reading() as connection:
            end = await change_log.head(connection)
            lowest = await due.lowest_floor(connection, frequency)
            floor = 0 if subscriber_id else lowest
            hot = await due.changed_topics(connection, floor)
            people = await due.due_subscribers(
                connection,
                buckets,
                hot,
                frequency=frequency,
                slot_id=None,
                to_seq=end,
                now=now,
                subscriber_id=subscriber_id,
            )
            size = await size_of(
                connection, system, frequency, people, floor=floor, to_seq=end, small=SMALL_RUN
            )
        try:
            total += await _plan_on_demand(
                system, people, size, frequency, due_at=now, to_seq=end, period_start_seq=lowest
            )
        except planning.RunClosed:
            continue  # the people who were left are planned at their time
        if subscriber_id is None:
            async with system.writing() as connection:
                await planning.raise_floors(connection, frequency, end)
    if total:
        await system.notifier.notify_now(Job.DELIVER, times=4)
    return total


async def _plan_on_demand(
    system: System, people: Sequence[int], size: RunSize, frequency: str, **covers: Any
) -> int:
    """A run of its own, if there are people, planned in this process from its beginning to its end.

    Raises RunClosed if it took so long that a worker has closed it.
    """
    if not people:
        return 0
    run = await _open_run(system, people, size, slot=None, frequency=frequency, **covers)
    await _plan_chunks(system, run, list(by_bucket(people).values()))
    async with system.writing() as connection:
        digests = await planning.close_run(connection, run.id, held=run.held_because is not None)
    _log_planned(run, digests)
    return digests
