"""Guessing the operators' token: each network has few tries, all together not many more."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import httpx
import pytest

from service.configuration import settings as settings_module
from service.rate_limit import TOKEN_TRIES
from tests.conftest import client_of
from tests.integration.web.operating import BEARER, TOKEN, csrf, sign_in

pytestmark = pytest.mark.slow

Try = Callable[[httpx.AsyncClient, str, str], Coroutine[Any, Any, httpx.Response]]

BEHIND = {"ALERTS_TRUSTED_PROXIES": "127.0.0.0/8"}
AWAY = BEHIND | {"ALERTS_REDIS_URL": "redis://127.0.0.1:1"}
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.1"


async def by_bearer(client: httpx.AsyncClient, token: str, address: str) -> httpx.Response:
    headers = {"authorization": "Bearer " + token, "x-forwarded-for": address}
    return await client.get("/v1/admin/terms", headers=headers)


async def by_sign_in(client: httpx.AsyncClient, token: str, address: str) -> httpx.Response:
    return await client.post("/admin/sign-in", data={"token": token}, headers={"x-forwarded-for": address})


async def by_feedback(client: httpx.AsyncClient, token: str, address: str) -> httpx.Response:
    headers = {
        "authorization": "Bearer " + token,
        "x-forwarded-for": address,
        "content-type": "message/rfc822",
    }
    return await client.post("/v1/feedback", content=b"Subject: x\r\n\r\n", headers=headers)


DOORS: dict[str, Try] = {"bearer": by_bearer, "sign-in": by_sign_in, "feedback": by_feedback}


@pytest.fixture
async def client(environ: dict[str, str], request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    settings = settings_module.read(environ | getattr(request, "param", BEHIND))
    async with client_of(settings) as http:
        yield http


async def wrong(client: httpx.AsyncClient, attempt: Try, number: int, address: str = HOME) -> list[int]:
    answers = await asyncio.gather(
        *(attempt(client, f"wrong-admin-token-{n}", address) for n in range(number))
    )
    return sorted(answer.status_code for answer in answers)


@pytest.mark.parametrize("client", [BEHIND, AWAY], indirect=True, ids=["redis", "redis away"])
@pytest.mark.parametrize("door", DOORS)
async def test_300_concurrent_wrong_tokens_are_not_all_answered(client: httpx.AsyncClient, door: str) -> None:
    assert await wrong(client, DOORS[door], 300) == [401] * TOKEN_TRIES + [429] * (300 - TOKEN_TRIES)
    for name, attempt in DOORS.items():
        refused = await attempt(client, TOKEN, HOME)
        assert refused.status_code == 429, name
        assert 1 <= int(refused.headers["retry-after"]) <= 600
        assert (await attempt(client, TOKEN, ELSEWHERE)).status_code in (200, 202, 303), name
    refused = await by_bearer(client, TOKEN, HOME)
    assert refused.json()["title"] == "Too Many Requests"
    page = (await by_sign_in(client, TOKEN, HOME)).text
    assert "Too many wrong tokens" in page
    assert 'id="token"' in page


async def test_an_open_session_continues_while_tokens_are_guessed(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    assert 429 in await wrong(client, by_sign_in, 100, HOME)
    assert 429 in await wrong(client, by_sign_in, 100, "127.0.0.1")
    assert "At a glance" in (await client.get("/admin")).text
    fields = await csrf(client)
    assert (await client.post("/admin/search", data=fields | {"email": "a@example.org"})).status_code == 200


async def test_many_networks_together_are_limited_but_not_one_that_knows_the_token(
    client: httpx.AsyncClient,
) -> None:
    assert (await by_bearer(client, TOKEN, HOME)).status_code == 200
    attackers = [f"203.0.{n}.1" for n in range(10)]
    statuses = [
        status for attacker in attackers for status in await wrong(client, by_bearer, TOKEN_TRIES, attacker)
    ]
    assert statuses.count(401) == 200
    assert statuses[-TOKEN_TRIES:] == [429] * TOKEN_TRIES
    refused = await by_bearer(client, TOKEN, ELSEWHERE)
    assert (refused.status_code, int(refused.headers["retry-after"]) <= 600) == (429, True)
    assert (await by_bearer(client, TOKEN, HOME)).status_code == 200
    assert (await by_sign_in(client, TOKEN, HOME)).status_code == 303


async def test_one_network_cannot_use_up_the_tries_of_all(client: httpx.AsyncClient) -> None:
    await wrong(client, by_bearer, 400)
    assert (await by_bearer(client, TOKEN, ELSEWHERE)).status_code == 200
    assert await wrong(client, by_bearer, 3, ELSEWHERE) == [401] * 3


async def test_a_request_without_a_token_does_not_count(client: httpx.AsyncClient) -> None:
    answers = [await client.get("/v1/admin/terms") for _ in range(TOKEN_TRIES + 5)]
    answers += [await client.post("/admin/sign-in", data={"token": ""}) for _ in range(TOKEN_TRIES + 5)]
    assert {answer.status_code for answer in answers} == {401}
    assert (await client.get("/v1/admin/terms", headers=BEARER)).status_code == 200


async def test_no_log_line_holds_a_token_that_was_tried(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await wrong(client, by_bearer, TOKEN_TRIES + 1)
    logged = "".join(capsys.readouterr())
    assert "token_refused" in logged
    assert "token_tries_limited" in logged
    assert "wrong-admin-token" not in logged
    assert HOME not in logged
