"""Asking in groups: while one group's question is under way, the next gathers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Coalescer(Generic[Item, Answer]):
    """Many who ask at once share one question: a commit, a round trip.

    `ask` is given what each one brings, in their order, and returns as many answers. Whoever comes alone asks
    at once; nobody waits for a clock.
    """

    def __init__(self, ask: Callable[[Sequence[Item]], Awaitable[Sequence[Answer]]]) -> None:
        self._ask = ask
        self._waiting: list[tuple[Item, asyncio.Future[Answer]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def put(self, item: Item) -> Answer:
        """The answer for `item`; raises what kept its group from being answered.

        An item once put is asked for, even if who put it no longer waits.
        """
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_for_all())
        return await answer

    async def _ask_for_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                answers = await self._ask([item for item, _ in group])
            except Exception as problem:  # whatever it is, it belongs to those who wait for this group
                for _, waiting in group:
                    if not waiting.done():
                        waiting.set_exception(problem)
            else:
                for (_, waiting), answer in zip(group, answers, strict=True):
                    if not waiting.done():
                        waiting.set_result(answer)
