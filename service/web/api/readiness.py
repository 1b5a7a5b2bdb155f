"""Checks the service's dependencies, with short timeouts and cached results."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, NamedTuple

from litestar.datastructures import State
from redis.exceptions import RedisError

from service.actions import canary
from service.mail.smtp.url import SmtpUrl, Tls, parse_all
from service.redis import permissions
from service.runtime.time_limit import within
from service.store.admin import workers
from service.store.admin.workers import WorkerReport
from service.store.mail import holds
from service.store.mail.holds import Hold
from service.store.sql import blockers, clock, probe, schema_revision
from service.system import System

#: Timeout in seconds of the database's check, and of the others.
_DATABASE_SECONDS = 3.0
_OTHERS_SECONDS = 1.0

#: Timeout of a mail server's check, and within that of its greeting and its answer to EHLO: some are slow.
_MAIL_SECONDS = 2.0
_GREETING_SECONDS = 1.5

#: Seconds for which an answer is given again: each check of the database writes to it; a mail server logs
#: each connection.
_DATABASE_CACHED = 0.25
_LOCKS_CACHED = 1.0
_MAIL_CACHED = 10.0

OK = "ok"

#: The meaning of no answer.
AWAY = "away"

#: The remedy for a database that answers, by its condition.
DATABASE_ADVICE = {
    str(probe.Condition.READ_ONLY): "After a failover, point ALERTS_DATABASE_URL at the primary;"
    " SQLite’s file and its folder must be writable.",
    str(probe.Condition.FULL): "Free or add space on the database’s disk.",
    str(probe.Condition.LOCKED): "A program writes to it for long: let it end, or end it.",
    str(probe.Condition.UNWRITABLE): "See the database’s log: a trigger, or a right that is missing.",
    AWAY: "It gives no answer in time: see its load, its disk and its log.",
}

#: The remedy for a lock that others hold.
LOCKS_ADVICE = (
    "Wait for that program, or end its session: SELECT pg_terminate_backend(PROCESS). Nothing is lost: what"
    " waits is done then."
)

#: The answer if no worker has reported lately, though it could.
NO_WORKER = "none is running"

#: The checks that need the database.
UNKNOWN = "unknown"


class _Reported(NamedTuple):
    """The last reports of the running workers, and the present hold of mail."""

    workers: Sequence[WorkerReport]
    hold: Hold | None


class _CachedCheck:
    """A check whose answer is cached for some seconds; concurrent callers share one check."""

    def __init__(self, check: Callable[[], Awaitable[str]], seconds: float) -> None:
        self._check, self._seconds = check, seconds
        self._lock, self._until, self._answer = asyncio.Lock(), 0.0, OK

    async def answer(self) -> str:
        async with self._lock:
            if time.monotonic() >= self._until:
                self._answer = await self._check()
                self._until = time.monotonic() + self._seconds
            return self._answer


class Readiness:
    """The dependencies of a process, by name."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._database = _CachedCheck(self._check_database, _DATABASE_CACHED)
        self._locks = _CachedCheck(self._check_locks, _LOCKS_CACHED)
        self._mail = _CachedCheck(self._check_mail_servers, _MAIL_CACHED)

    async def answers(self) -> dict[str, str]:
        """The state of each dependency by name: `ok`, or the problem in a few words.

        `clock` is there while one is wrong, `locks` while others keep ours waiting, `canary` if configured.
        Refused events are not, since anybody can send them.
        """
        database, locks, schema_, redis, mail, reported = await asyncio.gather(
            self.database(),
            self._locks.answer(),
            _within(_DATABASE_SECONDS, _check_schema(self._system)),
            self.redis(),
            self._mail.answer(),
            _read_reports(self._system),
        )
        locked = {"locks": locks} if locks not in (OK, AWAY) else {}
        if database == AWAY:  # the reports of workers and the schema are in it
            return {
                "database": database,
                "schema": UNKNOWN,
                "redis": redis,
                "mail": mail,
                "workers": UNKNOWN,
            } | locked
        found = {
            "database": database,
            "schema": schema_,
            "redis": redis,
            "mail": _mail(reported) if mail == OK and reported else mail,
            "workers": _workers(reported.workers) if reported else AWAY,
        } | locked
        if (database != OK or locked) and reported and not reported.workers:
            found["workers"] = UNKNOWN  # some run, perhaps, and can't store their reports
        if database == OK and reported and (wrong := _clocks(self._system, reported.workers)) != OK:
            found["clock"] = wrong
        if self._system.settings.canary_address:
            found["canary"] = await _within(_OTHERS_SECONDS, _check_canaries(self._system))
        return found

    async def database(self) -> str:
        """Whether the database takes what visitors send: `ok`, or the problem in a few words."""
        return await self._database.answer()

    async def redis(self) -> str:
        """Whether Redis lets us do what we do with it: `ok`, or the problem in a few words."""
        return await _within(_OTHERS_SECONDS, _check_redis(self._system))

    async def _check_database(self) -> str:
        return await _within(_DATABASE_SECONDS, _check_database(self._system))

    async def _check_locks(self) -> str:
        return await _within(_OTHERS_SECONDS, _check_locks(self._system))

    async def _check_mail_servers(self) -> str:
        """The first one's answer that is well; if none is, that of the first one."""
        targets = parse_all(self._system.settings.smtp_url)
        name = self._system.settings.mail_domain
        answers = await asyncio.gather(*(_within(_MAIL_SECONDS, _greet(target, name)) for target in targets))
        return OK if OK in answers else answers[0]


def readiness_of(state: State, system: System) -> Readiness:
    """The one of this process, whose answers are shared by all who ask within a moment."""
    readiness: Readiness | None = state.get("readiness")
    if readiness is None:
        readiness = state.readiness = Readiness(system)
    return readiness


async def _within(seconds: float, check: Coroutine[Any, Any, str]) -> str:
    """The answer of `check`; an error or a timeout means that the dependency is unavailable."""
    try:
        return await within(seconds, check)
    except Exception:
        return AWAY


async def _check_database(system: System) -> str:
    """Whether a visitor's request could be stored; if not, why."""
    return await probe.condition(system.database, system.now(), _DATABASE_SECONDS / 2)


async def _check_locks(system: System) -> str:
    """Whether somebody keeps our statements waiting; who, and for how long."""
    async with system.reading() as connection:
        blocker = await blockers.longest(connection)
    return blocker.words if blocker is not None else OK


async def _check_schema(system: System) -> str:
    current = await schema_revision.current_revision(system.database)
    return OK if schema_revision.is_usable(current) else "not up to date: run trial-alerts migrate"


async def _check_redis(system: System) -> str:
    try:
        await permissions.check(system.redis)
    except RedisError as error:
        return permissions.trouble(error) or AWAY
    return OK


async def _read_reports(system: System) -> _Reported | None:
    """None if they can't be read in time."""
    with contextlib.suppress(Exception):
        return await within(_OTHERS_SECONDS, _reports(system))
    return None


async def _reports(system: System) -> _Reported:
    async with system.reading() as connection:
        return _Reported(await workers.running(connection), await holds.current(connection))


def _workers(running: Sequence[WorkerReport]) -> str:
    if not running:
        return NO_WORKER
    waits_for = {what for worker in running for what in worker.status.get("waits_for", ())}
    full = sorted(what for what in waits_for if what.startswith("database"))
    return f"waiting for the {full[0]}" if full else OK


def _clocks(system: System, running: Sequence[WorkerReport]) -> str:
    """Whether the clocks of this machine and of the workers' agree with the database's."""
    if words := clock.difference(clock.ahead(system.database).total_seconds()):
        return f"this machine's is {words}"
    wrong = [worker.clock_difference for worker in running if worker.clock_difference]
    return wrong[0] if wrong else OK


def _mail(reported: _Reported) -> str:
    """The obstacle that keeps the workers from sending: a hold, or a server that none of them can use."""
    if reported.hold is not None:
        return f"held ({reported.hold.reason}): see trial-alerts mail release"
    failure = workers.mail_failure(reported.workers)
    return f"workers can't use it: {failure}" if failure else OK


async def _check_canaries(system: System) -> str:
    async with system.reading() as connection:
        found = await canary.statuses(connection, system, system.now())
    late = [canary.frequency for canary in found if canary.overdue]
    return f"overdue: {', '.join(late)}" if late else OK


async def _greet(target: SmtpUrl, name: str) -> str:
    """Whether the mail server accepts a connection and answers EHLO. Workers report on the login."""
    reader, writer = await _connect(target.host, target.port)
    try:
        if target.tls is Tls.IMPLICIT:
            return OK
        async with asyncio.timeout(_GREETING_SECONDS):
            if await _smtp_reply(reader) != b"220":
                return "refuses"
            writer.write(f"EHLO {name}\r\n".encode())
            answered = await _smtp_reply(reader)  # old servers do not know it, and say so
            writer.write(b"QUIT\r\n")
            await writer.drain()
        return OK if answered else "closes the connection"
    except TimeoutError:
        return "accepts connections and does not answer"
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _connect(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the first of the host's addresses that takes one.

    The name is looked up first. uvloop, if it connects by name and is no longer waited for, logs that an
    exception was never retrieved when a name server that hangs is given up.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    *others, last = (address[:2] for *_, address in found)
    for address in others:
        with contextlib.suppress(OSError):
            return await asyncio.open_connection(*address)
    return await asyncio.open_connection(*last)


async def _smtp_reply(reader: asyncio.StreamReader) -> bytes:
    """The code of the next reply, whose lines but the last have a hyphen behind it; empty at the end."""
    while (line := await reader.readline())[3:4] == b"-":
        pass
    return line[:3]
