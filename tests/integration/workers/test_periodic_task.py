"""A worker's loops outlive a cancelled or failed run, and end their run with themselves."""

import asyncio

import pytest
from structlog.testing import capture_logs

from service.redis.job_queue import Job
from service.system import System
from tests.waiting import until
from workers import worker
from workers.worker import PeriodicTask, keep_running


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


async def test_a_run_that_swallows_its_cancellation_is_cancelled_again(system: System) -> None:
    cancelled: list[int] = []

    async def stubborn(_: System) -> None:
        while len(cancelled) < 3:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                cancelled.append(1)

    running = asyncio.create_task(PeriodicTask(Job.PLAN, stubborn, 0).run(system))
    await asyncio.sleep(0)
    system.stopping.set()

    async def cancelled_until_it_ends() -> bool:
        running.cancel()
        return running.done()

    await until(cancelled_until_it_ends)
    assert len(cancelled) == 3


@pytest.mark.parametrize("end", [LookupError("broken"), asyncio.CancelledError(), None], ids=repr)
async def test_a_loop_that_ends_early_is_begun_again_and_an_error_is_logged(
    system: System, end: BaseException | None
) -> None:
    begun: list[int] = []

    async def loop() -> None:
        begun.append(1)
        if len(begun) == 3:
            system.stopping.set()
        elif end is not None:
            raise end

    with capture_logs() as logged:
        await keep_running(system, "report", loop)

    assert len(begun) == 3
    failed = [(line["event"], line["job"]) for line in logged]
    assert failed == ([] if end is None else [("loop_failed", "report")]), (
        "a failure that repeats is logged once"
    )
