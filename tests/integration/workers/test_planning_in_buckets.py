"""Workers plan the people of their own buckets, together each person once, even if one of them dies."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.engine import Engine

from service.digests import planner
from service.digests.planner import plan
from service.digests.size import RunSize
from service.domain.buckets import BUCKETS, bucket_of
from service.domain.digests.run import RunState
from service.domain.trials.comparison.diff import diff
from service.redis.job_queue import Job
from service.store.digests import due, planning
from service.store.sql import tables as t
from service.store.sql.database import is_postgresql
from service.system import System
from tests.integration.workers.world import TRIAL, World, open_world, snapshot
from tests.odd_rows import store_rows
from workers.deliver import due_buckets
from workers.deliver.deliver import deliver

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]

FIRST, OTHER = BUCKETS[: len(BUCKETS) // 2], BUCKETS[len(BUCKETS) // 2 :]
PEOPLE = 40


async def followers_with_news(world: World, frequency: str = "immediate") -> list[int]:
    """People who follow a trial that changed. Returns their numbers."""
    await world.hold(snapshot(status="SUSPENDED"))
    people = [f"person{number}@example.org" for number in range(PEOPLE)]
    ids = [await world.follow(person, f"trial:{TRIAL}", frequency=frequency) for person in people]
    await world.change(snapshot(status="SUSPENDED"), status="RECRUITING")
    return ids


async def planned(system: System) -> list[int]:
    """The people who have a digest, in order."""
    async with system.reading() as connection:
        return sorted((await connection.execute(select(t.digest.c.subscriber_id))).scalars())


async def run_of(system: System) -> Any:
    """The one run."""
    async with system.reading() as connection:
        return (await connection.execute(select(t.run))).one()


async def test_each_worker_plans_its_part_and_the_last_one_closes_the_run(system: System) -> None:
    async with open_world(system) as world:
        ids = await followers_with_news(world)
    assert await plan(system, OTHER) == 0, "whoever serves the first bucket opens a run"
    await plan(system, FIRST)
    assert await planned(system) == sorted(number for number in ids if bucket_of(number) in FIRST)
    open_run = await run_of(system)
    assert open_run.state == RunState.PLANNING
    assert set(open_run.buckets_left) == {bucket_of(number) for number in ids} & set(OTHER)
    assert Job.PLAN.value in {job.function for job in await system.redis.queued_jobs()}, "others are called"
    assert await plan(system, FIRST) == 0
    await plan(system, OTHER)
    assert await planned(system) == sorted(ids)
    closed = await run_of(system)
    assert (closed.state, closed.digests, closed.buckets_left) == (RunState.QUEUED, PEOPLE, [])
    assert await plan(system) == 0


async def test_the_part_of_a_worker_that_dies_during_planning_is_taken_over(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(system) as world:
        ids = await followers_with_news(world)
    whole, calls = planning.plan_chunk, list[int]()

    async def dies(*arguments: Any, **options: Any) -> int:
        calls.append(1)
        if len(calls) > 3:
            raise ConnectionResetError("killed")
        return await whole(*arguments, **options)

    with monkeypatch.context() as broken:
        broken.setattr(planning, "plan_chunk", dies)
        with pytest.raises(OSError, match="killed"):
            await plan(system, FIRST)
    assert len(await planned(system)) < PEOPLE
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0, "each time limit would end it from now on"
    await plan(system)  # by whoever took its buckets over
    assert await planned(system) == sorted(ids)
    assert (await run_of(system)).digests == PEOPLE


async def test_two_workers_never_plan_a_bucket_concurrently(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "CHUNK", 1)
    async with open_world(system) as world:
        ids = await followers_with_news(world)
    at_once: set[int] = set()
    whole = planning._move_cursors

    async def watched(connection: Any, run: Any, people: Any) -> None:
        bucket = bucket_of(people[0])
        assert bucket not in at_once
        at_once.add(bucket)
        await whole(connection, run, people)
        await asyncio.sleep(0.01)
        at_once.discard(bucket)

    monkeypatch.setattr(planning, "_move_cursors", watched)
    await asyncio.gather(*(plan(system) for _ in range(3)))  # each believes that it serves all of them
    assert await planned(system) == sorted(ids)
    async with system.reading() as connection:  # who came too late may have opened one for nobody
        digests = (await connection.execute(select(t.run.c.digests))).scalars().all()
    assert sum(digests) == max(digests) == PEOPLE


async def test_each_digest_has_one_mail_with_its_number(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "CHUNK", 1)  # several for each bucket
    async with open_world(system) as world:
        ids = await followers_with_news(world)
    await plan(system)
    mail = t.delivery.c
    async with system.reading() as connection:
        mails = (await connection.execute(select(mail.id, mail.digest_id, mail.subscriber_id))).all()
        digests = (await connection.execute(select(t.digest.c.id, t.digest.c.subscriber_id))).all()
    assert sorted((row.digest_id, row.subscriber_id) for row in mails) == sorted(map(tuple, digests))
    assert all(row.id == row.digest_id for row in mails)
    assert sorted(row.subscriber_id for row in mails) == sorted(ids)


@pytest.mark.parametrize("held", [False, True])
async def test_the_first_mails_need_not_wait_for_the_planning_of_the_last(
    system: System, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    async with open_world(system) as world:
        await followers_with_news(world)
    called: list[Job] = []
    chunks: list[list[Job]] = []
    whole = planning.plan_chunk
    monkeypatch.setattr(planner, "LANES", 1)
    monkeypatch.setattr(system.notifier, "notify", called.append)

    async def watched(*arguments: Any, **options: Any) -> int:
        chunks.append(list(called))
        return await whole(*arguments, **options)

    async def size(*_: Any, **__: Any) -> RunSize:
        return RunSize("It is as large as never before." if held else None, 0)

    monkeypatch.setattr(planning, "plan_chunk", watched)
    monkeypatch.setattr(planner, "size_of", size)
    await plan(system)
    assert len(chunks) > 2
    assert chunks[0] == []
    assert chunks[1:] == [[] if held else [Job.DELIVER]] * len(chunks[1:])


async def add_slots(system: System, due_at: datetime) -> int:
    """A slot of each frequency, zone, hour and weekday that there can be. Returns how many."""
    rows = [
        {"frequency": frequency, "zone": f"Zone/{zone}", "hour": hour, "weekday": weekday}
        for frequency, weekdays in (("daily", 1), ("weekly", 7), ("monthly", 1))
        for zone in range(400)
        for hour in range(24)
        for weekday in range(weekdays)
    ]
    async with system.writing() as connection:
        await store_rows(connection, t.slot, [row | {"due_at": due_at, "low_water_seq": 0} for row in rows])
    async with system.writing() as connection:
        if is_postgresql(connection):
            await connection.execute(text("ANALYZE slot"))
    return len(rows)


class Statements:
    """The statements that are executed while it is open."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def _add(self, connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        self.texts.append(" ".join(statement.split()))

    def __enter__(self) -> list[str]:
        event.listen(Engine, "before_cursor_execute", self._add)
        return self.texts

    def __exit__(self, *_: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._add)


def about(texts: list[str], *tables: str) -> list[str]:
    """The statements that read or write one of the tables."""
    return [
        statement for statement in texts if any(f" {table}" in statement.replace('"', "") for table in tables)
    ]


async def test_a_round_without_a_due_slot_reads_no_slot(system: System) -> None:
    slots = await add_slots(system, datetime.now(UTC) + timedelta(hours=1))
    assert slots == 400 * 24 * 9
    with Statements() as texts:
        assert await plan(system) == 0
    asked = [statement for statement in texts if statement.startswith("SELECT")]
    assert len(about(asked, "slot")) == 1
    assert len(asked) == 2, "the runs in planning, and the slots that are due"
    async with system.reading() as connection:
        assert await due.slots(connection, datetime.now(UTC)) == {}
        explain = "EXPLAIN " if is_postgresql(connection) else "EXPLAIN QUERY PLAN "
        asks = f"{explain}SELECT id FROM slot WHERE due_at <= '{datetime.now(UTC):%Y-%m-%d %H:%M:%S}'"
        plan_of_it = str((await connection.execute(text(asks))).all())
    assert "slot_due" in plan_of_it


async def test_a_round_without_mail_queries_it_once_for_all_lanes(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_buckets, "LOOK_AGAIN", 3600.0)  # however busy the machine
    async with open_world(system) as world:
        with Statements() as texts:
            await deliver(world.mailer)
    assert len(about(texts, "delivery")) == 2, "mail that somebody waits for, and digests"


@pytest.mark.parametrize("scans", ["on", "off"])
async def test_each_person_is_found_once_however_the_subscriptions_are_read(
    system: System, scans: str
) -> None:
    async with open_world(system) as world:
        await followers_with_news(world)
        twice = await world.follow("twice@example.org", f"trial:{TRIAL}", "condition:asthma")
        behind = await world.follow("behind@example.org", "condition:asthma")
        ends = diff(snapshot(status="RECRUITING"), snapshot(status="COMPLETED"))
        await world.append_changes(TRIAL, ends, f"trial:{TRIAL}", "condition:asthma")
    async with system.writing() as connection:
        await connection.execute(
            t.cursor.update().values(behind=t.cursor.c.subscriber_id.in_([twice, behind]))
        )
    async with system.reading() as connection:
        if is_postgresql(connection):  # without indexes it reads all subscriptions
            await connection.execute(text(f"SET LOCAL enable_indexscan = {scans}"))
            await connection.execute(text(f"SET LOCAL enable_bitmapscan = {scans}"))
        hot = list(
            (
                await connection.execute(select(t.topic.c.id).where(t.topic.c.key == f"trial:{TRIAL}"))
            ).scalars()
        )
        (slot_id,) = (await connection.execute(select(t.cursor.c.slot_id).distinct())).scalars()
        with Statements() as texts:
            found = await due.due_subscribers(
                connection,
                BUCKETS,
                hot,
                frequency="immediate",
                slot_id=slot_id,
                to_seq=1_000,
                now=datetime.now(UTC),
            )
        as_a_whole = any(" IN (SELECT" in statement for statement in about(texts, "bucket_lease"))
    assert len(found) == len(set(found)) == PEOPLE + 2
    assert {twice, behind} <= set(found)
    assert as_a_whole or scans == "on" or "sqlite" in system.settings.database_url


async def test_a_run_without_news_reads_nobody(system: System) -> None:
    async with open_world(system) as world:
        await followers_with_news(world)
        for frequency in ("daily", "weekly"):
            await world.follow(f"{frequency}@example.org", f"trial:{TRIAL}", frequency=frequency)
    await plan(system)
    async with system.writing() as connection:
        await connection.execute(t.cursor.update().values(behind=False))
    async with system.writing() as connection:
        past = datetime.now(UTC) - timedelta(minutes=1)
        await connection.execute(t.slot.update().values(due_at=past))
        await connection.execute(
            t.slot.update().values(low_water_seq=select(t.log_head.c.seq).scalar_subquery())
        )
    with Statements() as texts:
        assert await plan(system) == 0
    people = about(texts, "subscriber", "subscription", "address", "consent", "delivery", "digest", "cursor")
    assert len(people) == 1, "one look into the index of those who are behind"
    assert "cursor.behind" in people[0].replace('"', "")
    async with system.reading() as connection:
        overdue = select(func.count()).where(t.slot.c.due_at <= past, t.slot.c.frequency != "immediate")
        assert (await connection.execute(overdue)).scalar_one() == 0, "each waits for its next moment"
