"""The engine's seams: stopping, two workers and two schedulers at once, broken-off planning, held runs."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from service.digests import planner
from service.digests.planner import plan, plan_now
from service.store.people import cursors
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.chaos.crowd import change_trial, gather_people
from tests.integration.workers.breaking_off import plan_until_the_second_chunk
from tests.integration.workers.world import World, open_world, snapshot
from tests.odd_rows import store_row
from tests.smtp_server import On
from workers.deliver import batch_sizes, outcomes
from workers.deliver.batch_sizes import REMEMBERED_SECONDS, BatchSize
from workers.deliver.deliver import deliver
from workers.deliver.mailer import open_mailer

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases, pytest.mark.usefixtures("one_bucket")]


async def crowd(world: World, people: int) -> list[str]:
    """So many followers of one trial, which then changes."""
    await world.hold(snapshot(status="SUSPENDED"))
    addresses = await gather_people(world.system, 0, people)
    await change_trial(world.system, 1)
    return addresses


async def states(system: System) -> list[str]:
    """The state of every delivery."""
    async with reading(system.database) as connection:
        return list((await connection.execute(select(t.delivery.c.state))).scalars())


async def test_two_workers_and_two_schedulers_send_one_digest_each(system: System) -> None:
    async with open_world(system) as world, open_mailer(world.system) as other:
        people = await crowd(world, 700)
        await asyncio.gather(plan(world.system), plan(world.system))
        await asyncio.gather(deliver(world.mailer), deliver(other))
        assert sorted(mail.rcpt_to for mail in world.smtp.mails) == sorted(people)
        assert set(await states(system)) == {"sent"}


@pytest.mark.parametrize("lanes", [1, 2])
async def test_an_interrupted_planning_is_resumed(
    system: System, monkeypatch: pytest.MonkeyPatch, lanes: int
) -> None:
    async with open_world(system) as world:
        people = await crowd(world, 30)
        monkeypatch.setattr(planner, "CHUNK", 10)
        monkeypatch.setattr(planner, "LANES", lanes)
        await plan_until_the_second_chunk(world.system, monkeypatch)
        assert len(await states(system)) in ((10,) if lanes == 1 else (0, 10, 20)), "whole chunks or none"
        await plan(world.system)
        await plan_now(world.system)
        await deliver(world.mailer)
        assert sorted(mail.rcpt_to for mail in world.smtp.mails) == sorted(people)


async def test_a_run_far_above_the_usual_waits_for_an_operator(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "SMALL_RUN", 10)
    async with open_world(system) as world:
        await crowd(world, 5)
        await plan(world.system)
        await deliver(world.mailer)
        await gather_people(world.system, 5, 45)
        await change_trial(world.system, 3)
        await plan(world.system)
        await deliver(world.mailer)
        assert len(world.smtp.mails) == 5
        assert sorted(await states(system)) == ["held"] * 50 + ["sent"] * 5
        async with reading(system.database) as connection:
            runs = list((await connection.execute(select(t.run.c.state).order_by(t.run.c.id))).scalars())
        assert runs == ["queued", "held"]


async def test_a_slot_with_many_readers_is_not_held_because_most_runs_are_small(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "SMALL_RUN", 10)
    async with open_world(system) as world:
        await crowd(world, 50)
        await plan(world.system)
        await deliver(world.mailer)
        now = datetime.now(UTC)
        small = {"frequency": "immediate", "due_at": now, "planned_at": now, "to_seq": 1, "state": "queued"}
        async with writing(system.database) as connection:
            elsewhere = await cursors.get_or_create_slot(connection, "daily", "Asia/Kathmandu", 0, 0, now)
            for number in range(14):
                small["due_at"] = now + timedelta(seconds=number)
                await store_row(connection, t.run, digests=3, slot_id=elsewhere, **small)
        await change_trial(world.system, 3)
        await plan(world.system)
        await deliver(world.mailer)
        assert await states(system) == ["sent"] * 100


async def test_a_stopping_worker_finishes_mails_in_flight_and_returns_the_rest(system: System) -> None:
    slow = system.settings.model_copy(update={"smtp_connections": 2})
    async with open_world(replace(system, settings=slow), On("BODY", delay=0.5)) as world:
        await crowd(world, 60)
        await plan(world.system)
        delivering = asyncio.create_task(deliver(world.mailer))
        while not world.smtp.mails:
            await asyncio.sleep(0.05)
        world.system.stopping.set()
        await delivering
        sent, after = len(world.smtp.mails), await states(system)
        assert 0 < sent < 60
        assert after.count("sent") == sent
        assert after.count("queued") == 60 - sent


async def test_mails_of_a_long_batch_are_ended_long_before_its_end(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "FLUSH_SECONDS", 0.3)
    single = system.settings.model_copy(update={"smtp_connections": 1})
    async with open_world(replace(system, settings=single), On("BODY", delay=0.1)) as world:
        await crowd(world, 30)
        await plan(world.system)
        delivering = asyncio.create_task(deliver(world.mailer))
        while "sent" not in (during := await states(system)):
            assert not delivering.done()
            await asyncio.sleep(0.05)
        assert "claimed" in during
        async with reading(system.database) as connection:
            notes = (await connection.execute(select(t.send_receipt.c.number))).scalars().all()
        await delivering
        assert set(await states(system)) == {"sent"}
        assert len(world.smtp.mails) == 30
        assert len(notes) < 5, "what is ended needs no note any more"


async def test_one_mail_that_cannot_be_written_holds_up_no_other(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(system) as world:
        await crowd(world, 20)
        await plan(world.system)
        async with reading(system.database) as connection:
            first = (await connection.execute(select(t.delivery.c.id).limit(1))).scalar_one()
        async with system.database.begin() as connection:
            spoilt = t.delivery.update().where(t.delivery.c.id == first).values(message_key="not one\n")
            await connection.execute(spoilt)
        await deliver(world.mailer)
        assert sorted(await states(system)) == ["failed", *["sent"] * 19]


@pytest.mark.parametrize(("rate", "mails"), [(0, 1250), (1000, 1250), (20, 100), (0.05, 1)])
def test_no_more_mails_are_claimed_than_can_be_sent_soon(rate: float, mails: int) -> None:
    size = BatchSize(rate, connections=1)
    for _ in range(3):
        size.measured(size.next, size.next, seconds=0.001)
    assert size.next == mails


def test_the_size_of_claims_follows_the_speed_of_the_server() -> None:
    size = BatchSize(0, connections=8)
    assert size.next == 100
    size.measured(100, 100, seconds=0.1)
    assert size.next == 400, "four times as many, not at once all"
    size.measured(400, 3, seconds=0.1)
    assert size.next == 400, "a bucket with few mails says nothing"
    size.measured(400, 400, seconds=0.2)
    assert size.next == 1250
    size.measured(100, 100, seconds=0.1)
    assert size.next == 1250, "a lane that claimed before the others measured"
    size.measured(1000, 1000, seconds=50)
    assert size.next == 100
    size.measured(100, 100, seconds=600)
    assert size.next == 8, "one for each connection"


def test_a_throughput_is_remembered_from_run_to_run_but_not_for_long() -> None:
    now = 0.0
    size = BatchSize(0, connections=8, clock=lambda: now)
    size.measured(100, 100, seconds=0.1)
    now += REMEMBERED_SECONDS
    assert size.next == 400
    now += 1
    assert size.next == 100


async def test_a_run_begins_with_claims_as_large_as_the_last_one_ended_with(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_sizes, "FIRST_BATCH", 1)
    async with open_world(system) as world:
        await crowd(world, 40)
        await plan(world.system)
        await deliver(world.mailer)
        assert await states(system) == ["sent"] * 40
        assert world.mailer.batch_size.next >= 4, "some bucket has held as many as were asked for"
