"""Checks that Redis permits the commands that the service uses, not PING alone."""

import re

from redis.exceptions import (
    BusyLoadingError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
)

from service.redis.job_queue import CHANNEL, QUEUE, Redis
from service.redis.pool import is_refusal
from service.redis.rate_counters import PREFIX

#: As the limits count: in a script, with a time to live.
_COUNT = "redis.call('INCR', KEYS[1]) redis.call('EXPIRE', KEYS[1], 5) return redis.call('TTL', KEYS[1])"

#: The rules of the ACL for keys and channels, in the order of the commands of `check`.
_RULES = ("~trial-alerts:*", "~arq:*", "~trial-alerts:*", "~trial-alerts:*", "&trial-alerts:*")
_COMMANDS = ("eval", "psetex", "zadd", "zcard", "publish")

#: Other troubles with one that answers.
REFUSES = "refuses user or password"
_TROUBLES = {
    OutOfMemoryError: "is out of memory",
    ReadOnlyError: "is a read-only replica",
    BusyLoadingError: "is loading its data",
}
_ADVICE = {
    REFUSES: "Check the user and the password in ALERTS_REDIS_URL; nothing is lost.",
    "is out of memory": "Raise its maxmemory: some megabytes will do for us. Nothing is lost.",
    "is a read-only replica": "Point ALERTS_REDIS_URL at the primary; nothing is lost.",
    "is loading its data": "Wait for it; nothing is lost.",
    "can’t write to its disk": "See its log and its disk, or turn its snapshots off; nothing is lost.",
}
_LACKS = re.compile(r"refuses rights: its user (\S+) lacks (.+)")

_COMMAND_REFUSED = re.compile(r"run the '([a-z|]+)' command|command", re.IGNORECASE)


class MissingRights(NoPermissionError):
    """Rules that the ACL of our user lacks, in the form in which `ACL SETUSER` takes them."""

    def __init__(self, rules: tuple[str, ...], user: str) -> None:
        super().__init__(" ".join(rules))
        self.rules, self.user = rules, user


async def check(redis: Redis) -> None:
    """Tries, in one round trip, the commands of limits and notifications; leaves a key for five seconds.

    Raises MissingRights for forbidden commands, else RedisError.
    """
    async with redis.pipeline(transaction=False) as commands:
        commands.eval(_COUNT, 1, f"{PREFIX}rights")
        commands.psetex("arq:job:rights", 1000, b"")
        commands.zadd(QUEUE, {"rights": 0}, xx=True)  # changes a job of that name: there is none
        commands.zcard(QUEUE)
        commands.publish(CHANNEL, "rights")  # names no job: no worker acts on it
        answers = await commands.execute(raise_on_error=False)
    errors = {number: answer for number, answer in enumerate(answers) if isinstance(answer, Exception)}
    refused = {number: error for number, error in errors.items() if _is_refused(error)}
    if refused:
        rules = (_rule(number, str(error)) for number, error in refused.items())
        user = redis.connection_pool.connection_kwargs.get("username") or "default"
        raise MissingRights(tuple(dict.fromkeys(rules)), user)
    for error in errors.values():
        raise error


def _is_refused(error: Exception) -> bool:
    """A script's commands are refused by an error of the script."""
    return isinstance(error, NoPermissionError) or "ACL failure" in str(error)


def _rule(number: int, refusal: str) -> str:
    """The rule that would allow the command of this number."""
    if named := _COMMAND_REFUSED.search(refusal):
        return f"+{named[1] or _COMMANDS[number]}"
    return _RULES[number]


def trouble(error: BaseException) -> str:
    """The trouble with a Redis that answers, as words behind its name; "" if it does not answer."""
    if isinstance(error, MissingRights):
        return f"refuses rights: its user {error.user} lacks {' '.join(error.rules)}"
    if is_refusal(error):
        return REFUSES
    if "MISCONF" in str(error):
        return "can’t write to its disk"
    return next((words for kind, words in _TROUBLES.items() if isinstance(error, kind)), "")


def advice(words: str) -> str:
    """The remedy for a `trouble` with Redis; `words` are "away" if it does not answer."""
    if lacks := _LACKS.fullmatch(words):
        return (
            f"Run ACL SETUSER {lacks[1]} {lacks[2]} and keep it (ACL SAVE, or its file); docs/operating.md"
            " has all rights. Nothing is lost."
        )
    return _ADVICE.get(words, "Bring it back; nobody waits long, and nothing is lost.")
