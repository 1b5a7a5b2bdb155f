"""How much comes from a network, and from everybody: counted in Redis, or here while it is away."""

import time
from collections.abc import Callable

import structlog
from cachetools import TLRUCache
from redis.exceptions import RedisError

from service.rate_counters import EVERYBODY, HOUR, PREFIX, SOLVED, WINDOW_SECONDS, Usage, hour_key
from service.system import System

_log = structlog.get_logger("limits")

#: Redis that failed is not asked again for so many seconds: a sign-up must not wait for it each time.
_AWAY_SECONDS = 5.0


#: Counters of one process while Redis is away: about 20 MB. Beyond, the least recently used one leaves.
_MOST_LOCAL = 50_000


class _LocalCounters:
    """Counters of this process, for while Redis is away; each is dropped when its window ends.

    `clock` gives seconds that only rise.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counts: TLRUCache[str, tuple[int, float]] = TLRUCache(_MOST_LOCAL, _end, timer=clock)
        self.until = 0.0

    def count(self, key: str, step: int, *, keep: bool = True) -> tuple[int, int]:
        """The count under `key` after `step` more, kept or not, and the seconds until it begins anew."""
        now = self._clock()
        counted, ends = self._counts.get(key, (0, now + WINDOW_SECONDS))
        if keep:
            self._counts[key] = (counted + step, ends)
        return counted + step, max(1, int(ends - now))

    def take(self, key: str) -> bool:
        """Whether `key` was not taken before in this window."""
        return self.count(key, 1)[0] == 1


def _end(_key: str, counter: tuple[int, float], _now: float) -> float:
    return counter[1]


_here = _LocalCounters()


async def count(system: System, network: str, *, increment: bool = True) -> Usage:
    """Counts one more request for mail from `network`; without `increment`, tells what that would give.

    The request by which a limit is passed is logged: once for each network and window.
    """
    load = await _load(system, network, increment)
    if increment:
        _warn(load, network, system.settings.signup_limit)
    return load


async def _load(system: System, network: str, increment: bool) -> Usage:
    if time.monotonic() >= _here.until:
        try:
            return await system.counters.count(network, increment=increment)
        except (RedisError, OSError, TimeoutError):
            _away()
    keys = (f"{PREFIX}net:{network}", PREFIX + "all")
    (here, left), (everybody, _) = (_here.count(key, 1, keep=increment) for key in keys)
    return Usage(here, everybody, left)


def _warn(load: Usage, network: str, limit: int) -> None:
    if load.network in (limit + 1, limit * SOLVED + 1):
        effect = "proof_of_work" if load.network == limit + 1 else "refused"
        _log.warning("network_over_limit", network=network, requests=load.network, effect=effect)
    if load.everybody == limit * EVERYBODY + 1:
        _log.warning("all_over_limit", requests=load.everybody, effect="proof_of_work")


async def count_person(system: System, what: str, person: int, *, most: int) -> int:
    """Counts one more request of a person; the seconds to wait when that is above `most` a day, else 0."""
    return await _wait(system, f"{PREFIX}{what}:{person}", most, 24 * HOUR)


async def seconds_to_wait(system: System, action: str, network: str, limit: int) -> int:
    """Counts one more `action` from a network; the seconds until it is allowed, 0 while within `limit`.

    `limit` is for one window of WINDOW_SECONDS.
    """
    return await _wait(system, f"{PREFIX}{action}:{network}", limit, WINDOW_SECONDS)


async def _wait(system: System, key: str, limit: int, window: int) -> int:
    """Counts one more under `key`: the seconds until the window ends when that is above `limit`, else 0."""
    if time.monotonic() >= _here.until:
        try:
            async with system.redis.pipeline() as pipe:
                pipe.set(key, 0, ex=window, nx=True)
                pipe.incr(key)
                pipe.ttl(key)
                _, number, left = await pipe.execute()
            return max(1, left) if number > limit else 0
        except (RedisError, OSError, TimeoutError):
            _away()
    number, left = _here.count(key, 1)
    return left if number > limit else 0


def _away() -> None:
    _here.until = time.monotonic() + _AWAY_SECONDS
    _log.warning("redis_away")


async def count_hourly(system: System, what: str, number: int = 1) -> None:
    """Counts confirmations `asked` for or `confirmed` in this hour; forgotten when Redis is away."""
    key = hour_key(what)
    try:
        async with system.redis.pipeline() as pipe:
            pipe.incrby(key, number)
            pipe.expire(key, 2 * HOUR)
            await pipe.execute()
    except (RedisError, OSError, TimeoutError):
        _log.warning("redis_away")


async def take_once(system: System, name: str, seconds: int) -> bool:
    """Whether nobody took `name` within the last `seconds`: a challenge is spent once."""
    key = PREFIX + "spent:" + name
    if time.monotonic() >= _here.until:
        try:
            return bool(await system.redis.set(key, b"1", nx=True, ex=seconds))
        except (RedisError, OSError, TimeoutError):
            _away()
    return _here.take(key)


#: Wrong tokens of operators that are answered within a window: of one network, and of all together.
TOKEN_TRIES = 30
_TOKEN_TRIES_ALTOGETHER = 200

#: A network from which the right token came lately is not held up by what others try.
_KNOWN_SECONDS = 24 * HOUR

# The seconds to wait, 0 when there is a try left. A network that has none left costs the others nothing.
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
    """The seconds that whoever sent an operators' token must wait; 0: answer it. Counts it if it is wrong.

    When the tries of a network are used up, the right token has to wait as well: else guessing would go on.
    """
    keys = [PREFIX + "token:" + network, PREFIX + "token", PREFIX + "token-known:" + network]
    if time.monotonic() >= _here.until:
        numbers = (WINDOW_SECONDS, TOKEN_TRIES, _TOKEN_TRIES_ALTOGETHER, _KNOWN_SECONDS)
        arguments = ["right" if right else "wrong", *map(str, numbers)]
        try:
            return int(await system.redis.register_script(_TRY)(keys, arguments))
        except (RedisError, OSError, TimeoutError):
            _away()
    for key, limit in ((keys[0], TOKEN_TRIES), (keys[1], _TOKEN_TRIES_ALTOGETHER)):
        count, left = _here.count(key, 1, keep=not right)
        if count > limit:
            return left
    return 0
