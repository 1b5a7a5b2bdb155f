"""Random input to every route, in a query, a path, a header, a cookie or a body: no answer is a 500.

`make fuzz` sends more of it. Its findings are examples here.
"""

import gc
import json
import random
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest

from service.configuration.settings import Settings
from service.system import System
from tests.conftest import app_of, client_of
from tests.events import BATCH, ONE, signed
from tests.fuzzing import chance, is_free
from tests.integration.privacy import cast
from tests.integration.web.every_route import Route, routes_of, token
from tests.integration.web.odd_values import ACTIONS, BODIES, FIELDS, HEADERS, ODD, PATHS, VALUES
from tests.integration.web.operating import BEARER, csrf, sign_in
from tests.integration.web.signing_up import publish_terms, sign_up

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]


@pytest.fixture(autouse=True)
def garbage_is_collected_between_tests() -> Iterator[None]:
    """A finalizer that ran at the bottom of deeply nested JSON would itself exceed the recursion limit."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
async def http(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(settings) as client:
        client.headers.update(BEARER)
        await sign_in(client)
        yield client


@pytest.fixture
def all_routes(settings: Settings) -> list[Route]:
    with app_of(settings) as app:
        found = list(routes_of(app))
    assert len(found) > 60
    return found


def _path(route: Route, system: System, alice: int, **odd: str) -> str:
    values = dict.fromkeys(route.placeholders, "1")
    if "token" in values:
        values["token"] = token(system, route.path, alice, cast.ALICE)
    return route.filled(values | odd)


def _is_turn(system: System, number: int, of: int = 2) -> bool:
    """Whether a request is made on this database: SQLite and PostgreSQL take turns, each with one in `of`.

    In `make fuzz` all are.
    """
    first = 0 if system.database.engine.dialect.name == "sqlite" else of // 2
    return is_free() or number % of == first


async def _ask(http: httpx.AsyncClient, method: str, path: str, **request: Any) -> None:
    answer = await http.request(method, path, **request)
    assert answer.status_code < 500, (method, path[:200], answer.status_code, answer.text[:300])
    assert "x-injected" not in answer.headers


def _form(value: str, hidden: dict[str, str], **more: str) -> dict[str, Any]:
    """All fields with one value, urlencoded."""
    octets = value.encode("utf-8", "surrogatepass")
    fields = [f"{name}={quote_plus(octets)}" for name in FIELDS]
    fields += [f"{name}={text}" for name, text in (hidden | more).items()]
    return {
        "content": "&".join(fields).encode(),
        "headers": {"content-type": "application/x-www-form-urlencoded"},
    }


def _bodies(value: str, hidden: dict[str, str]) -> Iterator[dict[str, Any]]:
    """All fields with one value: as JSON, in its texts and lists, urlencoded and multipart."""
    octets = value.encode("utf-8", "surrogatepass")
    document: dict[str, Any] = dict.fromkeys(FIELDS, value) | hidden
    yield {"content": json.dumps(document).encode(), "headers": {"content-type": "application/json"}}
    nested = {name: [value, {value: value}, None, 1e300] for name in FIELDS}
    yield {"content": json.dumps(nested).encode(), "headers": {"content-type": "application/json"}}
    yield {"content": json.dumps({"email": value}).encode(), "headers": {"content-type": "application/json"}}
    yield _form(value, hidden)
    parts = [
        b'--b\r\nContent-Disposition: form-data; name="' + name.encode() + b'"\r\n\r\n' + text + b"\r\n"
        for name, text in [
            *((name, octets) for name in FIELDS),
            *((n, t.encode()) for n, t in hidden.items()),
        ]
    ]
    multipart = {"content-type": "multipart/form-data; boundary=b"}
    yield {"content": b"".join(parts) + b"--b--\r\n", "headers": multipart}


async def test_no_text_in_any_body_is_answered_500(
    http: httpx.AsyncClient, all_routes: list[Route], system: System, alice: int
) -> None:
    """Each route takes each value in one or two kinds of body, and each kind with several values.

    PostgreSQL is sent all that holds NUL, which it does not take.
    """
    hidden = await csrf(http)
    is_postgresql = system.database.dialect.name == "postgresql"
    bodies = [
        ("\0" in value and is_postgresql, body) for value in ODD.values() for body in _bodies(value, hidden)
    ]
    actions = [
        (number + place, _form(value, hidden, do=action))
        for place, value in enumerate(ODD.values())
        for number, action in enumerate(ACTIONS)
    ]
    routes = [route for route in all_routes if route.method == "POST"]
    for turn, route in enumerate(routes):
        if "sign-out" in route.path or "erase" in route.path:
            continue
        for place, (always, request) in enumerate(bodies):
            if always or _is_turn(system, turn + place, of=6):
                await _ask(http, "POST", _path(route, system, alice), **request)
        if "/settings" in route.path or "{token}" in route.path:
            for place, request in actions:
                if _is_turn(system, turn + place, of=6):
                    await _ask(http, "POST", _path(route, system, alice), **request)


@pytest.mark.parametrize("name", BODIES)
async def test_no_body_at_any_route_is_answered_500(
    http: httpx.AsyncClient, all_routes: list[Route], system: System, alice: int, name: str
) -> None:
    media, body = BODIES[name]
    headers = {"content-type": media.encode("latin-1")}
    for route in all_routes:
        if route.method in ("POST", "DELETE", "PUT", "PATCH") and "sign-out" not in route.path:
            await _ask(http, route.method, _path(route, system, alice), content=body, headers=headers)


async def test_no_text_in_any_query_is_answered_500(
    http: httpx.AsyncClient, all_routes: list[Route], system: System, alice: int
) -> None:
    """On each database every other value at each route, NUL on both; in `make fuzz` all."""
    odd = [quote(value.encode("utf-8", "surrogatepass"))[:30_000] for value in ODD.values()]
    for turn, route in enumerate(route for route in all_routes if route.method == "GET"):
        for place, value in enumerate((*odd, "%", "%zz", "%FF", "%C0%80", "a=b=c", "&&")):
            if "%00" in value or _is_turn(system, turn + place):
                query = "&".join(
                    f"{name}={value}" for name in FIELDS if len(value) < 1_000 or name in "q topic"
                )
                await _ask(http, "GET", f"{_path(route, system, alice)}?{query}")


async def test_no_path_is_answered_500(
    http: httpx.AsyncClient, all_routes: list[Route], system: System, alice: int
) -> None:
    for route in all_routes:
        for odd in PATHS:
            for name in route.placeholders:
                await _ask(http, route.method, _path(route, system, alice, **{name: odd}))
    for odd in PATHS:
        for start in ("/", "/static/", "/preferences/", "/admin/", "/v1/", "/embed.js/"):
            await _ask(http, "GET", start + odd)


async def test_no_header_is_answered_500(
    http: httpx.AsyncClient, all_routes: list[Route], system: System, alice: int
) -> None:
    """On each database every other header at each route; in `make fuzz` all."""
    for turn, route in enumerate(all_routes):
        if "sign-out" in route.path or "erase" in route.path:
            continue
        for place, name in enumerate(HEADERS):
            if not _is_turn(system, turn + place):
                continue
            value = random.Random(route.path + name).choice(VALUES)
            headers = [(name.encode(), value)]
            await _ask(http, route.method, _path(route, system, alice), headers=headers)


async def test_no_signed_body_is_answered_500(http: httpx.AsyncClient) -> None:
    bodies = [body for _, body in BODIES.values()]
    for value in ODD.values():
        text = json.dumps(value)
        event = {"specversion": "1.0", "source": value, "id": value, "type": "trial.upserted", "time": value}
        bodies += [json.dumps(event | {"data": value}).encode(), f"[{text}]".encode(), text.encode()]
        named = {"specversion": "1.0", "source": "s", "id": "i", "type": "trial.upserted", "subject": value}
        fields = ("nct_id", "title", "url", "status", "conditions", "locations", "enrollment", "start_date")
        for data in (dict.fromkeys(fields, value), {name: [value] for name in fields}, {value: value}):
            bodies.append(json.dumps(named | {"data": data | {"revision": 1}}).encode())
    for body in bodies:
        for media in (ONE, BATCH):
            await _ask(http, "POST", "/v1/events", content=body, headers=signed(body, content_type=media))


async def test_no_returned_mail_is_answered_500(http: httpx.AsyncClient) -> None:
    headers = {"content-type": "message/rfc822"}
    for value in ODD.values():
        odd = value.encode("utf-8", "surrogatepass")
        head = b"From: a@example.org\r\nTo: " + odd + b"\r\nSubject: " + odd + b"\r\n" + odd + b": " + odd
        report = (
            b"\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
            b"Content-Type: message/delivery-status\r\n\r\n"
            b"A: %b\r\n\r\nAction: failed\r\nStatus: %b\r\n\r\n--b--\r\n" % (odd, odd)
        )
        for raw in (head + b"\r\n\r\n" + odd, head + report, odd):
            await _ask(http, "POST", "/v1/feedback", content=raw, headers=headers)


@pytest.mark.parametrize(
    ("page", "location"),
    [
        ("/проба?q=я#ж", "/%D0%BF%D1%80%D0%BE%D0%B1%D0%B0?q=%D1%8F&subscribed=pending#%D0%B6"),
        ("/a%2Fb?x=%FF&y", "/a%2Fb?x=%FF&y&subscribed=pending"),
        ("/?subscribed=no&z=1", "/?z=1&subscribed=pending"),
        ("", "?subscribed=pending"),
    ],
)
async def test_the_page_to_return_to_may_have_letters_of_any_script(
    http: httpx.AsyncClient, system: System, page: str, location: str
) -> None:
    await publish_terms(system.database)
    fields = sign_up(return_to="https://www.example.org" + page, accept_terms="on")
    answer = await http.post("/v1/subscriptions", data=fields)
    assert answer.status_code == 303
    assert answer.headers["location"] == "https://www.example.org" + location


async def test_random_requests_are_not_answered_500(
    http: httpx.AsyncClient, all_routes: list[Route], system: System, alice: int
) -> None:
    dice, times = chance(300)
    pieces = [*ODD.values(), *(chr(code) for code in (*range(0x100), 0x2028, 0xD800, 0xFFFF, 0x1F916))]
    hidden = await csrf(http)

    def text() -> str:
        return "".join(dice.choice(pieces)[:300] for _ in range(dice.randint(0, 4)))

    for _ in range(times):
        route = dice.choice(all_routes)
        if "sign-out" in route.path or "erase" in route.path:
            continue
        values = {name: text() for name in dice.sample(FIELDS, 6)} | hidden
        octets = {name: value.encode("utf-8", "surrogatepass") for name, value in values.items()}
        form = "&".join(f"{name}={quote_plus(value)}" for name, value in octets.items()).encode()
        bodies = {
            "application/json": json.dumps(values).encode(),
            "application/x-www-form-urlencoded": form,
            "message/rfc822": b"".join(octets.values()),
        }
        media = dice.choice(list(bodies))
        path = _path(route, system, alice) + "?" + form.decode()[:4_000]
        headers = {"content-type": media}
        await _ask(http, route.method, path, content=bodies[media], headers=headers)
