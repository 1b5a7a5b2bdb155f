"""Wakes all workers: a notification reaches one of them, which passes it on to the others.

A bucket is served by one worker; the notifying process does not know which.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from redis.exceptions import RedisError

from service.redis.job_queue import CHANNEL, Job, connect_listener
from service.system import System

_log = structlog.get_logger("worker")

#: Jobs that work on buckets; any worker can do the others.
IN_BUCKETS = frozenset({Job.PROCESS_REQUESTS, Job.PLAN, Job.DELIVER, Job.SWEEP, Job.RETENTION})

#: Seconds before the channel is listened to again after a failure; meanwhile the workers poll.
_RETRY = 1.0


class WakeRelay:
    """Passes notifications on between worker processes, through Redis."""

    def __init__(self, system: System, worker: str) -> None:
        self._system, self._worker = system, worker

    async def pass_on(self, job: Job) -> None:
        """Passes a notification on to the other workers. One that is lost is replaced by polling."""
        if job not in IN_BUCKETS:
            return
        try:
            await self._system.redis.publish(CHANNEL, f"{self._worker} {job.value}")
        except (RedisError, OSError, TimeoutError) as error:
            _log.debug("wake_not_passed_on", error=type(error).__name__)

    async def listen(self, wake: Callable[[Job], Awaitable[None]]) -> None:
        """Calls `wake` for notifications that other workers pass on, until the system is stopping."""
        redis: Any = connect_listener(self._system.settings.redis_url)
        while not self._system.stopping.is_set():
            try:
                async with redis.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    while not self._system.stopping.is_set():
                        message = await channel.get_message(ignore_subscribe_messages=True, timeout=1.0)
                        if message is not None:
                            await self._received(message["data"], wake)
            except (RedisError, OSError, TimeoutError) as error:
                _log.debug("wake_not_heard", error=type(error).__name__)
                await asyncio.sleep(_RETRY)
        await redis.aclose()

    async def _received(self, data: bytes, wake: Callable[[Job], Awaitable[None]]) -> None:
        worker, _, name = data.decode(errors="replace").rpartition(" ")
        if worker != self._worker and name in IN_BUCKETS:
            await wake(Job(name))
