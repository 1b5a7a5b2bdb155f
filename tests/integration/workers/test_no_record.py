"""Outcomes that the database refuses wait, and nothing more is sent meanwhile; mails to render wait too."""

import asyncio
import contextlib
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from service.digests.planner import plan
from service.store.mail import deliveries
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.chaos.crowd import change_trial, gather_people
from tests.integration.workers.world import TRIAL, World, open_world, snapshot
from tests.smtp_server import On
from tests.unwritable import read_only, refusing_inserts
from tests.waiting import until
from workers.deliver import batch as rendering
from workers.deliver.deliver import deliver
from workers.deliver.due_buckets import DueBuckets

pytestmark = [pytest.mark.on_both_databases, pytest.mark.slow, pytest.mark.usefixtures("one_bucket")]

CONNECTIONS = 4
PEOPLE = 80


async def states(system: System) -> Counter[str]:
    async with reading(system.database) as connection:
        return Counter((await connection.execute(select(t.delivery.c.state))).scalars())


@contextlib.asynccontextmanager
async def sending(system: System, *rules: On) -> AsyncIterator[tuple[World, asyncio.Task[None]]]:
    """A worker that delivers slowly to the followers of a trial, when a few of its mails have arrived."""
    few = system.settings.model_copy(update={"smtp_connections": CONNECTIONS})
    async with open_world(replace(system, settings=few), *rules, On("BODY", delay=0.02)) as world:
        await world.hold(snapshot(status="SUSPENDED"))
        await gather_people(world.system, 0, PEOPLE)
        await change_trial(world.system, 1)
        await plan(world.system)
        work = asyncio.create_task(deliver(world.mailer))
        await until(lambda: len(world.smtp.mails) >= 2 * CONNECTIONS)
        yield world, work


async def stands_still(seen: Sequence[object]) -> None:
    """Waits until the server sees nothing more for a second."""
    before = -1
    while len(seen) != before:
        before = len(seen)
        await asyncio.sleep(1)


async def sends_nothing(world: World) -> None:
    """Nothing is sent any more, though most still waits."""
    await stands_still(world.smtp.mails)
    assert len(world.smtp.mails) < PEOPLE


async def test_a_worker_that_cannot_record_outcomes_sends_nothing_more(system: System) -> None:
    async with sending(system) as (world, work):
        async with refusing_inserts(system.database, "send_receipt"):
            await sends_nothing(world)
        await work
        assert await states(system) == {"sent": PEOPLE}
        assert len({mail.rcpt_to for mail in world.smtp.mails}) == len(world.smtp.mails) == PEOPLE


async def test_a_refusal_that_cannot_be_recorded_stops_its_connection_too(system: System) -> None:
    gone = On("RCPT", "550 5.1.1 no such user", skip=20)
    async with contextlib.AsyncExitStack() as refusing:
        await refusing.enter_async_context(refusing_inserts(system.database, "suppression"))
        async with sending(system, gone) as (world, work):
            await stands_still(world.smtp.commands)
            assert sum("RCPT" in command.upper() for command in world.smtp.commands) <= 20 + 2 * CONNECTIONS
            assert (await states(system))["bounced"] == 0
            await refusing.aclose()
            await work
        assert await states(system) == {"sent": 20, "bounced": PEOPLE - 20}


async def test_a_failover_during_delivery_doubles_no_mail(system: System) -> None:
    async with sending(system) as (world, work):
        async with read_only(system.database, world.mailer.receipts_db):
            await asyncio.sleep(2)
            if system.database.dialect.name == "postgresql":  # SQLite's kept session may still write
                await sends_nothing(world)
        await work
        for _ in range(20):
            await deliver(world.mailer)
            if await states(system) == {"sent": PEOPLE}:
                break
            await asyncio.sleep(0.5)
        assert await states(system) == {"sent": PEOPLE}
        assert len({mail.rcpt_to for mail in world.smtp.mails}) == len(world.smtp.mails) == PEOPLE


async def asked_for(world: World) -> list[int]:
    """Five people who signed up; their confirmations are queued. Returns the deliveries."""
    for number in range(5):
        person = await world.follow(f"person{number}@example.org", f"trial:{TRIAL}", confirmed=False)
        async with writing(world.system.database) as connection:
            now = (await connection.execute(select(t.subscriber.c.created_at).limit(1))).scalar_one()
            mail = await deliveries.queue(connection, person, "confirmation", now=now)
            followed = t.subscription.update().where(t.subscription.c.subscriber_id == person)
            await connection.execute(followed.values(confirmation_id=mail))
    async with reading(world.system.database) as connection:
        return list((await connection.execute(select(t.delivery.c.id).order_by(t.delivery.c.id))).scalars())


async def test_a_database_error_about_one_mail_defers_it_and_delays_no_other(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = rendering.build_mail
    async with open_world(system) as world:
        ids = await asked_for(world)

        async def fails_for_one(connection: Any, mailer: Any, row: Any, *more: Any) -> Any:
            if row.id == ids[2]:
                refused = "SELECT 1 / 0" if connection.dialect.name == "postgresql" else "SELECT json('{')"
                await connection.execute(text(refused))
            return await write(connection, mailer, row, *more)

        with monkeypatch.context() as broken:
            broken.setattr(rendering, "build_mail", fails_for_one)
            await deliver(world.mailer)
        assert await states(system) == {"sent": 4, "queued": 1}
        async with writing(system.database) as connection:
            await connection.execute(update(t.delivery).values(due_at=t.delivery.c.created_at))
        await deliver(world.mailer)
        assert await states(system) == {"sent": 5}
        assert len(world.smtp.mails) == 5


async def test_a_database_outage_during_rendering_fails_no_mail(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = rendering.build_mail
    async with open_world(
        replace(system, settings=system.settings.model_copy(update={"lease_seconds": 3}))
    ) as world:
        ids = await asked_for(world)

        async def breaks(connection: Any, mailer: Any, row: Any, *more: Any) -> Any:
            if row.id == ids[2] and connection.dialect.name == "postgresql":
                await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
            elif row.id == ids[2]:
                raise OperationalError("SELECT", {}, sqlite3.OperationalError("disk I/O error"))
            return await write(connection, mailer, row, *more)

        with monkeypatch.context() as broken:
            broken.setattr(rendering, "build_mail", breaks)
            await deliver(world.mailer)
        assert await states(system) == {"claimed": 5}, "until the lease is over"
        assert world.smtp.mails == []


async def test_leases_are_kept_until_the_last_lane_is_over(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = system.settings.model_copy(update={"lease_seconds": 6, "smtp_connections": 1})
    look, calls = DueBuckets.next, Counter[str]()

    async def fails_at_the_second(due: DueBuckets) -> int | None:
        calls["look"] += 1
        if calls["look"] == 2:
            raise ValueError("a fault of ours")
        return await look(due)

    async with open_world(replace(system, settings=brief), On("BODY", delay=0.35)) as world:
        await world.hold(snapshot(status="SUSPENDED"))
        await gather_people(world.system, 0, 20)
        await change_trial(world.system, 1)
        await plan(world.system)
        monkeypatch.setattr(DueBuckets, "next", fails_at_the_second)
        with pytest.raises(ValueError, match="fault"):
            await deliver(world.mailer)
        assert await states(system) == {"sent": 20}, "though that took longer than a lease"
        assert len(world.smtp.mails) == 20
