"""While the database hangs, nobody waits without end: the answer is 503, and a repeated request is kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import psycopg
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from service.actions import dashboard_sessions
from service.store.sql import tables as t
from service.store.sql.database import create_database, is_postgresql, writing
from service.system import System
from service.web.admin import session
from service.web.http import answer_time
from tests.events import post as post_events
from tests.events import upserted
from tests.integration.web.operating import sign_in
from tests.integration.web.signing_up import post, publish_terms, rows
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]

LOCKED = "request, event, ended_session"


@asynccontextmanager
async def hanging(system: System, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Another program holds locks that visitors need, and they do not wait for long."""
    other = create_database(system.settings.database_url)
    async with writing(other) as connection:
        if is_postgresql(connection):
            await connection.execute(text(f"LOCK TABLE {LOCKED} IN ACCESS EXCLUSIVE MODE"))
        with monkeypatch.context() as changed:
            changed.setattr(answer_time, "SECONDS", 0.3)
            changed.setattr(session, "_SECONDS", 0.3)
            yield
    await other.dispose()


async def test_a_sign_up_during_a_hang_is_answered_503_and_kept_when_repeated(
    client: httpx.AsyncClient, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish_terms(system.database)
    async with hanging(system, monkeypatch):
        with capture_logs() as logged:
            answer = await post(client)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    (line,) = [line for line in logged if line["event"] == "store_away"]
    assert line["reason"] == "no answer in time"
    assert (await post(client)).status_code == 202
    assert await rows(system.database, t.request)


async def test_events_during_a_hang_are_answered_503_and_kept_when_repeated(
    client: httpx.AsyncClient, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = upserted("NCT00000001", 1)
    async with hanging(system, monkeypatch):
        assert (await post_events(client, sent)).status_code == 503
    assert (await post_events(client, sent)).status_code == 202
    assert len(await rows(system.database, t.event)) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_operators_get_a_page_that_names_the_outage(
    client: httpx.AsyncClient, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in(client)
    async with hanging(system, monkeypatch):
        page = await client.get("/admin", headers={"accept": "text/html"})
    assert page.status_code == 503
    assert "The database is away: no answer in time" in page.text


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_operators_can_sign_in_while_the_audit_log_is_locked(
    client: httpx.AsyncClient, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboard_sessions, "_SECONDS", 0.3)
    async with await psycopg.AsyncConnection.connect(system.settings.database_url) as other:
        await other.execute("LOCK TABLE audit IN ACCESS EXCLUSIVE MODE")
        async with asyncio.timeout(PATIENCE):
            answer = await sign_in(client)
        await other.rollback()
    assert answer.status_code == 303
    assert (await client.get("/admin")).status_code == 200


async def test_the_time_of_a_slow_body_does_not_count_as_the_databases(
    client: httpx.AsyncClient, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish_terms(system.database)
    monkeypatch.setattr(answer_time, "SECONDS", 30.0)
    sending = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b'{"email": "alice@example.org", "topic": ["trial:NCT04787263"], "accept_terms": true,'
        monkeypatch.setattr(answer_time, "SECONDS", 0.0)  # from here on it would be over at once
        await asyncio.sleep(0.1)
        monkeypatch.setattr(answer_time, "SECONDS", 30.0)
        sending.set()
        yield b' "terms_version": "2026-11"}'

    headers = {"content-type": "application/json"}
    answer = await client.post("/v1/subscriptions", content=body(), headers=headers)
    assert sending.is_set()
    assert answer.status_code == 202
