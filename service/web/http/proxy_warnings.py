"""Detects proxies that are missing in the settings: all their visitors count as one network.

A serving process records a forwarding header from an untrusted neighbour; `doctor` reads the record. A
forwarding header from farther away proves nothing, since anybody can send one.
"""

from service.redis.job_queue import Redis
from service.redis.rate_counters import PREFIX

_KEY = PREFIX + "untrusted-proxy"
_DAY = 24 * 3600

#: Advice for the operator.
ADVICE = "ALERTS_TRUSTED_PROXIES must name the network of the proxy, or all visitors count as one"


async def remember(redis: Redis, network: str) -> None:
    """Records for a day that an untrusted neighbour forwarded a request. Raises RedisError, OSError."""
    await redis.set(_KEY, network, ex=_DAY)


async def seen(redis: Redis) -> str | None:
    """The network of such a neighbour within the last day. Raises RedisError, OSError."""
    found: bytes | None = await redis.get(_KEY)
    return found.decode() if found else None
