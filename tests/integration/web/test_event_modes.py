"""The forms in which an event may arrive: binary mode, compressed, base64, Svix's headers; the handshake."""

import base64
import gzip
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from service.web.api.event_bodies import LARGEST_BODY
from tests.events import BATCH, ONE, signed, upserted
from workers.ingest.events import ingest_events

TRIAL = "NCT00000001"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite: the answers do not depend on the kind of database."""
    return sqlite_url


async def send(client: httpx.AsyncClient, body: bytes, **headers: str | None) -> httpx.Response:
    return await client.post("/v1/events", content=body, headers=signed(body, **headers))


def binary(event: dict[str, Any], **headers: str | None) -> tuple[bytes, dict[str, str | None]]:
    """The body and headers of an event in binary mode."""
    attributes = {f"ce_{name}": value for name, value in event.items() if name != "data"}
    return json.dumps(event["data"]).encode(), {"content_type": "application/json"} | attributes | headers


async def titles(system: System) -> list[str]:
    """The titles of the trials, after the events have been processed."""
    await ingest_events(system)
    async with reading(system.database) as connection:
        rows = (await connection.execute(select(t.trial.c.snapshot).order_by(t.trial.c.nct_id))).scalars()
        return [json.loads(row)["title"] for row in rows]


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "application/x.trial+json", None]
)
async def test_an_event_in_binary_mode(
    client: httpx.AsyncClient, system: System, content_type: str | None
) -> None:
    body, headers = binary(upserted(TRIAL, 3, title="Étude"), content_type=content_type)
    answer = await send(client, body, **headers)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "duplicates": 0, "ignored": 0})
    assert await titles(system) == ["Étude"]
    async with reading(system.database) as connection:
        row = (await connection.execute(select(t.event))).one()
    assert (row.subject, row.revision, row.source) == (TRIAL, 3, "https://ingest.example.org")
    assert row.observed_at == datetime(2026, 7, 1, 8, tzinfo=UTC)


async def test_the_same_event_in_two_modes_is_one(client: httpx.AsyncClient, system: System) -> None:
    event = upserted(TRIAL, 1)
    body, headers = binary(event)
    assert (await send(client, json.dumps(event).encode(), content_type=ONE)).json()["accepted"] == 1
    assert (await send(client, body, **headers)).json() == {"accepted": 0, "duplicates": 1, "ignored": 0}


async def test_attributes_are_unquoted_and_percent_decoded(client: httpx.AsyncClient, system: System) -> None:
    body, headers = binary(upserted(TRIAL, 1), ce_source='"ingest \\"A\\""', ce_id="Euro%20%E2%82%AC")
    assert (await send(client, body, **headers)).status_code == 202
    async with reading(system.database) as connection:
        row = (await connection.execute(select(t.event))).one()
    assert (row.source, row.event_id) == ('ingest "A"', "Euro €")


@pytest.mark.parametrize(
    ("change", "body", "status"),
    [
        ({"ce_specversion": None}, None, 400),
        ({"ce_specversion": "0.3"}, None, 400),
        ({"ce_id": None}, None, 400),
        ({"ce_id": "%C3"}, None, 400),
        ({"ce_time": "yesterday"}, None, 400),
        ({}, b"{", 400),
        ({}, b"", 422),
        ({}, b"[]", 422),
        ({"ce_subject": "NCT00000009"}, None, 422),
        ({"content_type": "text/plain"}, None, 415),
        ({"content_type": "application/cloudevents+avro"}, None, 415),
        ({"ce_type": "trial.praised", "content_type": "image/png"}, b"\x89PNG", 202),
        ({"ce_data": "{}", "ce_data_base64": "e30="}, None, 202),
    ],
)
async def test_invalid_events_in_binary_mode_are_refused(
    client: httpx.AsyncClient, change: dict[str, str | None], body: bytes | None, status: int
) -> None:
    good, headers = binary(upserted(TRIAL, 1))
    answer = await send(client, good if body is None else body, **(headers | change))
    assert answer.status_code == status, answer.text


async def test_svix_headers_are_synonyms(client: httpx.AsyncClient, system: System) -> None:
    body = json.dumps(upserted(TRIAL, 1)).encode()
    headers = {name.replace("webhook-", "svix-"): value for name, value in signed(body).items()}
    for status in (202, 401):
        answer = await client.post("/v1/events", content=body, headers=headers | {"content-type": ONE})
        assert answer.status_code == status
        body += b" "
    assert len(await titles(system)) == 1


@pytest.mark.parametrize("signs_what_is_sent", [True, False])
async def test_a_compressed_batch(
    client: httpx.AsyncClient, system: System, signs_what_is_sent: bool
) -> None:
    body = json.dumps([upserted(f"NCT0000000{n}", 1) for n in range(9)]).encode()
    packed = gzip.compress(body)
    headers = signed(packed if signs_what_is_sent else body, content_encoding="gzip")
    answer = await client.post("/v1/events", content=packed, headers=headers)
    assert (answer.status_code, answer.json()["accepted"]) == (202, 9)
    assert len(await titles(system)) == 9


async def test_a_compressed_event_in_binary_mode(client: httpx.AsyncClient) -> None:
    body, headers = binary(upserted(TRIAL, 1))
    answer = await send(client, gzip.compress(body), content_encoding="GZIP", **headers)
    assert answer.status_code == 202


@pytest.mark.slow
async def test_a_decompressed_body_has_a_limit(client: httpx.AsyncClient) -> None:
    fits = b"[" + b" " * (LARGEST_BODY - 2) + b"]"
    assert (await send(client, gzip.compress(fits), content_encoding="gzip")).status_code == 202
    bomb = gzip.compress(fits + b" ")
    answer = await send(client, bomb, content_encoding="gzip")
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


async def test_an_unsigned_bomb_is_not_unpacked(client: httpx.AsyncClient) -> None:
    bomb = gzip.compress(b" " * LARGEST_BODY)
    answer = await client.post("/v1/events", content=bomb, headers=signed(b"x", content_encoding="gzip"))
    assert answer.status_code == 413
    assert "expands more than 100 times" in answer.json()["detail"]


async def test_a_wrong_signature_of_a_compressed_body_is_refused(client: httpx.AsyncClient) -> None:
    body = gzip.compress(json.dumps([upserted(TRIAL, 1)]).encode())
    answer = await client.post("/v1/events", content=body, headers=signed(b"x", content_encoding="gzip"))
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "coding", "status"),
    [
        (b"[]", "gzip", 400),
        (gzip.compress(b"[]", mtime=0)[:-4], "gzip", 400),
        (gzip.compress(b"[]", mtime=0) + b"more", "gzip", 400),
        (b"[]", "br", 415),
        (b"[]", "gzip, gzip", 415),
        (b"[]", "identity", 202),
    ],
)
async def test_broken_and_unknown_content_codings_are_refused(
    client: httpx.AsyncClient, body: bytes, coding: str, status: int
) -> None:
    answer = await send(client, body, content_encoding=coding)
    assert answer.status_code == status
    assert answer.headers.get("accept-encoding") == ("gzip" if status == 415 else None)


def in_base64(event: dict[str, Any]) -> dict[str, Any]:
    data = base64.b64encode(json.dumps(event["data"]).encode()).decode()
    return {name: value for name, value in event.items() if name != "data"} | {"data_base64": data}


@pytest.mark.parametrize("media", [ONE, BATCH])
async def test_data_in_base64(client: httpx.AsyncClient, system: System, media: str) -> None:
    event = in_base64(upserted(TRIAL, 1, title="Étude"))
    answer = await send(client, json.dumps(event if media == ONE else [event]).encode(), content_type=media)
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1)
    assert await titles(system) == ["Étude"]


@pytest.mark.parametrize("wrong", ["e", 1, None, "e2U=", base64.b64encode(b"\xff").decode()])
async def test_data_in_base64_that_is_none(client: httpx.AsyncClient, wrong: Any) -> None:
    answer = await send(client, json.dumps([in_base64(upserted(TRIAL, 1)) | {"data_base64": wrong}]).encode())
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["index"] == 0


async def test_data_twice_is_refused(client: httpx.AsyncClient) -> None:
    event = upserted(TRIAL, 1)
    assert (await send(client, json.dumps([event | in_base64(event)]).encode())).status_code == 400


@pytest.mark.parametrize(("asked", "rate"), [(None, "*"), ("120", "120"), ("-1", "*"), ("x", "*")])
async def test_the_handshake_of_web_hooks(client: httpx.AsyncClient, asked: str | None, rate: str) -> None:
    headers = {"WebHook-Request-Origin": "eventemitter.example.com"}
    answer = await client.options(
        "/v1/events", headers=headers | ({"WebHook-Request-Rate": asked} if asked else {})
    )
    assert answer.status_code == 200
    assert answer.headers["webhook-allowed-origin"] == "eventemitter.example.com"
    assert answer.headers["webhook-allowed-rate"] == rate
    assert "POST" in answer.headers["allow"]


async def test_options_without_a_handshake_grant_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.options("/v1/events")
    assert (answer.status_code, "POST" in answer.headers["allow"]) == (200, True)
    assert not any(name.startswith("webhook-") for name in answer.headers)
