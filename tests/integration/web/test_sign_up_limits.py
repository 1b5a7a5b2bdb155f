"""Sign-ups beyond a limit: of a network, of all, with a proof of work, and while Redis is away."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine
from litestar import Litestar

from service import rate_limit
from service.store.sql import tables as t
from service.system import System
from service.web.site import challenge
from tests.conftest import serving
from tests.integration.web.signing_up import (
    post,
    publish_terms,
    rows,
    sign_up,
    solved,
)


@pytest.fixture(autouse=True)
async def world(system: System) -> None:
    await publish_terms(system.database)


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(app) as http:
        yield http


LIMITED = {"ALERTS_SIGNUP_LIMIT": "3"}


@pytest.mark.slow
@pytest.mark.parametrize("app", [LIMITED], indirect=True)
async def test_a_network_over_its_limit_gets_429_without_a_proof_of_work(
    client: httpx.AsyncClient,
) -> None:
    for _ in range(3):
        assert (await post(client)).status_code == 202
        asked = (await client.get("/v1/challenge")).json()
    assert asked["required"] is True
    refused = await post(client)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 600
    assert (await post(client, challenge="bm90aGluZw==")).status_code == 429
    page = await client.post("/v1/subscriptions", data=sign_up(accept_terms="on"))
    assert page.status_code == 429
    assert "data-challenge" in page.text
    assert (await post(client, challenge=solved(asked))).status_code == 202
    for _ in range(10):
        last = await post(client, challenge=solved((await client.get("/v1/challenge")).json()))
    assert last.status_code == 429


ALWAYS = {"ALERTS_CHALLENGE": "always"}


@pytest.mark.parametrize("app", [ALWAYS], indirect=True)
async def test_a_proof_of_work_is_accepted_once(client: httpx.AsyncClient, system: System) -> None:
    missing = await post(client)
    assert missing.status_code == 422
    assert [error["field"] for error in missing.json()["errors"]] == ["challenge"]
    proof = solved((await client.get("/v1/challenge")).json())
    assert (await post(client, challenge=proof, email="no address")).status_code == 422
    assert (await post(client, challenge=proof)).status_code == 202
    assert (await post(client, challenge=proof)).status_code == 422
    assert len(await rows(system.database, t.request)) == 1


@pytest.mark.parametrize("app", [ALWAYS], indirect=True)
async def test_a_proof_of_work_altered_late_or_for_another_action_is_none(
    client: httpx.AsyncClient, system: System
) -> None:
    sent = (await client.get("/v1/challenge")).json()
    longer = sent | {"salt": sent["salt"].replace("expires=", "expires=9")}
    foreign = challenge.make(system, "something-else")
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=11)):
        late = challenge.make(system)
    good = json.loads(base64.b64decode(solved(sent)))
    wrong = [
        good | {"number": good["number"] + 1},
        good | {"number": "1"},
        good | {"algorithm": "SHA-1"},
        {"number": 1},
        [],
    ]
    proofs = [base64.b64encode(json.dumps(solution).encode()).decode() for solution in wrong]
    proofs += [solved(foreign), solved(late), "%%%", "AAAA", "é"]
    proofs.append(base64.b64encode(json.dumps(good | {"salt": longer["salt"]}).encode()).decode())
    for proof in proofs:
        assert (await post(client, challenge=proof)).status_code == 422
    assert (await post(client, challenge=solved(sent))).status_code == 202


@pytest.mark.parametrize("app", [LIMITED], indirect=True)
async def test_concurrent_requests_are_counted_one_by_one(client: httpx.AsyncClient, system: System) -> None:
    answers = await asyncio.gather(*(post(client, email=f"person{n}@example.org") for n in range(10)))
    assert sorted(answer.status_code for answer in answers) == [202] * 3 + [429] * 7
    assert len(await rows(system.database, t.request)) == 3
    assert all(0 < int(a.headers["retry-after"]) <= 600 for a in answers if a.status_code == 429)


@pytest.mark.parametrize("app", [{"ALERTS_TRUSTED_PROXIES": "127.0.0.0/8", **LIMITED}], indirect=True)
async def test_concurrent_networks_are_counted_separately(client: httpx.AsyncClient) -> None:
    async def from_(network: int) -> int:
        headers = {"x-forwarded-for": f"192.0.{network}.1"}
        return (await client.post("/v1/subscriptions", json=sign_up(), headers=headers)).status_code

    answers = await asyncio.gather(*(from_(number % 3) for number in range(12)))
    for network in range(3):
        assert sorted(answers[network::3]) == [202, 202, 202, 429]


@pytest.mark.parametrize("app", [{"ALERTS_TRUSTED_PROXIES": "127.0.0.0/8", **LIMITED}], indirect=True)
async def test_networks_are_counted_separately_behind_a_trusted_proxy(client: httpx.AsyncClient) -> None:
    async def from_(address: str) -> int:
        headers = {"x-forwarded-for": "9.9.9.9, " + address}
        return (await client.post("/v1/subscriptions", json=sign_up(), headers=headers)).status_code

    assert [await from_(f"192.0.2.{n}") for n in range(4)] == [202, 202, 202, 429]
    assert await from_("198.51.100.1") == 202
    assert [await from_(f"2001:db8:1:{n}::1") for n in range(4)] == [202, 202, 202, 429]


@pytest.mark.parametrize("app", [{"ALERTS_REDIS_URL": "redis://127.0.0.1:1", **LIMITED}], indirect=True)
async def test_sign_up_works_and_is_limited_while_redis_is_away(
    client: httpx.AsyncClient, system: System
) -> None:
    assert [(await post(client)).status_code for _ in range(4)] == [202, 202, 202, 429]
    assert len(await rows(system.database, t.request)) == 3


async def test_a_proof_of_work_is_required_when_hardly_anybody_confirms(
    client: httpx.AsyncClient, system: System
) -> None:
    await rate_limit.count_hourly(system, "asked", 400)
    assert (await client.get("/v1/challenge")).json()["required"] is True
    assert (await post(client)).status_code == 422
    await rate_limit.count_hourly(system, "confirmed", 100)
    assert (await post(client)).status_code == 202
