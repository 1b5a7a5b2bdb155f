"""A limit of time that also holds when a call that exceeds it can't be cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """Returns the result of `work`. Raises TimeoutError after `seconds`.

    It is cancelled then and not waited for: a database's driver tries to cancel its statement first, which a
    server that hangs does not answer either.
    """
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        _give_up(task)
        raise
    if not done:
        _give_up(task)
        raise TimeoutError
    return task.result()


def _give_up(task: "asyncio.Task[Any]") -> None:
    task.cancel()
    task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # never logged
