"""Concurrent requests share one call, and each gets its own answer."""

import asyncio
from collections.abc import Sequence

import pytest

from service.runtime.coalescer import Coalescer


class Doubler:
    """Doubles numbers; `batches` holds the batches of its calls. It fails for groups with a 13."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def double(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        await self.open.wait()
        if 13 in numbers:
            raise LookupError("thirteen")
        return [2 * number for number in numbers]


async def test_a_single_request_is_made_at_once() -> None:
    doubler = Doubler()
    groups = Coalescer(doubler.double)
    assert await groups.submit(4) == 8
    assert await groups.submit(5) == 10
    assert doubler.batches == [[4], [5]]


async def test_requests_during_a_call_are_gathered_for_the_next_one() -> None:
    doubler = Doubler()
    doubler.open.clear()
    groups = Coalescer(doubler.double)
    first = asyncio.create_task(groups.submit(1))
    while not doubler.batches:
        await asyncio.sleep(0)
    others = [asyncio.create_task(groups.submit(number)) for number in (2, 3, 4)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in (first, *others))
    doubler.open.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6, 8]
    assert doubler.batches == [[1], [2, 3, 4]]


async def test_errors_are_raised_only_for_the_requests_that_they_concern() -> None:
    doubler = Doubler()
    groups = Coalescer(doubler.double)
    answers = await asyncio.gather(groups.submit(12), groups.submit(13), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["thirteen", "thirteen"]
    assert await groups.submit(14) == 28


async def test_a_cancelled_request_does_not_affect_the_others() -> None:
    doubler = Doubler()
    doubler.open.clear()
    groups = Coalescer(doubler.double)
    tasks = [asyncio.create_task(groups.submit(number)) for number in (1, 2)]
    while not doubler.batches:
        await asyncio.sleep(0)
    tasks[0].cancel()
    doubler.open.set()
    assert await tasks[1] == 4
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]
    assert doubler.batches == [[1, 2]]
