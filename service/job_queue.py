"""The doorbell: job names, and ringing for them through Redis. A job carries no words, it says "look now"."""

import asyncio
import contextlib
from enum import StrEnum
from typing import Any

import msgspec
from arq.connections import ArqRedis
from arq.constants import health_check_key_suffix
from redis.asyncio import BlockingConnectionPool
from redis.exceptions import RedisError

from service.redis_pool import ImpatientPool

#: Seconds between two rings of one process for the same job; what comes between is heard with the second.
_PAUSE = 0.05

#: Seconds after which a ring that Redis did not take is tried again.
_RETRY = 1.0

#: Seconds that a worker's listener waits for an answer: it holds nobody up.
_LISTENER_SECONDS = 10.0

QUEUE = "trial-alerts:queue"

#: The Redis connection of a process: commands, and arq's queue.
Redis = ArqRedis


class Job(StrEnum):
    """What a worker can be asked to look after. The value is the name of the function in `workers`."""

    PROCESS_REQUESTS = "take_requests"
    INGEST = "take_in"
    PLAN = "plan"
    DELIVER = "deliver"
    SWEEP = "sweep"
    RETENTION = "retention"
    ROTATE_KEYS = "reseal"


def serialize(value: dict[str, object]) -> bytes:
    """A job as JSON: arq's own pickle would run what it reads."""
    return msgspec.json.encode(value)


def deserialize(raw: bytes) -> dict[str, object]:
    """The job that `serialize` wrote, its arguments a tuple as arq expects."""
    value: dict[str, Any] = msgspec.json.decode(raw)
    value["a"] = tuple(value.get("a", ()))
    return value


def connect(redis_url: str) -> ArqRedis:
    """Redis for jobs and limits; connects when first used, and again after it was away.

    No command waits longer than a fraction of a second, see `ImpatientPool`.
    """
    return _client(ImpatientPool.from_url(redis_url, max_connections=20))


def connect_listener(redis_url: str) -> ArqRedis:
    """Redis for hearing the doorbell, in the background, with more patience than a visitor has."""
    pool = BlockingConnectionPool.from_url(
        redis_url, max_connections=20, timeout=5, socket_timeout=_LISTENER_SECONDS, socket_connect_timeout=3
    )
    return _client(pool)


def _client(pool: BlockingConnectionPool) -> ArqRedis:
    return ArqRedis(pool, job_serializer=serialize, job_deserializer=deserialize, default_queue_name=QUEUE)


async def worker_alive(redis: ArqRedis) -> bool:
    """Whether any worker has said within its last seconds that it listens."""
    return bool(await redis.exists(QUEUE + health_check_key_suffix))


class JobNotifier:
    """Rings for jobs without delaying the caller; many rings in a short time are one.

    A ring that fails is tried again for as long as this lives; if it is lost all the same, the workers look
    by themselves.
    """

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis
        self._wanted: dict[Job, asyncio.Event] = {}
        self._ringers: list[asyncio.Task[None]] = []
        self._closing = asyncio.Event()

    def notify(self, job: Job) -> None:
        """Asks for `job` soon. To be called after the transaction that left work for it."""
        if job not in self._wanted:
            self._wanted[job] = asyncio.Event()
            self._ringers.append(asyncio.create_task(self._keep_notifying(job, self._wanted[job])))
        self._wanted[job].set()

    async def notify_now(self, job: Job, times: int = 1) -> bool:
        """Asks for `job` before it returns, so that as many workers as `times` hear it. False: not taken."""
        try:
            for _ in range(times):
                await self._redis.enqueue_job(job)
        except (RedisError, OSError, TimeoutError):
            return False
        return True

    async def _keep_notifying(self, job: Job, wanted: asyncio.Event) -> None:
        while True:
            await wanted.wait()
            if self._closing.is_set():
                return
            wanted.clear()
            taken = await self.notify_now(job)
            if not taken:
                wanted.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), _PAUSE if taken else _RETRY)

    async def close(self) -> None:
        """Rings what is still wanted, then stops."""
        wanted = [job for job, event in self._wanted.items() if event.is_set()]
        self._closing.set()
        for event in self._wanted.values():
            event.set()
        await asyncio.gather(*self._ringers)
        for job in wanted:
            await self.notify_now(job)
