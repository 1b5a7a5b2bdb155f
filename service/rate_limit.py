"""Rate limits per network, per person and in total: counted in Redis, or locally while it is unavailable."""

import time
from collections.abc import Callable

import structlog
from cachetools import TLRUCache
from redis.exceptions import RedisError

from service.redis.pool import log_failure
from service.redis.rate_counters import EVERYBODY, HOUR, PREFIX, SOLVED, WINDOW_SECONDS, Usage, hour_key
from service.system import System

_log = structlog.get_logger("limits")

#: Seconds without Redis after a failure, so that not every sign-up waits for it.
_AWAY_SECONDS = 5.0


#: Counters of one process while Redis is unavailable (LRU, about 20 MB).
_MOST_LOCAL = 50_000


class _LocalCounters:
    """Counters of this process while Redis is unavailable; each is dropped when its window ends.

    `clock` returns monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counts: TLRUCache[str, tuple[int, float]] = TLRUCache(_MOST_LOCAL, _end, timer=clock)
        self.until = 0.0

    def count(self, key: str, step: int, *, keep: bool = True) -> tuple[int, int]:
        """The count of `key` plus `step` (stored if `keep`), and the seconds until its window ends."""
        now = self._clock()
        counted, ends = self._counts.get(key, (0, now + WINDOW_SECONDS))
        if keep:
            self._counts[key] = (counted + step, ends)
        return counted + step, max(1, int(ends - now))

    def take(self, key: str) -> bool:
        """Whether `key` is taken for the first time in this window."""
        return self.count(key, 1)[0] == 1


def _end(_key: str, counter: tuple[int, float], _now: float) -> float:
    return counter[1]


_local = _LocalCounters()


async def count(system: System, network: str, *, increment: bool = True) -> Usage:
    """Counts one more request for mail from `network`; `increment=False`: peek.

    The request that exceeds a limit is logged, once per network and window.
    """
    usage = await _usage(system, network, increment)
    if increment:
        _warn(usage, network, system.settings.signup_limit)
    return usage


async def _usage(system: System, network: str, increment: bool) -> Usage:
    if time.monotonic() >= _local.until:
        try:
            return await system.counters.count(network, increment=increment)
        except (RedisError, OSError, TimeoutError) as error:
            _use_local(error)
    keys = (f"{PREFIX}net:{network}", PREFIX + "all")
    (here, left), (everybody, _) = (_local.count(key, 1, keep=increment) for key in keys)
    return Usage(here, everybody, left)


# A window that has ended in the meantime is not counted below zero: it would never end again.
_GIVE_BACK = """
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') > 0 then redis.call('DECR', key) end
end
"""


async def give_back(system: System, network: str) -> None:
    """Takes back one request counted from `network`: it failed by a fault of ours."""
    keys = [f"{PREFIX}net:{network}", PREFIX + "all"]
    if time.monotonic() >= _local.until:
        try:
            await system.redis.register_script(_GIVE_BACK)(keys)
            return
        except (RedisError, OSError, TimeoutError) as error:
            _use_local(error)
    for key in keys:
        _local.count(key, -1)


def _warn(usage: Usage, network: str, limit: int) -> None:
    if usage.network in (limit + 1, limit * SOLVED + 1):
        effect = "proof_of_work" if usage.network == limit + 1 else "refused"
        _log.warning("network_over_limit", network=network, requests=usage.network, effect=effect)
    if usage.everybody == limit * EVERYBODY + 1:
        _log.warning("total_over_limit", requests=usage.everybody, effect="proof_of_work")


async def count_person(system: System, what: str, person: int, *, most: int) -> int:
    """Counts a request of a person; the seconds to wait if there are more than `most` a day, else 0."""
    return await _wait(system, f"{PREFIX}{what}:{person}", most, 24 * HOUR)


async def seconds_to_wait(system: System, action: str, network: str, limit: int) -> int:
    """Counts an `action` from a network; the seconds until it is allowed, 0 within `limit`.

    `limit` is for one window of WINDOW_SECONDS.
    """
    return await _wait(system, f"{PREFIX}{action}:{network}", limit, WINDOW_SECONDS)


async def _wait(system: System, key: str, limit: int, window: int) -> int:
    """Counts one more under `key`; the seconds until the window ends if above `limit`, else 0."""
    if time.monotonic() >= _local.until:
        try:
            async with system.redis.pipeline() as pipe:
                pipe.set(key, 0, ex=window, nx=True)
                pipe.incr(key)
                pipe.ttl(key)
                _, number, left = await pipe.execute()
            return max(1, left) if number > limit else 0
        except (RedisError, OSError, TimeoutError) as error:
            _use_local(error)
    number, left = _local.count(key, 1)
    return left if number > limit else 0


def _use_local(error: BaseException) -> None:
    _local.until = time.monotonic() + _AWAY_SECONDS
    log_failure(error)


async def count_hourly(system: System, what: str, number: int = 1) -> None:
    """Counts confirmations `asked` for or `confirmed` in this hour; skipped if Redis is unavailable."""
    key = hour_key(what)
    try:
        async with system.redis.pipeline() as pipe:
            pipe.incrby(key, number)
            pipe.expire(key, 2 * HOUR)
            await pipe.execute()
    except (RedisError, OSError, TimeoutError) as error:
        log_failure(error)


async def take_once(system: System, name: str, seconds: int) -> bool:
    """Whether `name` was not taken within the last `seconds`: a challenge is valid once."""
    key = PREFIX + "spent:" + name
    if time.monotonic() >= _local.until:
        try:
            return bool(await system.redis.set(key, b"1", nx=True, ex=seconds))
        except (RedisError, OSError, TimeoutError) as error:
            _use_local(error)
    return _local.take(key)


#: Wrong operator tokens answered per window: from one network, and in total.
TOKEN_TRIES = 30
_TOKEN_TRIES_ALTOGETHER = 200

#: Networks with a recent correct token are exempt from the total for this long.
_KNOWN_SECONDS = 24 * HOUR

# The seconds to wait, 0 if a try is left. A network without tries left does not count in the total.
_TRY = """
local is_wrong = ARGV[1] == 'wrong'
local function used_up(key, limit)
  if not is_wrong then return tonumber(redis.call('GET', key) or '0') >= tonumber(limit) end
  local count = redis.call('INCR', key)
  if count == 1 then redis.call('EXPIRE', key, ARGV[2]) end
  return count > tonumber(limit)
end
if used_up(KEYS[1], ARGV[3]) then return math.max(1, redis.call('TTL', KEYS[1])) end
if used_up(KEYS[2], ARGV[4]) and redis.call('EXISTS', KEYS[3]) == 0 then
  return math.max(1, redis.call('TTL', KEYS[2]))
end
if not is_wrong then redis.call('SET', KEYS[3], '1', 'EX', ARGV[5]) end
return 0
"""


async def try_token(system: System, network: str, *, right: bool) -> int:
    """Seconds to wait before a request with an operator token is answered; counts wrong tokens.

    Once a network's tries are used up, the correct token must wait too: otherwise guessing could continue.
    """
    keys = [PREFIX + "token:" + network, PREFIX + "token", PREFIX + "token-known:" + network]
    if time.monotonic() >= _local.until:
        numbers = (WINDOW_SECONDS, TOKEN_TRIES, _TOKEN_TRIES_ALTOGETHER, _KNOWN_SECONDS)
        arguments = ["right" if right else "wrong", *map(str, numbers)]
        try:
            return int(await system.redis.register_script(_TRY)(keys, arguments))
        except (RedisError, OSError, TimeoutError) as error:
            _use_local(error)
    for key, limit in ((keys[0], TOKEN_TRIES), (keys[1], _TOKEN_TRIES_ALTOGETHER)):
        count, left = _local.count(key, 1, keep=not right)
        if count > limit:
            return left
    return 0
