"""Health checks report each dependency as it is, and 503 only when requests can't be served."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvloop
from litestar import Litestar
from sqlalchemy import event, select, text

from service.actions import mail_hold
from service.app import create_app
from service.configuration.settings import Settings
from service.store.admin import workers
from service.store.audit import Operator
from service.store.sql import full_disk
from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from service.web.api import readiness
from tests.conftest import client_of, serving
from tests.integration.web.operating import report_worker, sign_in
from tests.integration.web.signing_up import publish_terms, sign_up
from tests.smtp_server import On, SmtpServer
from tests.unwritable import full_for_requests, read_only, refusing_inserts
from tests.waiting import Stopwatch, until

pytestmark = pytest.mark.slow


@pytest.fixture
async def smtp() -> AsyncIterator[SmtpServer]:
    async with SmtpServer() as server:
        yield server


@pytest.fixture
def app(settings: Settings, smtp: SmtpServer) -> Litestar:
    """The application with a mail server that answers."""
    return create_app(settings.model_copy(update={"smtp_url": smtp.url()}))


@pytest.fixture
async def client(app: Litestar, system: System) -> AsyncIterator[httpx.AsyncClient]:
    """Its client, with a worker that listens."""
    await report_worker(system)
    async with serving(app) as http:
        yield http


async def checked(client: httpx.AsyncClient) -> tuple[int, str, dict[str, str]]:
    """The status, the verdict and the failing checks, from a fresh check instead of the shared last one."""
    await asyncio.sleep(0.3)
    answer = await client.get("/health/ready")
    body: dict[str, Any] = answer.json()
    assert set(body["checks"]) == {"database", "schema", "redis", "mail", "workers"}
    assert ("retry-after" in answer.headers) == (answer.status_code == 503)
    return answer.status_code, body["status"], {k: v for k, v in body["checks"].items() if v != "ok"}


async def is_ready(client: httpx.AsyncClient) -> bool:
    """Whether all is well, however long that took to find out."""
    return await checked(client) == (200, "ok", {})


async def test_the_service_is_alive_and_ready_when_everything_answers(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health/live")).json() == {"status": "ok"}
    assert await checked(client) == (200, "ok", {})


async def test_health_checks_leave_no_row_and_concurrent_ones_share_an_answer(
    client: httpx.AsyncClient, app: Litestar, system: System
) -> None:
    writes: list[str] = []
    engine = app.state.system.database.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *call: writes.append(call[2]))
    answers = await asyncio.gather(*(client.get("/health/ready") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len([statement for statement in writes if statement.startswith("INSERT")]) < 10
    async with reading(system.database) as connection:
        assert (await connection.execute(select(t.request))).all() == []


async def test_a_read_only_database_serves_nobody(
    client: httpx.AsyncClient, app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with read_only(app.state.system.database):
        assert await checked(client) == (503, "unavailable", {"database": "read-only"})
        with monkeypatch.context() as later:
            later.setattr(workers, "SEEN_WITHIN", timedelta())  # no report can be stored any more
            found = {"database": "read-only", "workers": "unknown"}
            assert await checked(client) == (503, "unavailable", found)
            await sign_in(client)
            page = (await client.get("/admin")).text
            assert "The database: read-only." in page
            assert "No worker is running" not in page
    await until(lambda: is_ready(client))  # sessions of before are found out one by one


async def test_a_database_that_can_not_be_written_serves_nobody(
    client: httpx.AsyncClient, system: System
) -> None:
    async with refusing_inserts(system.database, "request"):
        assert await checked(client) == (503, "unavailable", {"database": "can't be written"})
    assert await checked(client) == (200, "ok", {})


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_full_disk_with_room_for_a_probe_alone_serves_nobody(
    client: httpx.AsyncClient, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish_terms(system.database)
    async with full_for_requests(system.database):
        assert (await client.post("/v1/subscriptions", json=sign_up())).status_code == 503
        assert await checked(client) == (503, "unavailable", {"database": "its disk is full"})
    assert (await client.post("/v1/subscriptions", json=sign_up())).status_code == 202, "there is room again"
    monkeypatch.setattr(full_disk, "COUNTS_SECONDS", 0.0)  # the time is over
    assert await checked(client) == (200, "ok", {})


@pytest.mark.on_both_databases
async def test_a_writer_that_does_not_end_is_reported_within_seconds(
    client: httpx.AsyncClient, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "_DATABASE_SECONDS", 3.0)
    async with system.database.begin() as connection:
        if system.database.dialect.name == "postgresql":
            await connection.execute(text("LOCK TABLE request IN ACCESS EXCLUSIVE MODE"))
        with Stopwatch() as watch:
            assert (await checked(client))[:2] == (503, "unavailable")
        assert watch.seconds < 15
    await until(lambda: is_ready(client))


async def test_a_database_that_is_away_serves_nobody(client: httpx.AsyncClient, app: Litestar) -> None:
    database = app.state.system.database
    await database.dispose()

    def refuse(*_: Any) -> None:
        raise ConnectionRefusedError

    event.listen(database.sync_engine, "do_connect", refuse)
    status, verdict, away = await checked(client)
    assert (status, verdict, away["database"]) == (503, "unavailable", "away")


@asynccontextmanager
async def without(settings: Settings, **changed: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application with other settings."""
    async with client_of(settings.model_copy(update=changed)) as http:
        yield http


async def test_without_redis_mail_server_or_workers_requests_are_served(
    settings: Settings, smtp: SmtpServer, tmp_path: Path
) -> None:
    nowhere = f"unix://{tmp_path}/redis.sock"
    async with without(settings, smtp_url=smtp.url()) as http:
        assert await checked(http) == (200, "degraded", {"workers": "none is running"})
    async with without(settings, smtp_url=smtp.url(), redis_url=nowhere) as http:
        assert await checked(http) == (200, "degraded", {"redis": "away", "workers": "none is running"})
    async with without(settings) as http:
        assert await checked(http) == (200, "degraded", {"mail": "away", "workers": "none is running"})
    async with without(settings, smtp_url=f"{settings.smtp_url}, {smtp.url()}") as http:
        assert await checked(http) == (200, "degraded", {"workers": "none is running"})


async def test_a_redis_that_refuses_the_login_is_distinguished_from_one_that_is_away(
    settings: Settings,
) -> None:
    wrong = settings.redis_url.replace("://", "://nobody:wrong@", 1)
    async with client_of(settings.model_copy(update={"redis_url": wrong})) as client:
        answer = await client.get("/health/ready")
        await sign_in(client)
        page = (await client.get("/admin")).text
    assert (answer.status_code, answer.json()["checks"]["redis"]) == (
        200,
        "refuses user or password",
    )
    assert "Redis refuses user or password: work is found with a delay" in page
    assert "the password in ALERTS_REDIS_URL" in page


async def test_obstacles_to_sending_are_named(client: httpx.AsyncClient, system: System) -> None:
    failing = {"server": "mail.example.org:587", "reason": "login", "reply": "535 no", "since": "now"}
    await report_worker(system, mail=failing)
    assert await checked(client) == (200, "degraded", {"mail": "workers can't use it: login"})
    await report_worker(system, mail=None)
    assert await checked(client) == (200, "ok", {})
    await mail_hold.hold(system, Operator("test", "test"), datetime.now(UTC))
    assert (await checked(client))[2] == {"mail": "held (operator): see trial-alerts mail release"}


async def test_a_mail_server_that_refuses_is_named_and_an_old_one_is_well(settings: Settings) -> None:
    for rule, words in (
        (On("CONNECT", "554 5.3.2 not now"), "refuses"),
        (On("EHLO", drop=True), "closes the connection"),
    ):
        async with SmtpServer(rule) as server, without(settings, smtp_url=server.url()) as http:
            assert (await checked(http))[2]["mail"] == words
    old = (On("EHLO", "502 5.5.1 what?"), On("EHLO", "250-mail.example.org\r\n250 SIZE"))
    for rule in old:
        async with SmtpServer(rule) as server, without(settings, smtp_url=server.url()) as http:
            assert "mail" not in (await checked(http))[2]


async def test_a_mail_server_that_hangs_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "_GREETING_SECONDS", 1.0)
    for rule in (On("CONNECT", stall=True), On("EHLO", stall=True)):
        async with SmtpServer(rule) as server, without(settings, smtp_url=server.url()) as http:
            assert (await checked(http))[2]["mail"] == "accepts connections and does not answer"


def test_a_failed_look_up_after_its_cancellation_is_not_logged() -> None:
    """By uvloop, which serves; its look-ups are made in threads, a few at a time."""
    logged: list[str] = []

    async def give_up() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: logged.append(context["message"]))
        probes = [asyncio.create_task(readiness._connect(f"mail{n}.invalid", 25)) for n in range(2)]
        await asyncio.sleep(0)
        for probe in probes:
            probe.cancel()
        await asyncio.gather(*probes, return_exceptions=True)
        for n in range(2):
            with contextlib.suppress(socket.gaierror):
                await loop.getaddrinfo(f"mail{n}.invalid", 25)
        gc.collect()

    uvloop.run(give_up())
    assert logged == []


async def test_an_unknown_path_is_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nothing/here")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404
