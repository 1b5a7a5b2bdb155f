"""Plans digests: for each due slot, finds the subscribers with changes and queues their digests."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service import person_errors, tracing
from service.domain.buckets import BUCKETS, bucket_of, by_bucket
from service.domain.digests import run_size, time_zones
from service.domain.digests.run import RunState
from service.domain.digests.schedule import Frequency, latest_due
from service.job_queue import Job
from service.person_errors import Stage
from service.store.changes import change_log
from service.store.digests import due, planning, run_news, runs
from service.store.digests.rows import PlannedRun, Slot
from service.store.sql.database import is_away
from service.system import System

_log = structlog.get_logger("plan")

#: Subscribers per transaction.
CHUNK = 5_000
#: Chunks planned concurrently: each has its own subscribers, and keeps one core of PostgreSQL busy.
LANES = 2
#: A planning on demand takes minutes at most.
ABANDONED_AFTER = timedelta(hours=1)
#: So few mails, and so little news in all of them, never hold a run.
SMALL_RUN = run_size.SMALL_RUN


async def plan(system: System) -> int:
    """Plans every due slot; after a downtime each slot is planned once. Returns the number of digests."""
    now = datetime.now(UTC)
    async with system.reading() as connection:
        slots = await due.slots(connection)
        behind = set[int]()
        for bucket in BUCKETS:
            behind |= await due.slots_behind(connection, bucket)
    await _close_abandoned(system, now)
    total = 0
    for slot in slots:
        try:
            due_at = await _due_at(system, slot, now, behind=slot.id in behind)
            if due_at is not None:
                total += await _plan_slot(system, slot, due_at, now, behind=slot.id in behind)
        except Exception as error:
            if is_away(error):
                raise
            # Only the subscribers of this slot get no digests until the error is fixed.
            _log.error("slot_not_planned", slot=slot.id, error=type(error).__name__)
            await person_errors.count(system, Stage.PLAN, 1)
    if total:
        await system.notifier.notify_now(Job.DELIVER, times=4)
    return total


async def _close_abandoned(system: System, now: datetime) -> None:
    """Completes runs on demand whose process ended while it planned; people left out are planned later."""
    async with system.reading() as connection:
        left = await runs.abandoned(connection, now - ABANDONED_AFTER)
    for run in left:
        async with system.writing() as connection:
            digests = await planning.planned(connection, run.id)
            held = run.held_because is not None
            await planning.close_run(connection, run.id, digests=digests, held=held)


async def _due_at(system: System, slot: Slot, now: datetime, *, behind: bool) -> datetime | None:
    """The time for which the slot is to be planned now, or None.

    Immediate digests wait until the oldest change is `settle_seconds` old, so that a change that is corrected
    at once is not reported.
    """
    if slot.frequency != Frequency.IMMEDIATE:
        due_at = latest_due(slot.frequency, slot.zone, slot.hour, slot.weekday, now)
        return due_at if slot.due_at is None or slot.due_at < due_at else None
    settling = timedelta(seconds=system.settings.settle_seconds)
    async with system.reading() as connection:
        oldest = await change_log.oldest_after(connection, slot.low_water_seq)
    return now if behind or (oldest is not None and oldest <= now - settling) else None


async def _plan_slot(system: System, slot: Slot, due_at: datetime, now: datetime, *, behind: bool) -> int:
    people: list[int] = []
    async with system.reading() as connection:
        end = await change_log.head(connection)
        hot = await due.changed_topics(connection, slot.low_water_seq)
        if hot or behind:
            people = await due.due_subscribers(
                connection, BUCKETS, hot, frequency=slot.frequency, slot_id=slot.id, to_seq=end, now=now
            )
        size = await _size(connection, system, slot.frequency, people, floor=slot.low_water_seq, to_seq=end)
        unfinished = await runs.unfinished(connection, slot.id)
    if unfinished is not None and slot.frequency == Frequency.IMMEDIATE:
        due_at = unfinished  # goes on with the run that was interrupted
    resumes = unfinished == due_at
    if not people and not resumes and slot.frequency == Frequency.IMMEDIATE and slot.low_water_seq == end:
        return 0
    digests = 0
    if slot.zone not in time_zones.names():
        await person_errors.report(system, Stage.PLAN, dict.fromkeys(people, "unknown time zone"))
    if people or resumes:
        digests, covered = await _run(
            system,
            people,
            slot_id=slot.id,
            frequency=slot.frequency,
            due_at=due_at,
            period_start_seq=slot.low_water_seq,
            size=size,
        )
        end = min(end, covered)
    async with system.writing() as connection:
        await planning.advance(connection, slot.id, due_at=due_at, floor=end)
    return digests


class _Size(NamedTuple):
    """Why a run must be held, None if it need not; and the trials of its topic with most news."""

    held_because: str | None
    most_news: int


async def _size(
    connection: AsyncConnection,
    system: System,
    frequency: str,
    people: Sequence[int],
    *,
    floor: int,
    to_seq: int,
) -> _Size:
    """Compares the mails and the news that a run would have with what is usual."""
    if not people:
        return _Size(None, 0)
    usual = await runs.usual(connection, frequency)
    news = await run_news.notable_news(connection, frequency, people, floor=floor, to_seq=to_seq)
    factor = system.settings.run_hold
    because = run_size.held_because(factor, frequency, len(people), news, usual, SMALL_RUN)
    return _Size(because, run_size.most_news(news))


async def _run(
    system: System,
    people: Sequence[int],
    *,
    slot_id: int | None,
    frequency: str,
    due_at: datetime,
    period_start_seq: int,
    size: _Size,
) -> tuple[int, int]:
    """Queues the digests of `people`, chunk by chunk; resumes an interrupted run.

    Returns the number of digests, and the seq up to which they report.
    """
    now = datetime.now(UTC)
    async with system.writing() as connection:
        end = await change_log.head(connection)
        run = await planning.open_run(
            connection,
            slot_id=slot_id,
            frequency=frequency,
            due_at=due_at,
            to_seq=end,
            now=now,
            period_start_seq=period_start_seq,
            held_because=size.held_because,
            most_news=size.most_news,
        )
    if run.state != RunState.PLANNING:
        return 0, run.to_seq
    held = run.held_because is not None
    with tracing.span("plan_run", run=run.id, frequency=frequency, people=len(people)):
        await _plan_chunks(system, run, people, held=held, now=now)
    async with system.writing() as connection:
        digests = await planning.planned(connection, run.id)
        await planning.close_run(connection, run.id, digests=digests, held=held)
    level = _log.warning if held else _log.info
    level(
        "run_held" if held else "run_planned",
        run=run.id,
        frequency=frequency,
        digests=digests,
        seq=run.to_seq,
    )
    return digests, run.to_seq


async def _plan_chunks(
    system: System, run: PlannedRun, people: Sequence[int], *, held: bool, now: datetime
) -> None:
    """Plans all chunks, a few concurrently. If one fails, cancels the others and raises its error."""
    chunks = (
        ids[start : start + CHUNK]
        for ids in by_bucket(people).values()
        for start in range(0, len(ids), CHUNK)
    )

    async def lane() -> None:
        for chunk in chunks:
            async with system.writing() as connection:
                await planning.plan_chunk(connection, run, chunk, held=held, now=now)

    try:
        async with asyncio.TaskGroup() as lanes:
            for _ in range(LANES):
                lanes.create_task(lane())
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None


async def plan_now(system: System, subscriber_id: int | None = None) -> int:
    """Plans all pending digests, or those of one person, regardless of the schedule. Returns how many."""
    now = datetime.now(UTC)
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
            size = await _size(connection, system, frequency, people, floor=floor, to_seq=end)
        if people:
            digests, covered = await _run(
                system,
                people,
                slot_id=None,
                frequency=frequency,
                due_at=now,
                period_start_seq=lowest,
                size=size,
            )
            total, end = total + digests, min(end, covered)
        if subscriber_id is None:
            async with system.writing() as connection:
                await planning.raise_floors(connection, frequency, end)
    if total:
        await system.notifier.notify_now(Job.DELIVER, times=4)
    return total
