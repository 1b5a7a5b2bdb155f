"""Proxies before the service that no setting names: all their visitors are counted as one network.

A serving process sees it by a forwarding header from a neighbour that is not trusted; `doctor` reads what it
saw. A forwarding header from farther away proves nothing: anybody can write one.
"""

from service.job_queue import Redis
from service.rate_counters import PREFIX

_KEY = PREFIX + "untrusted-proxy"
_DAY = 24 * 3600

#: What an operator is to do about it.
ADVICE = "ALERTS_TRUSTED_PROXIES must name the network of the proxy, or all visitors count as one"


async def remember(redis: Redis, network: str) -> None:
    """Keeps for a day that an untrusted neighbour forwarded a request. Raises RedisError, OSError."""
    await redis.set(_KEY, network, ex=_DAY)


async def seen(redis: Redis) -> str | None:
    """The network of such a neighbour, if one was seen within a day. Raises RedisError, OSError."""
    found: bytes | None = await redis.get(_KEY)
    return found.decode() if found else None
