"""Years of mail: times of planning, claiming, the dashboard, retention and a sign-up with 90 days of rows.

Beside the same on a database without any. `PEOPLE=50000 DAYS=90 python -m tests.benchmarks years`.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg

from service.digests.planner import plan
from service.domain.buckets import IN_USE, SHIFT
from service.store.mail import deliveries
from service.store.mail.claim_names import new_claim
from service.system import System, open_system
from tests.benchmarks.crowd import Crowd, append_news, settle
from tests.benchmarks.ground import Ground, ground
from tests.conftest import client_of
from tests.integration.web.operating import BEARER
from tests.integration.web.signing_up import publish_terms, sign_up
from workers.daily_figures import count_runs
from workers.retention import sweep_retention
from workers.visitor_requests import process_requests

PEOPLE = int(os.environ.get("PEOPLE", "50000"))
DAYS = int(os.environ.get("DAYS", "90"))
#: One in this many people gets a mail on a day.
ONE_OF = 3
SIGN_UPS = 200

_GROWING = ("delivery", "digest", "subscriber", "subscription", "consent")


def run() -> None:
    """Prints milliseconds, and the rows of large tables that were read whole, without and with the years."""
    crowd = Crowd(PEOPLE, PEOPLE, 1_000, hot_conditions=300, hot_trial_every=60)
    with ground() as where:
        settle(where.database_url, crowd)
        asyncio.run(_published(where))
        append_news(where.database_url, crowd, words=False)
        without = asyncio.run(_measured(where))
        rows = _add_years(where.database_url)
        with_years = asyncio.run(_measured(where, again=True))
    print(f"{PEOPLE:,} people, {DAYS} days: {rows:,} digests and as many deliveries")
    print(f"{'':<28}{'without':>12}{'with':>12}{'':>8}{'rows read whole, without and with':>40}")
    for name, (ms, read) in with_years.items():
        before, read_before = without[name]
        print(f"{name:<28}{before:>9.1f} ms{ms:>9.1f} ms{ms / before:>7.2f}x{read_before:>20,}{read:>20,}")


async def _published(where: Ground) -> None:
    """Terms, and the numbers of topics and slots after those of the crowd."""
    async with open_system(where.settings) as system:
        async with system.writing() as connection:
            for table in ("topic", "slot"):
                last = f"(SELECT max(id) FROM {table})"
                await connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"
                )
        await publish_terms(system.database)


def _add_years(url: str) -> int:
    """The digests and deliveries of past days, all sent. Returns how many of each."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        with _without_indexes(connection):
            for day in range(1, DAYS + 1):
                _add_day(connection, day, datetime.now(UTC) - timedelta(days=DAYS + 1 - day))
        connection.execute("VACUUM ANALYZE")
        counted = connection.execute("SELECT count(*) FROM digest").fetchone()
    return int(counted[0]) if counted else 0


@contextmanager
def _without_indexes(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Drops the indexes that belong to no constraint meanwhile: they are built faster at once."""
    found = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('delivery', 'digest')"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    yield
    connection.execute("SET maintenance_work_mem = '512MB'")
    for _, definition in found:
        connection.execute(definition)


def _add_day(connection: psycopg.Connection[Any], day: int, at: datetime) -> None:
    (run_id,) = connection.execute(
        "INSERT INTO run (frequency, due_at, planned_at, to_seq, state, digests, most_news)"
        " VALUES ('daily', %s, %s, 0, 'queued', %s, 0) RETURNING id",
        (at, at, PEOPLE // ONE_OF),
    ).fetchone() or (0,)
    connection.execute(
        "WITH told AS (INSERT INTO digest"
        " (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics)"
        f" SELECT n %% {IN_USE}, nextval('row_id') << {SHIFT} | n %% {IN_USE},"
        f" n << {SHIFT} | n %% {IN_USE}, %s, 'daily', 0, 0, '1:0'"
        " FROM generate_series(%s, %s::bigint, %s) n RETURNING bucket, id, subscriber_id, run_id)"
        " INSERT INTO delivery (bucket, id, subscriber_id, kind, digest_id, run_id, state, priority,"
        " due_at, created_at, message_key, attempts, first_attempt_at, finished_at, outcome)"
        f" SELECT bucket, nextval('row_id') << {SHIFT} | bucket, subscriber_id, 'digest', id, run_id,"
        " 'sent', 10, %s, %s, md5(id::text), 1, %s, %s, 'sent' FROM told",
        (run_id, 1 + day % ONE_OF, PEOPLE, ONE_OF, at, at, at, at),
    )


async def _measured(where: Ground, *, again: bool = False) -> Mapping[str, tuple[float, int]]:
    """Milliseconds, and rows read whole, of each step."""
    settings = where.settings.model_copy(update={"signup_limit": 1_000_000, "challenge": "off"})
    found: dict[str, tuple[float, int]] = {}
    async with open_system(settings) as system, client_of(settings) as client:
        await client.get("/health/ready")
        await count_runs(system)  # as the worker does every quarter of an hour
        if again:
            await _append_again(system)
        steps: Mapping[str, Callable[[], Awaitable[Any]]] = {
            "planning a day": lambda: plan(system),
            "planning without news": lambda: plan(system),
            f"claiming {IN_USE} x 50 mails": lambda: _claim(system),
            f"{SIGN_UPS} sign-ups": lambda: _sign_ups(system, client, "again" if again else "first"),
            "readiness": lambda: client.get("/health/ready"),
            "metrics": lambda: client.get("/metrics"),
            "dashboard's figures": lambda: client.get("/v1/admin/stats", headers=BEARER),
            "runs": lambda: client.get("/v1/admin/runs", headers=BEARER),
            "retention": lambda: sweep_retention(system),
        }
        for name, step in steps.items():
            before = _read_whole(where.database_url)
            began = time.perf_counter()
            await step()
            seconds = time.perf_counter() - began
            await asyncio.sleep(1.2)  # PostgreSQL publishes its counts once a second
            found[name] = (seconds * 1000, _read_whole(where.database_url) - before)
    return found


async def _append_again(system: System) -> None:
    """The same day once more: cursors stand before its news again."""
    async with system.writing() as connection:
        for statement in (
            "UPDATE cursor SET seq = 0, prior_seq = 0, run_id = NULL",
            "UPDATE slot SET low_water_seq = 0, due_at = now() - interval '1 day' WHERE frequency = 'daily'",
        ):
            await connection.exec_driver_sql(statement)
    async with system.database.connect() as connection:
        autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await autocommit.exec_driver_sql("VACUUM ANALYZE cursor")


async def _claim(system: System) -> None:
    now = datetime.now(UTC)
    for bucket in range(IN_USE):
        async with system.writing() as connection:
            await deliveries.claim(
                connection,
                claim=new_claim(bucket),
                limit=50,
                now=now,
                lease_until=now + timedelta(minutes=5),
            )


async def _sign_ups(system: System, client: httpx.AsyncClient, name: str) -> None:
    for number in range(SIGN_UPS):
        answer = await client.post("/v1/subscriptions", json=sign_up(email=f"{name}{number}@example.org"))
        assert answer.status_code == 202, answer.text
    await process_requests(system)


def _read_whole(url: str) -> int:
    """Rows that sequential scans of the growing tables have read so far."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname = ANY(%s)", (list(_GROWING),)
        ).fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    run()
