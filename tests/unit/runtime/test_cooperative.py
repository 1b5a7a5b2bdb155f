"""Long loops let other tasks run in between."""

import asyncio

from service.runtime.cooperative import YIELD_EVERY, batched, cooperatively


def test_parts_hold_each_item_once_and_in_order() -> None:
    items = list(range(2 * YIELD_EVERY + 1))
    parts = list(batched(items))
    assert [len(part) for part in parts] == [YIELD_EVERY, YIELD_EVERY, 1]
    assert [item for part in parts for item in part] == items
    assert list(batched([])) == []


async def test_another_task_gets_a_turn_before_each_part() -> None:
    turns = 0

    async def connection() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(connection())
    seen = [turns async for _ in cooperatively(batched(range(4 * YIELD_EVERY)))]
    beside.cancel()
    assert seen == [1, 2, 3, 4]
