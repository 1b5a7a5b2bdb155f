"""Time limits for the many short tasks of an event loop, exact to a quarter of a second.

`asyncio.timeout` sets a timer of the loop for each task, and again whenever the limit moves: 20 µs for an
answer that takes 100. Here all tasks of a loop share one timer, which looks for those that are over time.
"""

import asyncio
from types import TracebackType
from typing import Self

#: Seconds between two looks at the tasks that run.
INTERVAL = 0.25


class _Watch:
    """The limits that hold in an event loop; its timer runs while there are any."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.limits: set[CoarseLimit] = set()
        self.is_looking = False

    def add(self, limit: "CoarseLimit") -> None:
        """Looks at this limit from now on."""
        self.limits.add(limit)
        if not self.is_looking:
            self.is_looking = True
            self.loop.call_later(INTERVAL, self._look)

    def _look(self) -> None:
        now = self.loop.time()
        for limit in [limit for limit in self.limits if limit.ends_at <= now]:
            limit.expire()
        self.is_looking = bool(self.limits)
        if self.is_looking:
            self.loop.call_later(INTERVAL, self._look)


_last: _Watch | None = None


def _watch_of(loop: asyncio.AbstractEventLoop) -> _Watch:
    """The watch of a loop: the last one, as a process that serves has one loop; else a further one."""
    global _last
    if _last is None or _last.loop is not loop:
        _last = _Watch(loop)
    return _last


class CoarseLimit:
    """Limits the time of an `async with` block as `asyncio.timeout` does: what is over time is cancelled, and
    TimeoutError raised at the block's end. There is no limit until `start`, nor after `stop`.
    """

    __slots__ = ("_cancelling", "_task", "_watch", "ends_at", "is_over")

    def __init__(self) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is None:
            raise RuntimeError("A time limit is that of a task.")
        self._watch, self._task, self._cancelling = _watch_of(loop), task, task.cancelling()
        self.ends_at, self.is_over = 0.0, False

    def start(self, seconds: float) -> None:
        """The block may take this many more seconds; no effect once its time is over."""
        if not self.is_over:
            self.ends_at = self._watch.loop.time() + seconds
            self._watch.add(self)

    def stop(self) -> None:
        """The block may take any time from here on."""
        self._watch.limits.discard(self)

    def expire(self) -> None:
        """Cancels the task: its time is over."""
        self.stop()
        self.is_over = True
        self._task.cancel()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self.is_over and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error
