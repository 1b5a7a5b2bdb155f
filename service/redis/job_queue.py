"""Job names, and notifying workers of jobs through Redis. A notification has no payload."""

import asyncio
import contextlib
from enum import StrEnum
from typing import Any

import msgspec
from arq.connections import ArqRedis
from redis.asyncio import BlockingConnectionPool
from redis.exceptions import RedisError

from service.configuration.urls import redis_tls_options
from service.redis.pool import CircuitBreakerPool

#: Seconds between two notifications of one process for the same job; those in between are coalesced.
_MIN_INTERVAL = 0.05

#: Seconds after which a failed notification is retried.
_RETRY = 1.0

#: Socket timeout of a worker's listener in seconds: it runs in the background.
_LISTENER_SECONDS = 10.0

QUEUE = "trial-alerts:queue"

#: Workers pass notifications on to each other over this channel.
CHANNEL = "trial-alerts:wake"

#: The Redis connection of a process: commands, and arq's queue.
Redis = ArqRedis


class Job(StrEnum):
    """The jobs of a worker. The value is the name of the arq function."""

    PROCESS_REQUESTS = "process_requests"  # visitors' requests
    INGEST = "ingest_events"  # stored events
    PLAN = "plan"  # due digests
    DELIVER = "deliver"  # due mail
    SWEEP = "sweep"  # expired claims of deliveries
    RETENTION = "retention"  # rows past their retention period
    ROTATE_KEYS = "reseal"  # values encrypted with an older key
    COUNT_DAYS = "count_days"  # figures by day
    CANARY = "canary"  # the synthetic trial and its followers


def serialize(value: dict[str, object]) -> bytes:
    """A job as JSON: unpickling, arq's default, could execute code."""
    return msgspec.json.encode(value)


def deserialize(raw: bytes) -> dict[str, object]:
    """The job that `serialize` wrote, its arguments a tuple as arq expects."""
    value: dict[str, Any] = msgspec.json.decode(raw)
    value["a"] = tuple(value.get("a", ()))
    return value


def connect(redis_url: str) -> ArqRedis:
    """Redis for jobs and limits; connects on first use, and reconnects after an outage.

    No command waits longer than a fraction of a second, see `CircuitBreakerPool`.
    """
    options = redis_tls_options(redis_url)
    return _client(CircuitBreakerPool.from_url(redis_url, max_connections=20, **options))


def connect_listener(redis_url: str) -> ArqRedis:
    """Redis for a worker's listener, with longer timeouts than web requests allow."""
    pool = BlockingConnectionPool.from_url(
        redis_url,
        max_connections=20,
        timeout=5,
        socket_timeout=_LISTENER_SECONDS,
        socket_connect_timeout=3,
        **redis_tls_options(redis_url),
    )
    return _client(pool)


def _client(pool: BlockingConnectionPool) -> ArqRedis:
    client = ArqRedis(pool, job_serializer=serialize, job_deserializer=deserialize, default_queue_name=QUEUE)
    client.auto_close_connection_pool = True  # its own, as in `Redis.from_pool`
    return client


class JobNotifier:
    """Notifies workers of jobs without delaying the caller; notifications in quick succession are coalesced.

    A failed notification is retried until `close`; if it is lost all the same, the workers poll.
    """

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis
        self._pending: dict[Job, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = asyncio.Event()

    def notify(self, job: Job) -> None:
        """Requests `job` soon. Call it after the commit of the transaction that created the work."""
        if job not in self._pending:
            self._pending[job] = asyncio.Event()
            self._tasks.append(asyncio.create_task(self._keep_notifying(job, self._pending[job])))
        self._pending[job].set()

    async def notify_now(self, job: Job, times: int = 1) -> bool:
        """Enqueues `job` before it returns, `times` times for as many workers. False if Redis failed."""
        try:
            for _ in range(times):
                await self._redis.enqueue_job(job)
        except (RedisError, OSError, TimeoutError):
            return False
        return True

    async def _keep_notifying(self, job: Job, pending: asyncio.Event) -> None:
        while True:
            await pending.wait()
            if self._closing.is_set():
                return
            pending.clear()
            sent = await self.notify_now(job)
            if not sent:
                pending.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), _MIN_INTERVAL if sent else _RETRY)

    async def close(self) -> None:
        """Sends pending notifications, then stops."""
        pending = [job for job, event in self._pending.items() if event.is_set()]
        self._closing.set()
        for event in self._pending.values():
            event.set()
        await asyncio.gather(*self._tasks)
        for job in pending:
            await self.notify_now(job)
