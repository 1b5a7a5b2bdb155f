"""Visitors behind a proxy: counted by their own network; of a proxy that is not trusted operators learn."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from service.app import create_app
from service.cli import doctor
from service.configuration import settings as settings_module
from service.system import System
from service.web.http import proxy_warnings
from tests.conftest import client_of
from tests.integration.web.signing_up import publish_terms, sign_up
from tests.waiting import until

pytestmark = pytest.mark.slow

LIMITED = {"ALERTS_SIGNUP_LIMIT": "3"}
BEHIND = LIMITED | {"ALERTS_TRUSTED_PROXIES": "127.0.0.0/8"}
FORGED = "203.0.113.{}"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite: the sender of a request does not depend on the kind of database."""
    return sqlite_url


@pytest.fixture(autouse=True)
async def world(system: System) -> None:
    await publish_terms(system.database)


@pytest.fixture
async def app(environ: dict[str, str], request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    settings = settings_module.read(environ | getattr(request, "param", BEHIND))
    async with client_of(settings) as client:
        yield client


async def statuses(client: httpx.AsyncClient, *headers: list[tuple[str, str]]) -> list[int]:
    answers = [await client.post("/v1/subscriptions", json=sign_up(), headers=sent) for sent in headers]
    return [answer.status_code for answer in answers]


FROM_ONE_CLIENT: dict[str, list[tuple[str, str]]] = {
    "a line of its own": [("x-forwarded-for", FORGED), ("x-forwarded-for", "192.0.2.1")],
    "one line": [("x-forwarded-for", FORGED + ", 192.0.2.1")],
    "a port": [("x-forwarded-for", FORGED + ", 192.0.2.1:1{}")],
    "a mapped address": [("x-forwarded-for", FORGED), ("x-forwarded-for", "::ffff:192.0.2.1")],
    "Forwarded": [("forwarded", "for=" + FORGED), ("forwarded", "for=192.0.2.1;proto=https")],
    "Forwarded with an open quote": [("forwarded", 'for="' + FORGED + ', for="192.0.2.1:1{}"')],
    "the other header": [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=" + FORGED)],
    "the other header again": [("forwarded", "for=192.0.2.1"), ("x-forwarded-for", FORGED)],
    "garbage": [("x-forwarded-for", FORGED + ", nonsense{}")],
}


@pytest.mark.parametrize("name", FROM_ONE_CLIENT)
async def test_a_client_is_counted_by_its_network_despite_forged_headers(
    app: httpx.AsyncClient, name: str
) -> None:
    sent = [[(key, value.replace("{}", str(n))) for key, value in FROM_ONE_CLIENT[name]] for n in range(4)]
    assert await statuses(app, *sent) == [202, 202, 202, 429]


MANY_CLIENTS: dict[str, tuple[str, str]] = {
    "ports": ("x-forwarded-for", "192.0.{}.1:4711"),
    "brackets": ("x-forwarded-for", "[2001:db8:{}::1]:4711"),
    "mapped": ("x-forwarded-for", "::ffff:192.0.{}.1"),
    "Forwarded": ("forwarded", 'for="[2001:db8:{}::1]:4711";proto=https'),
    "after garbage": ("x-forwarded-for", "unknown, 192.0.{}.1"),
}


@pytest.mark.parametrize("name", MANY_CLIENTS)
async def test_visitors_do_not_share_a_limit_under_any_notation_of_a_proxy(
    app: httpx.AsyncClient, name: str
) -> None:
    key, value = MANY_CLIENTS[name]
    assert await statuses(app, *([(key, value.replace("{}", str(n)))] for n in range(6))) == [202] * 6


async def verdict(environ: dict[str, str], **changed: str) -> doctor.CheckResult:
    async for name, found in doctor.checks(environ | changed):
        if name == "proxies":
            return found
    raise AssertionError("doctor does not look at proxies")


async def reported(system: System) -> str | None:
    await until(lambda: proxy_warnings.seen(system.redis), "a report")
    return await proxy_warnings.seen(system.redis)


@pytest.mark.parametrize("app", [LIMITED], indirect=True)
@pytest.mark.parametrize("header", [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")])
async def test_a_proxy_that_is_not_trusted_is_in_the_log_and_doctor_names_it(
    app: httpx.AsyncClient,
    system: System,
    environ: dict[str, str],
    header: tuple[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert (await verdict(environ)).ok
    for _ in range(3):
        await app.get("/v1/challenge", headers=[header])
    assert await reported(system) == "127.0.0.0/24"
    logged = "".join(capsys.readouterr())
    assert logged.count("proxy_not_trusted") == 1
    assert "192.0.2" not in logged
    found = await verdict(environ)
    assert not found.ok
    assert "127.0.0.0/24" in found.text
    assert "ALERTS_TRUSTED_PROXIES" in found.advice


async def test_a_proxy_that_is_trusted_is_no_trouble(
    app: httpx.AsyncClient, system: System, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    await app.get("/v1/challenge", headers={"x-forwarded-for": "192.0.2.1"})
    assert "proxy_not_trusted" not in "".join(capsys.readouterr())
    assert await proxy_warnings.seen(system.redis) is None
    assert (await verdict(environ | BEHIND, ALERTS_PUBLIC_URL="https://alerts.example.org")).ok


async def test_a_stranger_s_header_proves_no_proxy(environ: dict[str, str], system: System) -> None:
    asgi: Any = create_app(settings_module.read(environ))
    async with asgi.lifespan():
        transport = httpx.ASGITransport(app=asgi, client=("203.0.113.9", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver.local") as client:
            await client.get("/v1/challenge", headers={"x-forwarded-for": "192.0.2.1"})
        await asyncio.sleep(0.1)
    assert await proxy_warnings.seen(system.redis) is None


async def test_an_https_address_without_a_named_proxy_is_a_finding(environ: dict[str, str]) -> None:
    found = await verdict(environ, ALERTS_PUBLIC_URL="https://alerts.example.org")
    assert not found.ok
    assert "ALERTS_TRUSTED_PROXIES" in found.advice
