"""While the database is away or refuses to write: 503 with Retry-After on every route, never 500."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from service.configuration.settings import Settings
from service.crypto.webhook_signatures import sign
from service.system import System
from service.web.api.event_bodies import ONE
from tests.conftest import app_of, serving
from tests.events import upserted
from tests.integration.web.operating import BEARER, ROUTES, sign_in
from tests.integration.web.signing_up import TRIAL, post, publish_terms, sign_up
from tests.integration.web.test_pages_read_only import filled, valid_values
from tests.unwritable import read_only

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]

Broken = Callable[[AsyncEngine], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def away(database: AsyncEngine) -> AsyncIterator[None]:
    """No connection can be opened."""

    def refuse(*_: Any) -> None:
        raise ConnectionRefusedError

    await database.dispose()
    event.listen(database.sync_engine, "do_connect", refuse)
    yield
    event.remove(database.sync_engine, "do_connect", refuse)


@pytest.fixture
def app(settings: Settings) -> Iterator[Litestar]:
    with app_of(settings) as app:
        yield app


def posts(app: Litestar, values: dict[str, str]) -> list[str]:
    """Every route that takes a POST."""
    routes = (route for route in app.routes if isinstance(route, HTTPRoute) and "POST" in route.methods)
    return sorted(filled(route.path_format, values) for route in routes)


def signed(settings: Settings) -> dict[str, Any]:
    """An event as the ingestor sends it."""
    body = json.dumps(upserted(TRIAL.removeprefix("trial:"), 1)).encode()
    headers = sign(settings.webhook_secrets[0], "msg_1", datetime.now(UTC), body)
    return {"content": body, "headers": headers | {"content-type": ONE}}


async def test_the_dashboard_names_the_fault_its_effect_and_the_remedy(
    app: Litestar, settings: Settings, system: System
) -> None:
    html = {"accept": "text/html"}
    async with serving(app) as client:
        async with away(app.state.system.database):
            strangers = await client.get("/admin/runs", headers=html)
        await sign_in(client)
        async with away(app.state.system.database):
            operators = await client.get("/admin", headers=html)
            program = await client.get("/admin")
    assert (strangers.status_code, operators.status_code, program.status_code) == (200, 503, 503)
    assert 'action="/admin/sign-in"' in strangers.text
    assert "<h1>The database is away: connection refused: nothing listens there</h1>" in operators.text
    assert "Nobody can sign up, confirm or unsubscribe" in operators.text
    assert "ALERTS_DATABASE_URL" in operators.text
    assert operators.headers["retry-after"] == "5"
    assert program.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("broken", [read_only, away])
async def test_every_route_reports_an_unavailable_store_and_none_fails(
    app: Litestar, settings: Settings, system: System, broken: Broken
) -> None:
    await publish_terms(system.database)
    values = await valid_values(system)
    async with serving(app) as client:
        await sign_in(client)
        async with broken(app.state.system.database):
            answers = [
                await post(client),
                await client.post("/v1/subscriptions", data=sign_up(accept_terms="yes")),
                await client.post("/v1/events", **signed(settings)),
                await client.post(filled("/unsubscribe/{token}", values), data={"scope": "all"}),
            ]
            for answer in answers:
                assert answer.status_code == 503, (answer.request.url, answer.text)
            for method, path, body in ROUTES:
                answers.append(await client.request(method, path, json=body, headers=BEARER))
            for path in posts(app, values):
                answers.append(await client.post(path, data={"email": "carol@example.org"}, headers=BEARER))
            for path in ("/subscribe", "/v1/terms", "/v1/topics?q=leuk", filled("/confirm/{token}", values)):
                answers.append(await client.get(path))
            for answer in answers:
                where = (answer.request.method, answer.request.url.path, answer.status_code)
                assert answer.status_code < 500 or answer.status_code == 503, where
                assert answer.status_code != 503 or "retry-after" in answer.headers, where
        for _ in range(6):  # sessions of before are found out one by one
            answer = await post(client)
        assert answer.status_code == 202


async def test_a_metric_reports_an_unavailable_database(app: Litestar) -> None:
    async with serving(app) as client, away(app.state.system.database):
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert 'trial_alerts_dependency_up{dependency="database"} 0.0' in answer.text
