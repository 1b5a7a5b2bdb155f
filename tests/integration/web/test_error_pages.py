"""Errors as their readers can use them: a page for people, a problem for programs."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from litestar import Litestar, get
from litestar.params import PathParameter
from sqlalchemy.exc import TimeoutError as NoConnection

from service.configuration.settings import Settings
from service.web.error_pages import prefers_html
from service.web.http.problems import Problem
from tests.conftest import client_of
from tests.integration.web.every_route import routes_of
from tests.integration.web.operating import BEARER
from tests.integration.web.signing_up import sign_up

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@get("/breaks/{how:str}", include_in_schema=False)
async def breaks(how: Annotated[str, PathParameter()]) -> None:
    """Fails in one of the ways that a handler can."""
    failures: dict[str, Exception] = {
        "ours": RuntimeError("secret words"),
        "away": NoConnection("no connection was free"),
        "busy": Problem(429, "Too many requests came.", headers={"Retry-After": "30"}),
        "wrong": Problem(422, "Look again.", errors=[{"field": "a", "message": "<b>is missing</b>"}]),
    }
    raise failures[how]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """No answer here has been to the database: one kind of it is enough."""
    return sqlite_url


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(settings, breaks) as http:
        yield http


CASES: dict[str, tuple[str, str, int]] = {
    "unknown path": ("GET", "/nothing/here", 404),
    "unknown path, posted to": ("POST", "/nothing", 404),
    "an unknown file": ("GET", "/static/nothing.css", 404),
    "a form's address reloaded": ("GET", "/v1/subscriptions", 405),
    "a page's form reloaded": ("GET", "/preferences/x/settings", 405),
    "a dashboard's form reloaded": ("GET", "/admin/sign-in", 405),
    "a method nobody takes": ("DELETE", "/subscribe", 405),
    "a fault of ours": ("GET", "/breaks/ours", 500),
    "the store away": ("GET", "/breaks/away", 503),
    "too many": ("GET", "/breaks/busy", 429),
    "invalid fields": ("GET", "/breaks/wrong", 422),
}


@pytest.mark.parametrize(("method", "path", "status"), CASES.values(), ids=CASES)
async def test_people_get_a_page(client: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    answer = await client.request(method, path, headers={"accept": BROWSER})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert '<html lang="en"' in answer.text
    assert "<h1>" in answer.text
    assert "secret" not in answer.text
    assert "<b>" not in answer.text
    for name in ("cache-control", "content-security-policy", "referrer-policy"):
        assert name in answer.headers


@pytest.mark.parametrize(("method", "path", "status"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "application/json, text/html;q=0.5"])
async def test_programs_get_a_problem(
    client: httpx.AsyncClient, method: str, path: str, status: int, accept: str | None
) -> None:
    if accept is None:
        del client.headers["accept"]
    answer = await client.request(method, path, headers={"accept": accept} if accept else {})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status


async def test_pages_keep_the_headers_for_the_next_request(client: httpx.AsyncClient) -> None:
    busy = await client.get("/breaks/busy", headers={"accept": BROWSER})
    assert busy.headers["retry-after"] == "30"
    away = await client.get("/breaks/away", headers={"accept": BROWSER})
    assert away.headers["retry-after"] == "5"
    wrong = await client.get("/v1/subscriptions", headers={"accept": BROWSER})
    assert "POST" in wrong.headers["allow"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1", 404),
        ("GET", "/v1/events", 405),
        ("GET", "/v1/admin/stats", 401),
    ],
)
async def test_the_api_answers_browsers_with_problems_too(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await client.request(method, path, headers={"accept": BROWSER})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_a_browsers_form_that_is_too_large_gets_a_page(client: httpx.AsyncClient) -> None:
    large = sign_up(return_to="a" * 300_000)
    answer = await client.post("/v1/subscriptions", data=large, headers={"accept": BROWSER})
    assert (answer.status_code, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert "Please go back, shorten it, and send it again." in answer.text
    assert "bytes" not in answer.text
    by_program = await client.post("/v1/subscriptions", json=large, headers={"accept": "*/*"})
    assert by_program.status_code == 413
    assert "262144 bytes" in by_program.json()["detail"]


@pytest.mark.parametrize(
    ("accept", "html"),
    {
        "": False,
        "*/*": False,
        "text/*": False,
        BROWSER: True,
        "TEXT/HTML": True,
        "text/html;q=0": False,
        "text/html;q=x": False,
        "application/json, text/html": False,
        "text/html, application/json": True,
        "application/json;q=0.2, text/html;level=1;q=0.3": True,
        "application/problem+json, text/html;q=0.9": False,
        "application/xhtml+xml": True,
        ";;,,q=": False,
    }.items(),
)
def test_a_preference_for_html_is_read_from_the_accept_header(accept: str, html: bool) -> None:
    assert prefers_html(accept) is html


EVERYTHING: list[Any] = [
    ("GET", "/health/live"), ("GET", "/subscribe"), ("GET", "/static/pages.css"), ("GET", "/embed.js"),
    ("GET", "/openapi.json"), ("GET", "/v1/terms"), ("GET", "/nothing"), ("PUT", "/subscribe"),
    ("OPTIONS", "/v1/subscriptions"), ("POST", "/v1/events"), ("GET", "/metrics"), ("GET", "/breaks/ours"),
    ("GET", "/unsubscribe/token"), ("POST", "/confirm/token"), ("HEAD", "/preferences/token/data"),
    ("DELETE", "/decline/token"), ("OPTIONS", "/digest/token"), ("GET", "/terms/token/more"),
    ("GET", "/breaks/away"), ("GET", "/breaks/busy"), ("POST", "/v1/subscriptions"),
]  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_options_and_405_name_all_methods_of_an_address(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    methods: dict[str, list[str]] = {}
    for route in routes_of(app):
        path = route.filled(dict.fromkeys(route.placeholders, "1"))
        methods.setdefault(path, []).append(route.method)
    assert methods["/confirm/1"] == ["GET", "HEAD", "OPTIONS", "POST"]
    for path, expected in methods.items():
        token = BEARER if path.startswith("/v1/admin/") else {}
        options = await client.request("OPTIONS", path, headers=token)
        refused = await client.request("TRACE", path)
        assert (options.status_code, refused.status_code) == (200 if path == "/v1/events" else 204, 405), path
        with_head = sorted({*expected, "HEAD"} if "GET" in expected else expected)
        assert options.headers["allow"] == refused.headers["allow"] == ", ".join(with_head), path


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
@pytest.mark.parametrize("origin", [None, "https://www.example.org", "https://elsewhere.example"])
async def test_headers_that_stand_on_everything(
    client: httpx.AsyncClient, method: str, path: str, origin: str | None
) -> None:
    answer = await client.request(method, path, headers={"origin": origin} if origin else {})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; ")
    kept = {"/static/pages.css": "no-cache", "/embed.js": "public, max-age=3600"}
    assert answer.headers["cache-control"] == kept.get(path, "no-store")
    assert "origin" in answer.headers["vary"].lower().split(", ")
    assert len(answer.headers.get_list("vary")) == 1
    if origin == "https://www.example.org":
        assert answer.headers["access-control-allow-origin"] in (origin, "*")


@pytest.mark.parametrize("path", ["/v1/terms", "/v1/topics", "/health/live", "/openapi.json", "/subscribe"])
async def test_head_is_answered_as_get_without_the_body(client: httpx.AsyncClient, path: str) -> None:
    got, headed = await client.get(path), await client.head(path)
    assert (headed.status_code, headed.content) == (got.status_code, b"")
    for name in ("content-type", "content-length", "vary", "cache-control"):
        assert headed.headers.get(name) == got.headers.get(name), name
    refused, options = await client.delete(path), await client.options(path)
    for answer in (refused, options):
        assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["allow"].split(", "))
    assert refused.status_code == 405


async def test_head_of_a_post_only_route_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.head("/v1/subscriptions")
    assert (answer.status_code, answer.content) == (405, b"")
    assert "GET" not in answer.headers["allow"]
