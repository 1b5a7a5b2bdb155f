"""Operators' routes need the token, and refuse every other request in the same way."""

from typing import Any

import httpx
import pytest

from service.system import System
from tests.integration.web.operating import ALICE, BEARER, ROUTES, TOKEN, everything

WRONG = {
    "no token": {},
    "a wrong token": {"authorization": "Bearer wrong-admin-token-1"},
    "a longer token": {"authorization": BEARER["authorization"] + "x"},
    "a token beyond ASCII": {
        "authorization": "Bearer test-admin-tokén-1234".encode("latin-1").decode("latin-1")
    },
    "another scheme": {"authorization": BEARER["authorization"].replace("Bearer", "Basic")},
    "the bare token": {"authorization": BEARER["authorization"].split()[1]},
    "a cookie": {"cookie": "operators=test-admin-token-1234"},
}


@pytest.mark.parametrize("headers", WRONG.values(), ids=WRONG)
async def test_every_route_refuses_a_request_without_the_token(
    client: httpx.AsyncClient, system: System, headers: dict[str, str]
) -> None:
    before = await everything(system)
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    for method, path, body in ROUTES:
        answer = await client.request(method, path, json=body, headers=raw)
        assert answer.status_code == 401, (method, path)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["status"] == 401
    assert await everything(system) == before


async def test_a_request_without_the_token_is_not_parsed(client: httpx.AsyncClient) -> None:
    answers = [
        await client.post("/v1/admin/terms", content=b"{"),
        await client.get("/v1/admin/runs/no-number"),
        await client.get("/v1/admin/events?state=nonsense"),
    ]
    assert [answer.status_code for answer in answers] == [401, 404, 401]


@pytest.mark.slow
async def test_the_token_opens_every_route(client: httpx.AsyncClient) -> None:
    for method, path, body in ROUTES:
        answer = await client.request(method, path, json=body, headers=BEARER)
        assert answer.status_code in (200, 404), (method, path, answer.text)
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.slow
async def test_no_log_line_holds_an_address_or_the_token(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    for method, path, body in ROUTES:
        await client.request(method, path, json=body, headers=BEARER)
    await client.post("/v1/admin/suppressions/lift", json={"email": ALICE}, headers=BEARER)
    await client.post("/admin/sign-in", data={"token": TOKEN})
    logged = "".join(capsys.readouterr())
    assert "suppression_lifted" in logged
    assert "signed_in" in logged
    assert ALICE not in logged
    assert TOKEN not in logged


@pytest.mark.slow
async def test_no_get_or_head_changes_a_row(client: httpx.AsyncClient, system: System) -> None:
    before = await everything(system)
    paths = [path for method, path, _ in ROUTES if method == "GET"]
    for path in [*paths, "/admin", "/metrics"]:
        for method in ("GET", "HEAD"):
            await client.request(method, path, headers=BEARER)
    assert await everything(system) == before


async def test_every_route_is_described_and_none_is_missing_above(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    served = {
        (method.upper(), path)
        for path in paths
        if path.startswith("/v1/admin/")
        for method in paths[path]
        if method in ("get", "post")
    }
    routes = [
        (method, path.partition("?")[0].replace("/1", "/{number}"), body) for method, path, body in ROUTES
    ]
    assert served == {(method, path) for method, path, _ in routes}
    for method, path, body in routes:
        operation = paths[path][method.lower()]
        assert operation["summary"]
        assert operation["security"], path
        assert ("requestBody" in operation) == (body is not None)


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("GET", "/v1/admin/events?state=nonsense", None, "state"),
        ("GET", "/v1/admin/runs?state=nonsense", None, "state"),
        ("GET", "/v1/admin/deliveries?state=nonsense", None, "state"),
        ("GET", "/v1/admin/events?limit=0", None, "limit"),
        ("POST", "/v1/admin/events/replay", None, "body"),
        ("POST", "/v1/admin/suppressions", {}, "email"),
        ("POST", "/v1/admin/suppressions", {"email": ALICE, "mail": ALICE}, "mail"),
        ("POST", "/v1/admin/suppressions", {"email": 1}, "email"),
    ],
)
async def test_an_error_names_its_field_as_the_client_does(
    client: httpx.AsyncClient, method: str, path: str, body: dict[str, Any] | None, field: str
) -> None:
    answer = await client.request(method, path, json=body, headers=BEARER)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert len(error["message"]) > len(field) + 2  # a sentence, not the name again
