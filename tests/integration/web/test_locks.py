"""While another program holds a lock, operators get a page in time that names its holder and the remedy."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import psycopg
import pytest
from sqlalchemy import select

from service.store.sql import blockers
from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from service.web.admin import dashboard
from service.web.api import metrics, readiness
from tests.integration.web.operating import report_worker, sign_in
from tests.integration.web.test_admin_overview import needs, publish
from tests.waiting import until

#: SQLite has no locks of tables, and shows nobody who holds one.
pytestmark = [pytest.mark.parametrize("database_url", ["postgresql"], indirect=True), pytest.mark.slow]


@asynccontextmanager
async def locked(
    system: System, statement: str, waiting: Callable[[System], Awaitable[None]]
) -> AsyncIterator[int]:
    """Another program holds a lock, and ours waits for it; yields the number of its process."""
    url = system.settings.database_url
    async with await psycopg.AsyncConnection.connect(url, application_name="copier") as connection:
        await connection.execute(statement)
        task = asyncio.create_task(waiting(system))
        try:
            await until(lambda: _is_waited_for(system))
            yield connection.info.backend_pid
        finally:
            await connection.rollback()
            await task


async def _is_waited_for(system: System) -> bool:
    async with reading(system.database) as connection:
        return await blockers.longest(connection) is not None


async def read_mails(system: System) -> None:
    async with reading(system.database) as connection:
        await connection.execute(select(t.delivery.c.id).where(t.delivery.c.bucket == 0).limit(1))


async def store_request(system: System) -> None:
    await report_worker(system)


@pytest.fixture(autouse=True)
def locks_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Locks are reported from the first moment on."""
    monkeypatch.setattr(blockers, "REPORT_AFTER", 0.0)


@asynccontextmanager
async def short_time_limits(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Figures that can't be read are not waited for."""
    with monkeypatch.context() as changed:
        changed.setattr(dashboard, "_SECONDS", 0.5)
        changed.setattr(metrics, "_SECONDS", 0.5)
        yield


async def test_the_dashboard_answers_while_its_tables_are_locked(
    client: httpx.AsyncClient, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in(client)
    lock = "LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE"
    async with locked(system, lock, read_mails) as process, short_time_limits(monkeypatch):
        ready = await client.get("/health/ready")
        page = await client.get("/admin", headers={"accept": "text/html"})
        figures = await client.get("/metrics")
    assert ready.json()["status"] == "degraded"
    assert ready.json()["checks"]["locks"].startswith(f"held by process {process} (copier) for ")
    assert ready.json()["checks"]["workers"] == "unknown", "they may wait as well"
    assert page.status_code == 503
    assert "The database is away: no answer in time" in page.text
    assert f"held by process {process} (copier) for " in page.text
    assert "pg_terminate_backend" in page.text
    assert 'trial_alerts_dependency_up{dependency="database"} 0.0' in figures.text
    assert (await client.get("/admin")).status_code == 200, "afterwards"


async def test_a_lock_that_keeps_requests_out_is_named_alone(
    client: httpx.AsyncClient, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "_DATABASE_SECONDS", 0.5)
    await publish(system)
    await sign_in(client)
    async with locked(system, "LOCK TABLE request, worker IN SHARE MODE", store_request) as process:
        ready = await client.get("/health/ready")
        page = (await client.get("/admin")).text
    assert (ready.status_code, ready.json()["checks"]["database"]) == (503, "away")
    found = [words for words in needs(page) if not words.startswith(("No event", "The mail server"))]
    assert len(found) == 1
    assert found[0].startswith(
        f"A lock in the database keeps our programs waiting, held by process {process} (copier) for "
    )
