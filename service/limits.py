"""How many sign-ups come from a network, and from everybody: counted in Redis, or here while it is away.

Windows are fixed and ten minutes long. Keys hold a truncated network and nothing of a person.
"""

import time
from dataclasses import dataclass
from hashlib import sha1
from typing import Any

import structlog
from redis.exceptions import NoScriptError, RedisError

from service.system import System

_log = structlog.get_logger("limits")

WINDOW_SECONDS = 600
_HOUR = 3600

#: Everybody together may sign up this many times as often as one network before a proof of work is due.
_EVERYBODY = 10

#: A solved proof of work lets one network send this many times as much.
SOLVED = 4

#: Fewer confirmations than one in this many sign-ups, from this many on, looks like an attack.
_CONFIRMED_ONE_IN = 20
_ASKED_AT_LEAST = 200

_COUNT = """
local counts = {}
for i = 1, 2 do
  if ARGV[1] == '1' then
    counts[i] = redis.call('INCR', KEYS[i])
    if counts[i] == 1 then redis.call('EXPIRE', KEYS[i], ARGV[2]) end
  else
    counts[i] = tonumber(redis.call('GET', KEYS[i]) or '0')
  end
end
counts[3] = redis.call('TTL', KEYS[1])
counts[4] = tonumber(redis.call('GET', KEYS[3]) or '0')
counts[5] = tonumber(redis.call('GET', KEYS[4]) or '0')
return counts
"""

_DIGEST = sha1(_COUNT.encode(), usedforsecurity=False).hexdigest()

_PREFIX = "trial-alerts:{limits}:"

#: Redis that failed is not asked again for so many seconds: a sign-up must not wait for it each time.
_AWAY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Load:
    """Sign-ups of this window: from one network, from everybody; how many were lately confirmed."""

    network: int
    everybody: int
    seconds_left: int
    asked: int = 0
    confirmed: int = 0

    def too_many(self, limit: int, *, solved: bool) -> bool:
        """Whether the network sent more than it may."""
        return self.network > limit * (SOLVED if solved else 1)

    def unusual(self, limit: int) -> bool:
        """Whether a proof of work is due: too many from here, from everywhere, or hardly any confirmed."""
        attack = self.asked >= _ASKED_AT_LEAST and self.confirmed * _CONFIRMED_ONE_IN < self.asked
        return self.network > limit or self.everybody > limit * _EVERYBODY or attack


class _Here:
    """Counters of this process, for while Redis is away."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, float]] = {}
        self.until = 0.0

    def count(self, key: str, step: int, *, keep: bool = True) -> tuple[int, int]:
        """The count under `key` after `step` more, kept or not, and the seconds until it begins anew."""
        now = time.monotonic()
        if len(self._counts) > 10_000:
            self._counts = {k: v for k, v in self._counts.items() if v[1] > now}
        counted, ends = self._counts.get(key, (0, 0.0))
        if ends <= now:
            counted, ends = 0, now + WINDOW_SECONDS
        if keep:
            self._counts[key] = (counted + step, ends)
        return counted + step, max(1, int(ends - now))

    def take(self, key: str) -> bool:
        """Whether `key` was not taken before in this window."""
        return self.count(key, 1)[0] == 1


_here = _Here()


def _hour(at: float) -> int:
    return int(at) // _HOUR


async def _counted(system: System, keys: list[str], *arguments: str) -> list[Any]:
    """The answer of the script; Redis knows it by its digest, unless it has just been emptied."""
    redis: Any = system.redis
    try:
        return await redis.evalsha(_DIGEST, len(keys), *keys, *arguments)
    except NoScriptError:
        return await redis.eval(_COUNT, len(keys), *keys, *arguments)


async def count(system: System, network: str, *, step: bool = True) -> Load:
    """Counts one more sign-up from `network`; without `step`, tells what counting one more would tell."""
    hour = _hour(time.time())
    keys = [_PREFIX + "net:" + network, _PREFIX + "all"]
    lately = [f"{_PREFIX}{name}:{hour}" for name in ("asked", "confirmed")]
    if time.monotonic() >= _here.until:
        try:
            counts = await _counted(system, [*keys, *lately], "1" if step else "0", str(WINDOW_SECONDS))
            here, everybody, left, asked, confirmed = (int(number) for number in counts)
            more, left = int(not step), left if left > 0 else WINDOW_SECONDS
            return Load(here + more, everybody + more, left, asked, confirmed)
        except (RedisError, OSError, TimeoutError):
            _away()
    (here, left), (everybody, _) = (_here.count(key, 1, keep=step) for key in keys)
    return Load(here, everybody, left)


def _away() -> None:
    _here.until = time.monotonic() + _AWAY_SECONDS
    _log.warning("redis_away")


async def note(system: System, what: str, number: int = 1) -> None:
    """Counts confirmations `asked` for or `confirmed` in this hour; forgotten when Redis is away."""
    key = f"{_PREFIX}{what}:{_hour(time.time())}"
    try:
        async with system.redis.pipeline() as pipe:
            pipe.incrby(key, number)
            pipe.expire(key, 2 * _HOUR)
            await pipe.execute()
    except (RedisError, OSError, TimeoutError):
        _log.warning("redis_away")


async def take_once(system: System, name: str, seconds: int) -> bool:
    """Whether nobody took `name` within the last `seconds`: a challenge is spent once."""
    key = _PREFIX + "spent:" + name
    if time.monotonic() >= _here.until:
        try:
            return bool(await system.redis.set(key, b"1", nx=True, ex=seconds))
        except (RedisError, OSError, TimeoutError):
            _away()
    return _here.take(key)
