"""Sign-up counters in Redis, per network and in total, and the rules for them.

Keys contain a truncated network and no personal data. `System` holds these counters and `rate_limit`, which
falls back to local ones, takes a `System`: so the two can't be one module.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1
from typing import Any

from redis.exceptions import NoScriptError

from service.redis.job_queue import Redis
from service.runtime.coalescer import Coalescer

#: Windows are fixed and this long.
WINDOW_SECONDS = 600
HOUR = 3600

#: The total limit before a proof of work is required, as a multiple of a network's limit.
EVERYBODY = 10

#: With a solved proof of work, a network's limit is multiplied by this.
SOLVED = 4

#: Fewer than one confirmation in _CONFIRMED_ONE_IN sign-ups, from _ASKED_AT_LEAST on, looks like an attack.
_CONFIRMED_ONE_IN = 20
_ASKED_AT_LEAST = 200

PREFIX = "trial-alerts:{limits}:"

# For each caller in order: the network's count, the total, and the seconds left of the network's window;
# then the numbers of confirmations sent and given in this hour.
_COUNT = """
local window, counts = ARGV[1], {}
local function counted(key, step)
  if step ~= '1' then return tonumber(redis.call('GET', key) or '0') + 1 end
  local count = redis.call('INCR', key)
  if count == 1 then redis.call('EXPIRE', key, window) end
  return count
end
for i = 4, #KEYS do
  local step = ARGV[i - 2]
  counts[#counts + 1] = counted(KEYS[i], step)
  counts[#counts + 1] = counted(KEYS[1], step)
  counts[#counts + 1] = redis.call('TTL', KEYS[i])
end
counts[#counts + 1] = tonumber(redis.call('GET', KEYS[2]) or '0')
counts[#counts + 1] = tonumber(redis.call('GET', KEYS[3]) or '0')
return counts
"""

_DIGEST = sha1(_COUNT.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Usage:
    """Sign-ups in this window, from one network and in total, and the recent confirmations."""

    network: int
    everybody: int
    seconds_left: int
    asked: int = 0
    confirmed: int = 0

    def too_many(self, limit: int, *, solved: bool) -> bool:
        """Whether the network is over its limit."""
        return self.network > limit * (SOLVED if solved else 1)

    def unusual(self, limit: int) -> bool:
        """Whether a proof of work is required: over a limit, or hardly any sign-up is confirmed."""
        attack = self.asked >= _ASKED_AT_LEAST and self.confirmed * _CONFIRMED_ONE_IN < self.asked
        return self.network > limit or self.everybody > limit * EVERYBODY or attack


def hour_key(what: str) -> str:
    """The key of this hour's counter of confirmations, `asked` or `confirmed`."""
    return f"{PREFIX}{what}:{int(time.time()) // HOUR}"


class RateCounters:
    """The counters in Redis. Concurrent callers are counted in one round trip."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis
        self._coalescer: Coalescer[tuple[str, str], Usage] = Coalescer(self._count)

    async def count(self, network: str, *, increment: bool) -> Usage:
        """Counts one more sign-up from `network`; `increment=False`: peek.

        Raises RedisError, OSError or TimeoutError if Redis is unavailable.
        """
        return await self._coalescer.submit((f"{PREFIX}net:{network}", "1" if increment else "0"))

    async def _count(self, callers: Sequence[tuple[str, str]]) -> list[Usage]:
        keys = [PREFIX + "all", hour_key("asked"), hour_key("confirmed"), *(key for key, _ in callers)]
        counts = await self._run(keys, [str(WINDOW_SECONDS), *(step for _, step in callers)])
        asked, confirmed = int(counts[-2]), int(counts[-1])
        return [
            Usage(int(network), int(everybody), left if left > 0 else WINDOW_SECONDS, asked, confirmed)
            for network, everybody, left in zip(counts[0:-2:3], counts[1:-2:3], counts[2:-2:3], strict=True)
        ]

    async def _run(self, keys: list[str], arguments: list[str]) -> list[Any]:
        """Runs the script by its digest, or by its text if Redis has been flushed."""
        try:
            answer: list[Any] = await self._redis.evalsha(_DIGEST, len(keys), *keys, *arguments)
        except NoScriptError:
            answer = await self._redis.eval(_COUNT, len(keys), *keys, *arguments)
        return answer
