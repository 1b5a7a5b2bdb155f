"""What the service depends on, each asked whether it answers: cheaply, within seconds, whatever hangs."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from service.job_queue import worker_alive
from service.mail.smtp.url import SmtpUrl, Tls
from service.store.sql import probe, schema
from service.store.sql.database import is_read_only
from service.system import System

#: Seconds that the database has for its answers, and everything else, which nobody waits for.
_DATABASE_SECONDS = 3.0
_OTHERS_SECONDS = 1.0

#: Seconds for which an answer is given again: the database's is asked for with every write of a probe; a mail
#: server logs each connection.
_DATABASE_KEPT = 0.25
_MAIL_KEPT = 10.0

OK = "ok"


class _Kept:
    """An answer that is given again for some seconds; while it is looked for, all wait for the same."""

    def __init__(self, look: Callable[[], Awaitable[str]], kept: float) -> None:
        self._look, self._seconds = look, kept
        self._lock, self._until, self._answer = asyncio.Lock(), 0.0, OK

    async def answer(self) -> str:
        async with self._lock:
            if time.monotonic() >= self._until:
                self._answer = await self._look()
                self._until = time.monotonic() + self._seconds
            return self._answer


class Readiness:
    """The dependencies of one process by name, and what each of them answers."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._database = _Kept(self._ask_database, _DATABASE_KEPT)
        self._mail = _Kept(self._ask_mail_server, _MAIL_KEPT)

    async def answers(self) -> dict[str, str]:
        """Each dependency by name: `ok`, or in few words what is wrong with it."""
        database, schema_, redis, mail, workers = await asyncio.gather(
            self._database.answer(),
            _within(_DATABASE_SECONDS, _ask_schema(self._system)),
            _within(_OTHERS_SECONDS, _ask_redis(self._system)),
            self._mail.answer(),
            _within(_OTHERS_SECONDS, _ask_workers(self._system)),
        )
        return {"database": database, "schema": schema_, "redis": redis, "mail": mail, "workers": workers}

    async def _ask_database(self) -> str:
        return await _within(_DATABASE_SECONDS, _ask_database(self._system))

    async def _ask_mail_server(self) -> str:
        return await _within(_OTHERS_SECONDS, _greet(SmtpUrl.parse(self._system.settings.smtp_url)))


async def _within(seconds: float, check: Awaitable[str]) -> str:
    """The answer of `check`; whatever keeps it from answering in time is a dependency that is away."""
    try:
        return await asyncio.wait_for(check, seconds)
    except Exception:
        return "away"


async def _ask_database(system: System) -> str:
    """Whether a visitor's request could be stored; if not, whether the database can be read at least."""
    try:
        await probe.write(system.database, datetime.now(UTC), _DATABASE_SECONDS / 2)
    except Exception as error:
        await probe.read(system.database)
        return "read-only" if is_read_only(error) else "can't be written"
    return OK


async def _ask_schema(system: System) -> str:
    current = await schema.current_revision(system.database)
    return OK if current == schema.newest_revision() else "not up to date: run trial-alerts migrate"


async def _ask_redis(system: System) -> str:
    await system.redis.ping()
    return OK


async def _ask_workers(system: System) -> str:
    return OK if await worker_alive(system.redis) else "none listens"


async def _greet(target: SmtpUrl) -> str:
    """Whether the mail server takes a connection and greets. The login is the workers' business."""
    reader, writer = await asyncio.open_connection(target.host, target.port)
    try:
        if target.tls is Tls.IMPLICIT:
            return OK
        greeting = await reader.readline()
        writer.write(b"QUIT\r\n")
        await writer.drain()
        return OK if greeting.startswith(b"220") else "refuses"
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
