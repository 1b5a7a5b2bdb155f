"""Runs: their usual size, and the mails of a held one, which all wait."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.digests import due, planning, runs
from service.store.mail import deliveries
from service.store.people import cursors
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from tests.odd_rows import store_row

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sizes", "usual"),
    [
        ([], None),
        ([7], 7.0),
        ([1_000, 9_000], 5_000.0),
        ([3, 1, 2], 2.0),
        ([4, 1, 3, 2], 2.5),
        ([10**6, *range(1, 15)], 7.5),  # the newest 14 count
    ],
)
async def test_the_usual_size_is_the_median_of_the_last_14(
    database: AsyncEngine, sizes: list[int], usual: float | None
) -> None:
    async with writing(database) as connection:
        slot = await cursors.get_or_create_slot(connection, "daily", "Europe/Rome", 8, 0, NOW)
        for number, digests in enumerate(sizes):
            due = NOW + timedelta(days=number)
            run = {"frequency": "daily", "due_at": due, "planned_at": due, "to_seq": 1, "state": "queued"}
            await store_row(connection, t.run, digests=digests, slot_id=slot, **run)
    async with reading(database) as connection:
        assert (await runs.usual(connection, "daily")).mails == usual
        assert (await runs.usual(connection, "weekly")).mails is None


async def test_mails_that_operators_sent_to_single_people_make_no_run_unusual(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        slot = await cursors.get_or_create_slot(connection, "daily", "Europe/Rome", 8, 0, NOW)
        for number, (digests, of) in enumerate([(2_000, slot), (1, slot), *[(1, None)] * 20]):
            due = NOW + timedelta(hours=number)
            run = {"frequency": "daily", "due_at": due, "planned_at": due, "to_seq": 1, "state": "queued"}
            await store_row(connection, t.run, digests=digests, slot_id=of, **run)
    async with reading(database) as connection:
        assert (await runs.usual(connection, "daily")).mails == 1000.5


async def test_a_slot_of_many_readers_is_compared_with_its_own_runs_among_many_small_ones(
    database: AsyncEngine,
) -> None:
    async with writing(database) as connection:
        many = await cursors.get_or_create_slot(connection, "daily", "Europe/Rome", 8, 0, NOW)
        few = await cursors.get_or_create_slot(connection, "daily", "Asia/Kathmandu", 8, 0, NOW)
        for number in range(40):
            slot, digests, state = (many, 2_000, "queued") if number % 10 == 0 else (few, 3, "queued")
            if number == 39:
                slot, digests, state = many, 90_000, "cancelled"
            due = NOW + timedelta(days=number)
            run = {"frequency": "daily", "due_at": due, "planned_at": due, "to_seq": 1, "state": state}
            await store_row(connection, t.run, digests=digests, slot_id=slot, **run)
    async with reading(database) as connection:
        assert (await runs.usual(connection, "daily", many)).mails == 2_000
        assert (await runs.usual(connection, "daily", few)).mails == 3
        assert (await runs.usual(connection, "daily")).mails == 3
        assert (await runs.usual(connection, "weekly", many)).mails is None


async def test_a_step_of_a_run_changes_no_other_run_or_slot(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        opened, slots = [], []
        for frequency in ("daily", "weekly"):
            slots.append(await cursors.get_or_create_slot(connection, frequency, "UTC", 8, 0, NOW))
            run = {"slot_id": slots[-1], "frequency": frequency, "due_at": NOW, "to_seq": 1, "now": NOW}
            opened.append(await planning.open_run(connection, **run, buckets=[0, 1]))
        daily, weekly = opened
        before = (await due.slots(connection, None, slots))[slots[1]]
        assert await planning.mark_planned(connection, daily.id, [0]) == [1]
        assert weekly in await planning.unfinished(connection)
        await planning.close_run(connection, daily.id, held=True)
        await planning.advance(connection, slots[0], due_at=NOW + timedelta(days=1), floor=7)
        assert await planning.unfinished(connection) == [weekly]
        assert (await due.slots(connection, None, slots))[slots[1]] == before
        await planning.close_run(connection, weekly.id, held=True)
        await runs.release(connection, daily.id)
        states = [(await runs.get(connection, run.id)).state for run in opened]
        assert states == ["released", "held"]


async def test_mails_queued_by_an_interrupted_planning_are_held_with_their_run(
    database: AsyncEngine,
) -> None:
    async with writing(database) as connection:
        when = {"due_at": NOW, "planned_at": NOW}
        run = {"frequency": "daily", "to_seq": 1, "state": "planning", "digests": 0}
        run_id = await store_row(connection, t.run, **run, **when)
        for state in ("queued", "held", "sent"):
            mail = await deliveries.queue(connection, 1, "digest", now=NOW)
            here = update(t.delivery).where(t.delivery.c.id == mail)
            await connection.execute(here.values(run_id=run_id, state=state))
        other = await deliveries.queue(connection, 1, "preferences_link", now=NOW)
        await planning.close_run(connection, run_id, held=True)
    async with reading(database) as connection:
        states = (await connection.execute(select(t.delivery.c.state).order_by(t.delivery.c.id))).scalars()
        assert list(states) == ["held", "held", "sent", "queued"]
    assert other


async def test_a_released_run_is_not_held_by_a_worker_that_closes_it_late(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        run = {"frequency": "daily", "to_seq": 1, "state": "planning", "digests": 1}
        run_id = await store_row(connection, t.run, **run, due_at=NOW, planned_at=NOW)
        mail = await deliveries.queue(connection, 1, "digest", now=NOW)
        here = update(t.delivery).where(t.delivery.c.id == mail)
        await connection.execute(here.values(run_id=run_id, state="held"))
        assert await planning.close_run(connection, run_id, held=True) == 1
        assert await runs.release(connection, run_id) == 1
        assert await planning.close_run(connection, run_id, held=True) == 1
        assert (await connection.execute(select(t.delivery.c.state))).scalar() == "queued"
