"""A database that is away is one line in a worker's log, whichever task meets it, and one when it is back."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text
from structlog.testing import capture_logs

from service.redis.job_queue import Job
from service.runtime import worker_health
from service.store.people import subscribers
from service.system import System
from tests.conftest import POSTGRESQL
from tests.integration.privacy import cast
from tests.integration.workers.world import open_world
from tests.lock_waits import somebody_waits
from tests.waiting import PATIENCE, until
from workers import heartbeat, worker
from workers.bucket_leases import BucketLeases
from workers.deliver.deliver import deliver
from workers.heartbeat import Heartbeat
from workers.visitor_requests import process_requests
from workers.worker import PeriodicTask, Task

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]


@asynccontextmanager
async def cut_off(system: System) -> AsyncIterator[None]:
    """Nothing listens where the database was."""

    def refuse(*_: Any) -> None:
        raise ConnectionRefusedError

    await system.database.dispose()
    event.listen(system.database.sync_engine, "do_connect", refuse)
    yield
    event.remove(system.database.sync_engine, "do_connect", refuse)


def counted(task: Task, runs: list[str], name: str) -> Task:
    async def run(system: System) -> None:
        runs.append(name)
        await task(system)

    return run


async def test_an_outage_is_logged_once_a_minute_with_its_reason_and_at_its_end(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_RETRY_PAUSE", 0.01)
    runs: list[str] = []
    async with open_world(system) as world:
        tasks: dict[Job, Task] = {
            Job.DELIVER: lambda _: deliver(world.mailer),
            Job.PROCESS_REQUESTS: process_requests,
        }
        running = [
            asyncio.create_task(PeriodicTask(job, counted(task, runs, job.value), 0).run(system))
            for job, task in tasks.items()
        ]
        beat, leases = Heartbeat(world.mailer).beat, BucketLeases(system, "a")
        with capture_logs() as logged:
            async with cut_off(system):
                runs.clear()
                await until(lambda: all(runs.count(job.value) > 3 for job in tasks))
                assert not await beat()
                await leases.renew()
        with capture_logs() as afterwards:
            for _ in range(6):
                assert await beat()
        with capture_logs() as again:
            async with cut_off(system):
                assert not await beat()
            system.stopping.set()
            await asyncio.gather(*running)
    (line,) = [line for line in logged if line["log_level"] in ("warning", "error")]
    assert (line["event"], line["reason"]) == (
        "database_unavailable",
        "connection refused: nothing listens there",
    )
    assert [line["event"] for line in afterwards if line["event"].startswith("database")] == ["database_back"]
    assert [line["event"] for line in again if line["event"].startswith("database")] == [
        "database_unavailable"
    ], "at once"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_database_that_does_not_answer_is_unavailable_as_well(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(system) as world:
        beat = Heartbeat(world.mailer).beat
        assert await beat()
        other = await psycopg.AsyncConnection.connect(system.settings.database_url)
        async with other:
            await other.execute("LOCK TABLE worker IN ACCESS EXCLUSIVE MODE")
            with capture_logs() as logged, monkeypatch.context() as changed:
                changed.setattr(heartbeat, "_DATABASE_SECONDS", 0.3)
                assert not await beat()
            health = worker_health.read(system.settings.data_folder)
            await other.rollback()
        assert await beat()
    worker_health.remove(system.settings.data_folder)
    assert [(line["event"], line["reason"]) for line in logged] == [
        ("database_unavailable", "no answer in time")
    ]
    assert "database (no answer in time)" in next(one.waits_for for one in health if one.pid == os.getpid())


async def test_any_other_failure_is_logged_once_a_minute_with_its_place(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_RETRY_PAUSE", 0.01)
    runs: list[str] = []

    async def fail(_: System) -> None:
        raise LookupError("no such thing")

    with capture_logs() as logged:
        task = PeriodicTask(Job.PLAN, counted(fail, runs, "plan"), 0)
        running = asyncio.create_task(task.run(system))
        await until(lambda: len(runs) > 3)
        system.stopping.set()
        await running
    assert [(line["event"], line["job"], line["error"]) for line in logged] == [
        ("task_failed", "plan", "LookupError")
    ]
    assert isinstance(logged[0]["exc_info"], LookupError)


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_a_run_that_a_deadlock_ended_is_repeated_at_once_and_is_no_outage(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_RETRY_PAUSE", 3600)
    people = [await cast.follower(system, address) for address in (cast.ALICE, cast.BOB)]
    has_locked, runs = asyncio.Event(), 0

    async def run(_: System) -> None:
        nonlocal runs
        runs += 1
        async with system.writing() as connection:
            if runs == 1:
                await connection.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
            await subscribers.lock(connection, people[0])
            has_locked.set()
            while runs == 1 and not await somebody_waits(system):
                await connection.execute(text("SELECT 1"))
            await subscribers.lock(connection, people[1])
        system.stopping.set()

    with capture_logs() as lines:
        async with system.writing() as connection:
            await connection.execute(text("SET LOCAL deadlock_timeout = '1min'"))
            await subscribers.lock(connection, people[1])
            task = asyncio.create_task(PeriodicTask(Job.PLAN, run, 0).run(system))
            await has_locked.wait()
            await subscribers.lock(connection, people[0])
        await asyncio.wait_for(task, PATIENCE)
    assert runs >= 2  # the second may take the first lock before the other does, and meet it once more
    assert [line["event"] for line in lines if line.get("job")] == ["deadlock_ended"] * (runs - 1)
