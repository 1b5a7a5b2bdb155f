"""Waiting for expected states, and time that stands still with the machine.

A test waits for states, not for times: on a busy machine everything takes longer, and a process may stand
still for seconds. Limits of time are measured by a `Stopwatch`.
"""

import asyncio
import inspect
import threading
from collections.abc import Awaitable, Callable
from typing import Self

#: Seconds to wait for an expected state, which only one that never comes exceeds.
PATIENCE = 180.0

#: Seconds between two looks of `until`.
_PAUSE = 0.01


async def until(
    condition: Callable[[], object | Awaitable[object]], what: str = "it", pause: float = _PAUSE
) -> None:
    """Waits until `condition`, or the awaitable that it returns, gives something true."""
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                found = condition()
                if await found if inspect.isawaitable(found) else found:
                    return
                await asyncio.sleep(pause)
    except TimeoutError:
        raise AssertionError(f"{what} did not happen within {PATIENCE:.0f} s") from None


class Stopwatch:
    """Measures the seconds of a block in which this process could run.

    A thread counts short sleeps. While the machine stands still or has no time for this process they take
    longer, and the watch is slow; while the process itself waits for something it runs on.
    """

    _TICK = 0.02

    def __init__(self) -> None:
        self.seconds = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._count, daemon=True)

    def _count(self) -> None:
        while not self._over.wait(self._TICK):
            self.seconds += self._TICK

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
