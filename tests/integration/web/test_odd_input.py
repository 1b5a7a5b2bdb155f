"""Whatever is sent to whatever route, in a query, a path, a header, a cookie or a body: no answer is a 500.

`make fuzz` sends more of it. What was found that way stands here as a value of its own.
"""

import json
import random
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest

from service.app import create_app
from service.settings import Settings
from service.system import System
from tests.conftest import client_of
from tests.events import BATCH, ONE, signed
from tests.fuzzing import chance
from tests.integration.privacy import cast
from tests.integration.web.every_route import Door, doors, token
from tests.integration.web.operating import BEARER, csrf, sign_in
from tests.integration.web.signing_up import publish_terms, sign_up

#: Values that some part of a web service stumbles over.
ODD = {
    "NUL": "\0",
    "NUL within": "condition:leuk\0emia",
    "controls": "a\x01\x0b\x0c\x1c\x1f\x7f\x85b",
    "line ends": "a\r\nX-Injected: yes\r\n\r\nb",
    "half an emoji": "trial:NCT04787263\ud83e",
    "right to left": "\u202ecod.exe\u2066\u200f",
    "beyond ASCII": "https://www.example.org/пробы?q=страница#ж",
    "a host beyond ASCII": "https://www.exämple.org/",
    "an open bracket": "https://[::1/",
    "a mark and a joiner": "\ufeff\u200d\u0301",
    "beyond the planes": "\U0010ffff\U000e0001",
    "long": "x" * 30_000,
    "long words": "a b " * 3_000,
    "a large number": "9" * 60,
    "a negative number": "-1",
    "not a number": "NaN",
    "wildcards": "%_\\'\";--",
    "an early day": "0001-01-01",
    "a late day": "9999-12-31",
    "no day": "2026-02-30",
}

#: Every field that some form or document has.
FIELDS = """
email topic accept_terms terms_version frequency locale timezone return_to challenge website named
again filters countries only_open kinds age small_changes do subscription hour weekday until
discreet q scope shown version text material pause_at pause_days before limit state reason
asked_by_person token id news confirm said done
""".split()  # noqa: SIM905

#: Forms that are none, or odd ones.
BODIES = {
    "an unknown character set": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="email"\r\nContent-Type: text/plain; charset=x-unknown'
        b"\r\n\r\nalice@example.org\r\n--b--\r\n",
    ),
    "a character set that decodes nothing": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="email"\r\nContent-Type: text/plain; charset=undefined'
        b"\r\n\r\nalice@example.org\r\n--b--\r\n",
    ),
    "a character set of bytes": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="email"\r\nContent-Type: text/plain; charset=hex'
        b"\r\n\r\nalice@example.org\r\n--b--\r\n",
    ),
    "escapes": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="email"\r\nContent-Type: text/plain; '
        b"charset=unicode_escape\r\n\r\n\\ud83e\r\n--b--\r\n",
    ),
    "an odd name": (
        "multipart/form-data; boundary=b",
        b"--b\r\nContent-Disposition: form-data; name*=x-unknown''%ff; filename*=utf-8''%00\r\n\r\na"
        b"\r\n--b--\r\n",
    ),
    "no name": (
        "multipart/form-data; boundary=b",
        b"--b\r\nContent-Disposition: form-data\r\n\r\na\r\n--b--",
    ),
    "a header that is none": ("multipart/form-data; boundary=b", b"--b\r\n\xff\xfe\0\r\n\r\na\r\n--b--\r\n"),
    "no end": ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n"),
    "no boundary": ("multipart/form-data", b"--b--\r\n"),
    "an empty boundary": ("multipart/form-data; boundary=", b"----\r\n"),
    "a file": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="email"; filename="a"\r\n\r\n\xff\0\r\n--b--\r\n',
    ),
    "no UTF-8": ("application/x-www-form-urlencoded", b"email=\xff\xfe&topic=%ED%A0%BE&%FF=%00&=&&;"),
    "bad escapes": ("application/x-www-form-urlencoded", b"email=%&topic=%zz&q=%0&do=%u1234&%=%"),
    "a thousand fields": ("application/x-www-form-urlencoded", b"&".join([b"topic=a"] * 1_001)),
    "half an emoji in JSON": (
        "application/json",
        b'{"email": "\\ud83e", "topic": ["\\udd16"], "text": "\\ud83e"}',
    ),
    "NUL in JSON": ("application/json", b'{"email": "\\u0000", "version": "\\u0000", "text": "\\u0000"}'),
    "a byte order mark": ("application/json", b'\xef\xbb\xbf{"email": "a@b.example", "topic": []}'),
    "no UTF-8 in JSON": ("application/json", b'{"email": "\xff"}'),
    "nested JSON": ("application/json", b"[" * 50_000),
    "nested objects": ("application/json", b'{"filters":' * 5_000 + b"1" + b"}" * 5_000),
    "a list": ("application/json", b"[1, null]"),
    "null": ("application/json", b"null"),
    "a long number": ("application/json", b'{"email": 1e999, "topic": ' + b"9" * 5_000 + b"}"),
    "an odd media type": ("application/json; charset=x-unknown", b"{}"),
    "an odder media type": ("text/\xff; =;;", b"{}"),
}

PATHS = [
    "%00",
    "%FF",
    "%ZZ",
    "%",
    "%C0%80",
    "%ED%A0%BE",
    "..%2f..%2fapp.py",
    "x" * 20_000,
    "-1",
    "9" * 40,
    "%0A%0D",
]


@pytest.fixture
async def alice(system: System) -> int:
    return await cast.follower(system)


@pytest.fixture
async def http(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(settings) as client:
        client.headers.update(BEARER)
        await sign_in(client)
        yield client


@pytest.fixture
def every_door(settings: Settings) -> list[Door]:
    found = list(doors(create_app(settings)))
    assert len(found) > 60
    return found


def _path(door: Door, system: System, alice: int, **odd: str) -> str:
    values = dict.fromkeys(door.placeholders, "1")
    if "token" in values:
        values["token"] = token(system, door.path, alice, cast.ALICE)
    return door.filled(values | odd)


async def _ask(http: httpx.AsyncClient, method: str, path: str, **request: Any) -> None:
    answer = await http.request(method, path, **request)
    assert answer.status_code < 500, (method, path[:200], answer.status_code, answer.text[:300])
    assert "x-injected" not in answer.headers


def _bodies(value: str, hidden: dict[str, str]) -> Iterator[dict[str, Any]]:
    """All fields with one value: as JSON, in its texts and lists, urlencoded and multipart."""
    octets = value.encode("utf-8", "surrogatepass")
    document: dict[str, Any] = dict.fromkeys(FIELDS, value) | hidden
    yield {"content": json.dumps(document).encode(), "headers": {"content-type": "application/json"}}
    nested = {name: [value, {value: value}, None, 1e300] for name in FIELDS}
    yield {"content": json.dumps(nested).encode(), "headers": {"content-type": "application/json"}}
    yield {"content": json.dumps({"email": value}).encode(), "headers": {"content-type": "application/json"}}
    fields = "&".join(f"{name}={quote_plus(octets)}" for name in FIELDS)
    token_field = "".join(f"&{name}={text}" for name, text in hidden.items())
    form = {"content-type": "application/x-www-form-urlencoded"}
    yield {"content": (fields + token_field).encode(), "headers": form}
    for action in ("follow", "search", "save", "unfollow", "confirm", "decline", "pause", "resume"):
        yield {"content": (fields + token_field + f"&do={action}").encode(), "headers": form}
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
    http: httpx.AsyncClient, every_door: list[Door], system: System, alice: int
) -> None:
    hidden = await csrf(http)
    bodies = [body for value in ODD.values() for body in _bodies(value, hidden)]
    for door in every_door:
        if door.method != "POST" or "sign-out" in door.path or "erase" in door.path:
            continue
        by_action = "/settings" in door.path or "{token}" in door.path
        for request in bodies:
            if by_action or b"&do=" not in request["content"]:
                await _ask(http, "POST", _path(door, system, alice), **request)


@pytest.mark.parametrize("name", BODIES)
async def test_no_body_at_any_route_is_answered_500(
    http: httpx.AsyncClient, every_door: list[Door], system: System, alice: int, name: str
) -> None:
    media, body = BODIES[name]
    headers = {"content-type": media.encode("latin-1")}
    for door in every_door:
        if door.method in ("POST", "DELETE", "PUT", "PATCH") and "sign-out" not in door.path:
            await _ask(http, door.method, _path(door, system, alice), content=body, headers=headers)


async def test_no_text_in_any_query_is_answered_500(
    http: httpx.AsyncClient, every_door: list[Door], system: System, alice: int
) -> None:
    odd = [quote(value.encode("utf-8", "surrogatepass"))[:30_000] for value in ODD.values()]
    for door in every_door:
        if door.method == "GET":
            for value in (*odd, "%", "%zz", "%FF", "%C0%80", "a=b=c", "&&"):
                query = "&".join(
                    f"{name}={value}" for name in FIELDS if len(value) < 1_000 or name in "q topic"
                )
                await _ask(http, "GET", f"{_path(door, system, alice)}?{query}")


async def test_no_path_is_answered_500(
    http: httpx.AsyncClient, every_door: list[Door], system: System, alice: int
) -> None:
    for door in every_door:
        for odd in PATHS:
            for name in door.placeholders:
                await _ask(http, door.method, _path(door, system, alice, **{name: odd}))
    for odd in PATHS:
        for start in ("/", "/static/", "/preferences/", "/admin/", "/v1/", "/embed.js/"):
            await _ask(http, "GET", start + odd)


HEADERS = """
accept accept-language accept-encoding origin referer user-agent x-forwarded-for forwarded content-
length cookie authorization host content-encoding if-none-match range webhook-id webhook-timestamp
webhook-signature access-control-request-method access-control-request-headers x-forwarded-proto
""".split()  # noqa: SIM905
VALUES = [
    b"",
    b"\xff\xfe\0",
    b';;=,,"',
    b"x" * 20_000,
    b"-1",
    "Ж".encode(),
    b"a\x0b\x0c\x1c",
    b"9" * 400,
    b"Bearer ",
    b"*",
]


async def test_no_header_is_answered_500(
    http: httpx.AsyncClient, every_door: list[Door], system: System, alice: int
) -> None:
    for door in every_door:
        if "sign-out" in door.path or "erase" in door.path:
            continue
        for name in HEADERS:
            value = random.Random(door.path + name).choice(VALUES)
            headers = [(name.encode(), value)]
            await _ask(http, door.method, _path(door, system, alice), headers=headers)


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
    http: httpx.AsyncClient, every_door: list[Door], system: System, alice: int
) -> None:
    dice, times = chance(300)
    pieces = [*ODD.values(), *(chr(code) for code in (*range(0x100), 0x2028, 0xD800, 0xFFFF, 0x1F916))]
    hidden = await csrf(http)

    def text() -> str:
        return "".join(dice.choice(pieces)[:300] for _ in range(dice.randint(0, 4)))

    for _ in range(times):
        door = dice.choice(every_door)
        if "sign-out" in door.path or "erase" in door.path:
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
        path = _path(door, system, alice) + "?" + form.decode()[:4_000]
        headers = {"content-type": media}
        await _ask(http, door.method, path, content=bodies[media], headers=headers)
