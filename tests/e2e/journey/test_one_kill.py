"""One worker, killed at a chosen moment between the server's yes and its own receipt; or asked to stop."""

import asyncio
import signal
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from service.digests.planner import plan
from service.domain.buckets import BUCKETS
from service.store.admin import workers
from service.store.mail import bucket_leases, deliveries
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.chaos.crowd import change_trial, gather_people
from tests.chaos.targets import STOP_SECONDS, Target, worker_of
from tests.conftest import POSTGRESQL
from tests.forked import Forked
from tests.integration.workers.world import World, snapshot
from tests.lock_waits import somebody_waits
from tests.smtp_script import On, Received
from tests.smtp_server import SmtpServer
from tests.waiting import PATIENCE, Stopwatch, until

CONNECTIONS = 4
PEOPLE = 400
#: Mails that a worker sends before the blow falls.
BEFORE = 25
#: When it falls after the server has taken a mail, in seconds; None: before the server even answers.
BLOWS = (None, 0.0, 0.001, 0.004)

Stop = Callable[[Forked, System], Awaitable[None]]


async def crowd(system: System) -> list[str]:
    """The people to be notified, their mails queued."""
    await World(system, None, None).hold(snapshot(status="SUSPENDED"))  # type: ignore[arg-type]
    people = await gather_people(system, 0, PEOPLE)
    await change_trial(system, 1)
    await plan(system)
    return people


def worker_for(environ: dict[str, str], server: SmtpServer, lease: int) -> Target:
    """A worker process that sends to `server`."""
    more = {"ALERTS_SMTP_URL": server.url(), "ALERTS_SMTP_CONNECTIONS": str(CONNECTIONS)}
    return worker_of(environ | more | {"ALERTS_LEASE_SECONDS": str(lease)})


async def rows(system: System) -> list[Any]:
    """All deliveries."""
    async with reading(system.database) as connection:
        return list(await connection.execute(select(t.delivery)))


async def stop(process: Forked) -> None:
    """Stops a process. On a machine with work to do it goes on for a moment after the signal, and writes."""
    process.send_signal(signal.SIGSTOP)
    await until(lambda: stands_still(process.pid), "a process that stands still")


def stands_still(pid: int) -> bool:
    """Whether each thread of a process is stopped, as far as this system tells (Linux does)."""
    threads = Path(f"/proc/{pid}/task").glob("*/stat")
    return all(thread.read_text().rpartition(")")[2].split()[0] == "T" for thread in threads)


async def stop_between_writes(process: Forked, system: System) -> None:
    """Stops a worker while it holds no lock on an SQLite file, where nobody could write until it goes on."""
    path = system.database.engine.url.database
    async with asyncio.timeout(PATIENCE):
        await stop(process)
        while system.database.engine.dialect.name == "sqlite" and is_locked(str(path)):
            process.send_signal(signal.SIGCONT)
            await asyncio.sleep(0.01)
            await stop(process)


async def stop_within_transaction(process: Forked, system: System) -> None:
    """Stops a worker while a transaction of its own, which changed mails, is open on PostgreSQL."""
    async with writing(system.database) as connection:
        for bucket in BUCKETS:
            claimed = (t.delivery.c.bucket == bucket) & (t.delivery.c.state == "claimed")
            await connection.execute(select(t.delivery.c.id).where(claimed).with_for_update())
        await until(lambda: somebody_waits(system), "a wait for the lock")
        await stop(process)
    await until(lambda: transaction_is_idle(system), "a transaction that stands still")


async def transaction_is_idle(system: System) -> bool:
    """Whether a session of another process does nothing within a transaction."""
    idle = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND state = 'idle in transaction' AND pid <> pg_backend_pid()"
    )
    async with reading(system.database) as connection:
        return bool((await connection.execute(idle)).scalar())


def is_locked(path: str) -> bool:
    """Whether another process is writing to the SQLite file."""
    with closing(sqlite3.connect(path, timeout=0.1)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        return False


def arrived(server: SmtpServer) -> dict[str, Counter[bytes]]:
    """How often each person got each Message-ID."""
    found: dict[str, Counter[bytes]] = {}
    for mail in server.mails:
        found.setdefault(mail.rcpt_to, Counter())[message_id(mail)] += 1
    return found


def message_id(mail: Received) -> bytes:
    """The header's value."""
    return next(
        line.partition(b":")[2].strip()
        for line in mail.content.splitlines()
        if line.lower().startswith(b"message-id:")
    )


async def leases_pass(system: System) -> None:
    """Releases the dead worker's claims and buckets, as if their leases had expired."""
    later = datetime.now(UTC) + timedelta(hours=2)
    async with writing(system.database) as connection:
        await deliveries.release_expired(
            connection, await deliveries.expired_claims(connection, later), later
        )
    await buckets_pass(system)


async def buckets_pass(system: System) -> None:
    """The buckets of all workers so far are free, as they are when a worker was silent for long enough."""
    async with writing(system.database) as connection:
        for silent in await workers.running(connection, datetime.now(UTC)):
            await bucket_leases.give_back(connection, silent.id)
            await workers.retire(connection, silent.id)


async def test_a_kill_before_the_receipt_repeats_only_mails_in_flight(
    system: System, environ: dict[str, str]
) -> None:
    people, taken, blows, struck = await crowd(system), Counter[int](), list(BLOWS), []
    async with SmtpServer() as server:

        def strike(mail: Received) -> None:
            life = len(BLOWS) - len(blows)
            taken[life] += 1
            if taken[life] != BEFORE or not blows:
                return
            blow = blows[0]
            struck.append(mail.rcpt_to)
            if blow is None:
                worker.process.kill()
            else:
                asyncio.get_running_loop().call_later(blow, worker.process.kill)

        server.on_mail = strike
        while blows:
            worker = worker_for(environ, server, lease=3600)
            await asyncio.to_thread(worker.process.wait)
            await until(lambda: not server.open)
            del blows[0]
            await leases_pass(system)
        worker = worker_for(environ, server, lease=3600)
        await until(lambda: len(arrived(server)) == PEOPLE)
        await asyncio.to_thread(worker.stop)

    mails = arrived(server)
    assert sorted(mails) == sorted(people)
    assert {len(ids) for ids in mails.values()} == {1}, "a repeat has the Message-ID of the first"
    # It may be in flight at the next blow again.
    assert mails[struck[0]].total() >= 2, "the server's yes never came to the worker that died"
    repeats = sum(ids.total() - 1 for ids in mails.values())
    assert repeats <= CONNECTIONS * len(BLOWS)
    assert {row.state for row in await rows(system)} == {"sent"}


async def test_a_stopping_worker_repeats_nothing_and_leaves_the_rest_to_the_next(
    system: System, environ: dict[str, str]
) -> None:
    people = await crowd(system)
    async with SmtpServer(On("BODY", delay=0.2)) as server:
        worker = worker_for(environ, server, lease=3600)
        await until(lambda: len(server.mails) >= BEFORE)
        process = worker.process
        with Stopwatch() as watch:
            process.terminate()
            assert await asyncio.to_thread(process.wait) == 0
        assert watch.seconds < STOP_SECONDS
        done = await rows(system)
        sent = [row for row in done if row.state == "sent"]
        rest = [row for row in done if row.state == "queued"]
        assert len(sent) == len(server.mails), "the mails in flight were finished and recorded"
        assert len(sent) + len(rest) == PEOPLE
        assert len(rest) > 0
        assert {(row.attempts, row.claim, row.outcome) for row in rest} == {(0, None, None)}

        server.rules = ()
        worker = worker_for(environ, server, lease=3600)  # it could not wait so long for the other's lease
        await until(lambda: len(server.mails) >= PEOPLE)
        await asyncio.to_thread(worker.stop)
    assert Counter(mail.rcpt_to for mail in server.mails) == dict.fromkeys(people, 1)
    assert {(row.state, row.attempts) for row in await rows(system)} == {("sent", 1)}


async def test_a_worker_that_slept_through_its_lease_sends_no_more_of_those_mails(
    system: System, environ: dict[str, str]
) -> None:
    await others_take_over(system, environ, stop_between_writes)


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_a_worker_that_slept_within_a_transaction_holds_locks_no_longer_than_its_lease(
    system: System, environ: dict[str, str]
) -> None:
    await others_take_over(system, environ, stop_within_transaction)


async def others_take_over(system: System, environ: dict[str, str], stop_worker: Stop) -> None:
    """Stops a worker while it sends, and resumes it once another has taken over its mails."""
    people = await crowd(system)
    async with SmtpServer(On("BODY", delay=0.05)) as server:
        sleeper = worker_for(environ, server, lease=3)
        await until(lambda: len(server.mails) >= BEFORE)
        process = sleeper.process
        await stop_worker(process, system)
        async with asyncio.timeout(PATIENCE):
            while any(row.state == "claimed" for row in await rows(system)):
                now = datetime.now(UTC)
                async with writing(system.database) as connection:
                    await deliveries.release_expired(
                        connection, await deliveries.expired_claims(connection, now), now
                    )
                await asyncio.sleep(0.1)
        await buckets_pass(system)
        other = worker_for(environ, server, lease=60)
        await until(lambda: len(server.mails) >= 2 * BEFORE)
        process.send_signal(signal.SIGCONT)
        await until(lambda: len(arrived(server)) == PEOPLE)
        await asyncio.gather(asyncio.to_thread(sleeper.stop), asyncio.to_thread(other.stop))

    mails = arrived(server)
    assert sorted(mails) == sorted(people)
    assert sum(ids.total() - 1 for ids in mails.values()) <= CONNECTIONS
    assert {len(ids) for ids in mails.values()} == {1}
    assert {row.state for row in await rows(system)} == {"sent"}
