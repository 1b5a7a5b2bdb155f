"""Scripts of the website's pages: what browsers ask before they send (preflights), and may then read."""

import httpx
import pytest

WEBSITE = "https://www.example.org"
STRANGER = "https://evil.example"


@pytest.mark.parametrize(
    ("path", "varying"),
    [("/embed.js", "accept-encoding"), ("/v1/form", "accept-language"), ("/subscribe", "accept-language")],
)
@pytest.mark.parametrize("origin", [WEBSITE, STRANGER])
async def test_a_cache_keeps_apart_what_differs_for_a_website_too(
    client: httpx.AsyncClient, path: str, varying: str, origin: str
) -> None:
    answer = await client.get(path, headers={"origin": origin})
    assert {"origin", varying} == set(answer.headers["vary"].lower().split(", "))


async def test_a_preflight_of_the_website_permits_json(client: httpx.AsyncClient) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    answer = await client.options("/v1/subscriptions", headers={"origin": WEBSITE, **asked})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == WEBSITE
    assert "POST" in answer.headers["access-control-allow-methods"].split(", ")
    assert answer.headers["access-control-allow-headers"].lower() == "content-type"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", [STRANGER, "null", f"{WEBSITE}.evil.example"])
async def test_a_preflight_of_a_stranger_is_refused_by_a_problem(
    client: httpx.AsyncClient, origin: str
) -> None:
    asked = {"origin": origin, "access-control-request-method": "POST"}
    answer = await client.options("/v1/subscriptions", headers=asked)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"]) == (400, 400)
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("origin", [WEBSITE, STRANGER])
async def test_options_that_are_no_preflight_are_answered_for_every_origin(
    client: httpx.AsyncClient, origin: str
) -> None:
    asked = {"origin": origin, "webhook-request-origin": "sender.example.com"}
    handshake = await client.options("/v1/events", headers=asked)
    assert handshake.status_code == 200
    assert handshake.headers["webhook-allowed-origin"] == "sender.example.com"
    options = await client.options("/v1/terms", headers={"origin": origin})
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


async def test_a_script_of_the_website_reads_how_long_to_wait(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/terms", headers={"origin": WEBSITE})
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    assert answer.headers["access-control-expose-headers"].lower() == "retry-after"
