"""Whether Redis lets us do what the service does: a login that may only PING is of no use."""

from service.job_queue import CHANNEL, QUEUE, Redis
from service.rate_counters import PREFIX

#: As the limits count: in a script, with a time to live.
_COUNT = "redis.call('INCR', KEYS[1]) redis.call('EXPIRE', KEYS[1], 5) return redis.call('TTL', KEYS[1])"


async def check(redis: Redis) -> None:
    """Tries, in one round trip, what limits and notifications need; leaves a key for five seconds.

    Raises RedisError, for a right that is missing too (see `redis_pool.is_refusal`).
    """
    async with redis.pipeline(transaction=False) as commands:
        commands.eval(_COUNT, 1, f"{PREFIX}rights")
        commands.psetex("arq:job:rights", 1000, b"")
        commands.zadd(QUEUE, {"rights": 0}, xx=True)  # changes a job of that name: there is none
        commands.zcard(QUEUE)
        commands.publish(CHANNEL, "rights")  # names no job: no worker heeds it
        await commands.execute()
