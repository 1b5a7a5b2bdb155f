"""The doorbell: job names, and ringing for them through Redis. A job carries no words, it says "look now"."""

import asyncio
import contextlib
from enum import StrEnum

import msgspec
import structlog
from arq.connections import ArqRedis
from arq.constants import health_check_key_suffix
from redis.asyncio import BlockingConnectionPool
from redis.exceptions import RedisError

_log = structlog.get_logger("jobs")

#: Seconds between two rings of one process for the same job; what comes between is heard with the second.
_PAUSE = 0.05

QUEUE = "trial-alerts:queue"

#: The Redis connection of a process: commands, and arq's queue.
Redis = ArqRedis


class Job(StrEnum):
    """What a worker can be asked to look after. The value is the name of the function in `workers`."""

    TAKE_REQUESTS = "take_requests"
    TAKE_IN = "take_in"
    PLAN = "plan"
    DELIVER = "deliver"
    SWEEP = "sweep"
    RESEAL = "reseal"


def serialize(value: dict[str, object]) -> bytes:
    """A job as JSON: arq's own pickle would run what it reads."""
    return msgspec.json.encode(value)


def deserialize(raw: bytes) -> dict[str, object]:
    """The job that `serialize` wrote, its arguments a tuple as arq expects."""
    value = msgspec.json.decode(raw)
    value["a"] = tuple(value.get("a", ()))
    return value


def connect(redis_url: str) -> ArqRedis:
    """Redis for jobs and limits; connects when first used, and again after it was away."""
    pool = BlockingConnectionPool.from_url(
        redis_url, max_connections=20, timeout=5, socket_timeout=10, socket_connect_timeout=3
    )
    return ArqRedis(pool, job_serializer=serialize, job_deserializer=deserialize, default_queue_name=QUEUE)


async def worker_heard(redis: ArqRedis) -> bool:
    """Whether any worker has said within its last seconds that it listens."""
    return bool(await redis.exists(QUEUE + health_check_key_suffix))


class Bell:
    """Rings for jobs without delaying the caller; many rings in a short time are one.

    A ring that fails is no loss: the workers' cron looks by itself.
    """

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis
        self._wanted: dict[Job, asyncio.Event] = {}
        self._ringers: list[asyncio.Task[None]] = []
        self._closing = False

    def ring(self, job: Job) -> None:
        """Asks for `job` soon. To be called after the transaction that left work for it."""
        if job not in self._wanted:
            self._wanted[job] = asyncio.Event()
            self._ringers.append(asyncio.create_task(self._keep_ringing(job)))
        self._wanted[job].set()

    async def ring_now(self, job: Job, times: int = 1) -> None:
        """Asks for `job` before it returns, so that as many workers as `times` hear it."""
        try:
            for _ in range(times):
                await self._redis.enqueue_job(job)
        except (RedisError, OSError, TimeoutError):
            _log.warning("redis_away", job=job.value)

    async def _keep_ringing(self, job: Job) -> None:
        # Redis' client may turn a cancellation into an error of its own: hence the flag beside it.
        while not self._closing:
            await self._wanted[job].wait()
            self._wanted[job].clear()
            await self.ring_now(job)
            await asyncio.sleep(_PAUSE)

    async def close(self) -> None:
        """Rings what is still wanted, then stops."""
        self._closing = True
        for ringer in self._ringers:
            ringer.cancel()
        for ringer in self._ringers:
            with contextlib.suppress(asyncio.CancelledError):
                await ringer
        for job, wanted in self._wanted.items():
            if wanted.is_set():
                await self.ring_now(job)
