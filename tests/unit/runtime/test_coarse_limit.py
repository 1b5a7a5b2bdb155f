"""A coarse limit ends what takes too long, and nothing else."""

import asyncio

import pytest

from service.runtime.coarse_limit import CoarseLimit
from tests.waiting import PATIENCE


async def endless(raised: type[BaseException] | None = None) -> None:
    """Waits without end; raises `raised` when it is cancelled, or the cancellation."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        if raised:
            raise raised from None
        raise


async def limited(seconds: float, raised: type[BaseException] | None = None) -> None:
    async with CoarseLimit() as limit:
        limit.start(seconds)
        await endless(raised)


async def test_a_block_that_is_over_time_is_cancelled_and_raises_a_timeout() -> None:
    with pytest.raises(TimeoutError):
        await limited(0.0)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_an_error_on_the_way_out_is_raised_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        await limited(0.0, ZeroDivisionError)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_a_cancellation_from_elsewhere_stays_one() -> None:
    task = asyncio.create_task(limited(PATIENCE))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_limits_of_a_loop_end_each_on_its_own() -> None:
    others = [asyncio.create_task(limited(PATIENCE)) for _ in range(2)]
    with pytest.raises(TimeoutError):
        await limited(0.0)
    assert not any(task.done() for task in others)
    for task in others:
        task.cancel()
    await asyncio.wait(others)


@pytest.mark.parametrize("is_stopped", [False, True], ids=["not started", "stopped"])
async def test_without_a_limit_nothing_is_cancelled(is_stopped: bool) -> None:
    async with CoarseLimit() as limit:
        if is_stopped:
            limit.start(0.0)
            limit.stop()
        with pytest.raises(TimeoutError):
            await asyncio.create_task(limited(0.0))  # all limits that are over end at one look
    assert not limit.is_over


def test_each_loop_has_a_watch_of_its_own() -> None:
    for _ in range(2):
        with pytest.raises(TimeoutError):
            asyncio.run(limited(0.0))
