"""A limit of time holds for a call that ignores its cancellation, too."""

import asyncio

import pytest

from service.runtime.time_limit import within


async def test_a_result_within_the_limit_is_returned() -> None:
    async def answer() -> int:
        return 42

    assert await within(60, answer()) == 42


async def test_an_error_is_raised() -> None:
    async def fail() -> int:
        raise KeyError

    with pytest.raises(KeyError):
        await within(60, fail())


async def test_a_call_that_ignores_its_cancellation_is_not_awaited() -> None:
    answered, cancelled = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        try:
            await answered.wait()
        except asyncio.CancelledError:
            cancelled.set()
            await answered.wait()
            raise

    with pytest.raises(TimeoutError):
        await within(0.01, hang())
    await cancelled.wait()
    answered.set()
