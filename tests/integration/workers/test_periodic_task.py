"""A worker's loop outlives a cancelled or failed run, and ends its run with itself."""

import asyncio

import pytest

from service.redis.job_queue import Job
from service.system import System
from tests.waiting import until
from workers import worker
from workers.worker import PeriodicTask


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_RETRY_PAUSE", 0.01)


async def test_a_run_that_a_library_cancels_is_followed_by_the_next(system: System) -> None:
    runs: list[int] = []

    async def cancelled_once(_: System) -> None:
        runs.append(1)
        if len(runs) == 1:
            raise asyncio.CancelledError
        system.stopping.set()

    await PeriodicTask(Job.PLAN, cancelled_once, 0).run(system)

    assert len(runs) == 2


async def test_a_run_that_is_left_marked_as_being_cancelled_does_not_mark_the_next(system: System) -> None:
    marks: list[int] = []

    async def marked(_: System) -> None:
        task = asyncio.current_task()
        assert task is not None
        marks.append(task.cancelling())
        if len(marks) == 2:
            system.stopping.set()
            return
        task.cancel()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise LookupError("failed") from None

    await PeriodicTask(Job.PLAN, marked, 0).run(system)

    assert marks == [0, 0]


async def test_a_loop_that_is_cancelled_waits_for_the_end_of_its_run(system: System) -> None:
    steps: list[str] = []

    async def slow(_: System) -> None:
        steps.append("begun")
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            steps.append("ended")

    running = asyncio.create_task(PeriodicTask(Job.PLAN, slow, 0).run(system))
    await until(lambda: steps == ["begun"])
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert running.cancelled()
    assert steps == ["begun", "ended"]
