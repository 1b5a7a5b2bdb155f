"""Request coalescing: while one group's call is running, the next group gathers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Coalescer(Generic[Item, Result]):
    """Concurrent callers share one call, such as a commit or a round trip.

    `call` receives the items in order and returns as many results. A single caller is not delayed: there is
    no timer.
    """

    def __init__(self, call: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._call = call
        self._pending: list[tuple[Item, asyncio.Future[Result]]] = []
        self._running: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Result:
        """The result for `item`; raises the error of its group's call.

        A submitted item is processed even if its caller no longer waits.
        """
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._pending.append((item, result))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run_groups())
        return await result

    async def _run_groups(self) -> None:
        while self._pending:
            group, self._pending = self._pending, []
            try:
                results = await self._call([item for item, _ in group])
            except Exception as error:  # every caller of the group gets it
                for _, future in group:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), result in zip(group, results, strict=True):
                    if not future.done():
                        future.set_result(result)
