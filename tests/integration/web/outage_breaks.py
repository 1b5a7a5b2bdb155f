"""Context managers that break one part of a running system, and repair it at the end."""

import asyncio
import contextlib
import os
import resource
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import psycopg
from litestar import Litestar
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from service.actions import mail_hold
from service.digests.planner import plan_now
from service.mail.smtp import routes
from service.store.admin import workers
from service.store.admin.workers import WorkerReport
from service.store.audit import Operator
from service.store.sql import blockers, probe
from service.system import System
from service.web.api import readiness
from service.web.http import answer_time
from tests.integration.web.operating import held_run
from tests.integration.workers.world import open_world, snapshot
from tests.unwritable import read_only
from tests.waiting import until
from workers.deliver.deliver import deliver
from workers.deliver.mailer import open_mailer
from workers.heartbeat import Heartbeat

#: A trial that nobody follows but in these stories.
_TRIAL = "NCT00000002"

#: A mail server's name that DNS does not answer for.
UNANSWERED = "mail.example.org"


@asynccontextmanager
async def database_away(app: Litestar) -> AsyncIterator[None]:
    """Nothing listens where the database was."""
    database = app.state.system.database
    await database.dispose()

    def refuse(*_: Any) -> None:
        raise ConnectionRefusedError

    event.listen(database.sync_engine, "do_connect", refuse)
    yield
    event.remove(database.sync_engine, "do_connect", refuse)


@asynccontextmanager
async def database_read_only(app: Litestar) -> AsyncIterator[None]:
    """The database answers and refuses to write."""
    async with read_only(app.state.system.database):
        yield


@asynccontextmanager
async def disk_full(app: Litestar) -> AsyncIterator[None]:
    """SQLite's file may not grow, and has no room for a row of any size any more."""
    database = app.state.system.database

    def bound(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0]}")

    event.listen(database.sync_engine, "connect", bound)
    await database.dispose()
    for octets in (100_000, 3_000, 500, 50, 0):
        with contextlib.suppress(DBAPIError):
            for _ in range(1_000):
                await _fill(app.state.system, octets)
    yield
    event.remove(database.sync_engine, "connect", bound)
    await database.dispose()


async def _fill(system: System, octets: int) -> None:
    """Stores a visitor's request that no worker can read."""
    async with system.writing() as connection:
        values = {"kind": "probe", "sealed": os.urandom(octets), "received_at": datetime.now(UTC)}
        await connection.execute(probe.table.insert().values(**probe.new_key(0), **values))


@asynccontextmanager
async def locked_table(app: Litestar) -> AsyncIterator[None]:
    """Another program copies a table, as PostgreSQL's CREATE INDEX does: it can be read and not written."""
    system: System = app.state.system
    url = system.settings.database_url
    impatient = mock.patch.multiple(readiness, _DATABASE_SECONDS=1.0, _LOCKS_CACHED=0.0)
    early, limit = (
        mock.patch.object(blockers, "REPORT_AFTER", 0.0),
        mock.patch.object(answer_time, "SECONDS", 3.0),
    )
    with impatient, early, limit:
        async with await psycopg.AsyncConnection.connect(url, application_name="copier") as connection:
            await connection.execute("LOCK TABLE request IN SHARE MODE")
            waiting = asyncio.create_task(_fill(system, 0))
            await until(lambda: _is_waited_for(system))
            yield
            await connection.rollback()
            await waiting


async def _is_waited_for(system: System) -> bool:
    async with system.reading() as connection:
        return await blockers.longest(connection) is not None


@asynccontextmanager
async def full_redis(app: Litestar) -> AsyncIterator[None]:
    """Redis answers and takes nothing more."""
    redis = app.state.system.redis
    await redis.config_set("maxmemory", "1")
    yield
    await redis.config_set("maxmemory", "0")


@asynccontextmanager
async def replica_redis(app: Litestar) -> AsyncIterator[None]:
    """Redis is a replica, as after a failover: it can be read alone."""
    redis = app.state.system.redis
    await redis.execute_command("REPLICAOF", "127.0.0.1", "1")
    yield
    await redis.execute_command("REPLICAOF", "NO", "ONE")


@asynccontextmanager
async def redis_without_disk(app: Litestar) -> AsyncIterator[None]:
    """Redis could not write its snapshot: then it takes nothing more."""
    redis = app.state.system.redis
    server = (await redis.info("server"))["process_id"]
    await redis.config_set("appendonly", "no")
    await redis.config_set("save", "3600 1000000")
    usual = resource.prlimit(server, resource.RLIMIT_FSIZE)
    resource.prlimit(server, resource.RLIMIT_FSIZE, (0, usual[1]))
    await redis.bgsave()
    await until(lambda: _has_failed_to_save(redis), "a snapshot that can't be written")
    resource.prlimit(server, resource.RLIMIT_FSIZE, usual)
    yield
    await redis.config_set("save", "")
    await redis.config_set("appendonly", "yes")


async def _has_failed_to_save(redis: Any) -> bool:
    return bool((await redis.info("persistence"))["rdb_last_bgsave_status"] == "err")


@asynccontextmanager
async def redis_without_right(app: Litestar) -> AsyncIterator[None]:
    """An administrator took a right from our user in Redis."""
    redis = app.state.system.redis
    await redis.execute_command("ACL", "SETUSER", "default", "-zadd")
    yield
    await redis.execute_command("ACL", "SETUSER", "default", "+zadd")


@asynccontextmanager
async def mail_held(app: Litestar) -> AsyncIterator[None]:
    """An operator holds all mail."""
    await mail_hold.hold(app.state.system, Operator("test", "test"), datetime.now(UTC))
    yield


@asynccontextmanager
async def run_held(app: Litestar) -> AsyncIterator[None]:
    """A run is far larger than usual."""
    async with open_world(app.state.system) as world:
        await held_run(world, "otto@example.org", trial=_TRIAL)
    yield


@asynccontextmanager
async def silent_worker(app: Litestar) -> AsyncIterator[None]:
    """Two workers that began an hour ago: one reported just now, and one a minute ago."""
    now = datetime.now(UTC)
    async with app.state.system.writing() as connection:
        for process, seen in ((1, now), (2, now - timedelta(minutes=1))):
            report = WorkerReport(f"host:{process}:a", "host", now - timedelta(hours=1), seen, {})
            await workers.report(connection, report)
    yield


@asynccontextmanager
async def server_away(app: Litestar) -> AsyncIterator[None]:
    """A worker can't connect to the mail server."""
    async with _sending(app, "otto@example.org"):
        yield


@asynccontextmanager
async def silent_server(app: Litestar) -> AsyncIterator[None]:
    """A worker has sent a mail's DATA and waits for the answer, for longer than is usual."""
    with mock.patch.object(routes, "SILENT_SECONDS", 0.3):
        async with _sending(app, "otto@example.org"):
            yield


@asynccontextmanager
async def refusing_server(app: Litestar) -> AsyncIterator[None]:
    """A worker has tried mails to people at several domains."""
    async with _sending(app, "otto@example.org", "mia@example.net", "max@example.com") as sending:
        await sending
        yield


@asynccontextmanager
async def hanging_dns(app: Litestar) -> AsyncIterator[None]:
    """The name of the mail server is looked up, and no name server answers."""
    ordinary = socket.getaddrinfo

    def ask(host: Any, *given: Any, **named: Any) -> Any:
        if host in (UNANSWERED, UNANSWERED.encode()):
            time.sleep(2)
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return ordinary(host, *given, **named)

    limit = mock.patch.object(readiness, "_MAIL_SECONDS", 1.0)
    with limit, mock.patch.object(socket, "getaddrinfo", ask):
        async with _sending(app, "otto@example.org"):
            yield


@asynccontextmanager
async def _sending(app: Litestar, *people: str) -> AsyncIterator["asyncio.Task[None]"]:
    """A worker tries to send a digest to each of them, and reports how that goes."""
    system: System = app.state.system
    async with open_world(system) as world:
        before = snapshot(_TRIAL)
        await world.hold(before)
        for address in people:
            await world.follow(address, f"trial:{_TRIAL}")
        await world.change(before, status="RECRUITING")
        await plan_now(system)
    ours = replace(system, stopping=asyncio.Event())
    async with open_mailer(ours) as mailer:
        heartbeat = Heartbeat(mailer)
        sending = asyncio.create_task(deliver(mailer))
        await until(lambda: _reports_trouble(heartbeat, mailer), pause=0.1)
        yield sending
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await heartbeat.end()


async def _reports_trouble(heartbeat: Heartbeat, mailer: Any) -> bool:
    if not mailer.sender.routes.problems():
        return False
    await heartbeat.beat()
    return True
