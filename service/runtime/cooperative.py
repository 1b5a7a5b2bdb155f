"""Cooperative multitasking: loops over many items that yield to the event loop's other tasks.

While a worker reads a thousand rows, its SMTP connections wait for it, and the mail server for them.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

T = TypeVar("T")

#: Items of a loop after which other tasks get a turn: each takes some microseconds.
YIELD_EVERY = 25


def batched(items: Sequence[T], size: int = YIELD_EVERY) -> Iterator[Sequence[T]]:
    """The items in parts of at most `size`, in order."""
    return (items[start : start + size] for start in range(0, len(items), size))


async def cooperatively(parts: Iterable[T]) -> AsyncIterator[T]:
    """The parts in order; before each, other tasks get a turn."""
    for part in parts:
        await asyncio.sleep(0)
        yield part


@asynccontextmanager
async def background_task(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Runs `work`, which mostly waits for others, as a task beside the block; both are done at the end."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        await task
