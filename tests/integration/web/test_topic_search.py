"""GET /v1/topics: names for a search field, for any text, within the limit of a network."""

import httpx
import pytest

from service.configuration.settings import read
from service.system import System
from tests import events
from tests.conftest import client_of
from tests.integration.privacy import cast
from tests.integration.web.preferring import error_at, link
from tests.integration.web.signing_up import LEUKEMIA, add_condition
from workers.ingest.events import ingest_events

ODD = ["\0", "leuk\0", "\x1f", "\ud83e", "\u202eleuk", "%", "_", "\\", "'", '"', "x" * 20_000, "a b " * 900]


async def test_ingested_trials_and_conditions_are_found(client: httpx.AsyncClient, system: System) -> None:
    trial = events.upserted("NCT04787263", 1, title="Antibodies against neuroblastoma")
    assert (await events.post(client, trial)).status_code == 202
    await ingest_events(system)
    found = (await client.get("/v1/topics", params={"q": "BLASTOMA antibod"})).json()
    assert found == [
        {"key": "trial:NCT04787263", "name": "Antibodies against neuroblastoma", "kind": "trial"}
    ]
    known = trial["data"]["conditions"][0]
    named = (await client.get("/v1/topics", params={"q": known["name"][1:]})).json()
    assert [topic["key"] for topic in named] == ["condition:" + known["id"]]


@pytest.mark.parametrize("query", ODD, ids=ascii)
async def test_unusual_texts_are_searched_like_any_other(client: httpx.AsyncClient, query: str) -> None:
    text = query.encode("utf-8", "replace").decode()
    answer = await client.get("/v1/topics", params={"q": text})
    assert answer.status_code == 200
    assert isinstance(answer.json(), list)


@pytest.mark.parametrize("query", ["%00", "leuk%00", "%FF", "%ZZ", "%", "%ED%A0%BE", "%C0%80", "%E2%80%AEa"])
async def test_unusual_encodings_are_searched_like_any_other(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/v1/topics?q={query}")).status_code == 200


async def test_searches_of_one_network_are_limited_with_retry_after(
    environ: dict[str, str], system: System
) -> None:
    await add_condition(system.database, LEUKEMIA, "leukemia")
    alice = await cast.follower(system)
    environ |= {"ALERTS_SEARCH_LIMIT": "3", "ALERTS_TRUSTED_PROXIES": "127.0.0.0/8"}
    async with client_of(read(environ)) as client:
        for _ in range(3):
            assert (await client.get("/v1/topics?q=leuk")).status_code == 200
        refused = await client.get("/v1/topics?q=leuk")
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 600
        assert refused.headers["content-type"] == "application/problem+json"
        on_page = await client.post(link(system, alice) + "/follow", data={"do": "search", "q": "leuk"})
        assert on_page.status_code == 429
        assert "Too many searches" in error_at(on_page.text, "q")
        elsewhere = {"x-forwarded-for": "203.0.113.9"}
        assert (await client.get("/v1/topics?q=leuk", headers=elsewhere)).status_code == 200
