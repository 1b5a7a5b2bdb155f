"""The answers to the ingestor, and the rows stored before them."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import time_machine
from sqlalchemy import select, text

from service.actions import events as actions
from service.crypto.webhook_signatures import sign
from service.store.sql import tables as t
from service.store.sql.database import create_database, reading
from service.system import System
from service.web.api.event_bodies import LARGEST_BODY
from tests.conftest import POSTGRESQL
from tests.events import BATCH, ONE, SECRET, condition, event, merged, post, removed, signed, upserted
from tests.integration.web.sent_events import sent, stored
from tests.waiting import until
from workers.ingest.events import ingest_events

TRIAL = "NCT00000001"


async def test_a_batch_is_stored_before_the_answer(client: httpx.AsyncClient, system: System) -> None:
    good = upserted(TRIAL, 1)
    answer = await post(
        client,
        good,
        good | {"type": "trial.praised"},
        good,
        removed("NCT00000002", 1),
        merged("NCT00000003", 1, "NCT00000004"),
        condition("MONDO:1", "illness", []),
    )
    assert (answer.status_code, answer.json()) == (202, {"accepted": 4, "duplicates": 1, "ignored": 1})
    async with reading(system.database) as connection:
        rows = (await connection.execute(select(t.event).order_by(t.event.c.id))).all()
    assert {row.state for row in rows} == {"received"}
    kept = next(row for row in rows if row.subject == TRIAL)
    assert (kept.revision, kept.observed_at, json.loads(kept.body)) == (
        1,
        datetime(2026, 7, 1, 8, tzinfo=UTC),
        good,
    )
    assert {row.subject: row.revision for row in rows}["MONDO:1"] is None


async def test_a_single_event_is_accepted(client: httpx.AsyncClient, system: System) -> None:
    answer = await sent(client, json.dumps(upserted(TRIAL, 1)).encode(), content_type=ONE + "; charset=utf-8")
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1)
    assert await stored(system) == 1


async def test_an_empty_batch_is_fine(client: httpx.AsyncClient) -> None:
    answer = await post(client)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 0, "duplicates": 0, "ignored": 0})


async def test_accepted_events_wake_the_worker(client: httpx.AsyncClient, system: System) -> None:
    await post(client, upserted(TRIAL, 1))
    await until(system.redis.queued_jobs)
    assert [job.function for job in await system.redis.queued_jobs()] == ["ingest_events"]


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in upserted(TRIAL, 1).items() if name not in names}


NOT_CLOUD_EVENTS = {
    "not json": b"[{",
    "nested beyond reason": b"[" * 200_000,
    "an object for a batch": json.dumps(upserted(TRIAL, 1)).encode(),
    "half a surrogate pair": json.dumps([upserted(TRIAL, 1) | {"id": "\udc00"}]).encode(),
    **{
        name: json.dumps([invalid]).encode()
        for name, invalid in {
            "no object": 1,
            "no specversion": without("specversion"),
            "another specversion": upserted(TRIAL, 1) | {"specversion": "0.3"},
            "no id": without("id"),
            "an empty id": upserted(TRIAL, 1) | {"id": ""},
            "a number for an id": upserted(TRIAL, 1) | {"id": 7},
            "a control character": upserted(TRIAL, 1) | {"id": "a\0b"},
            "an endless id": upserted(TRIAL, 1) | {"id": "é" * 501},
            "no source": without("source"),
            "no type": without("type"),
            "a time without a zone": upserted(TRIAL, 1) | {"time": "2026-07-01T08:00:00"},
            "a day for a time": upserted(TRIAL, 1) | {"time": "2026-07-01"},
            "a number for a time": upserted(TRIAL, 1) | {"time": 1},
            "a time before time": upserted(TRIAL, 1) | {"time": "0001-01-01T00:00:00+14:00"},
            "an empty subject": upserted(TRIAL, 1) | {"subject": ""},
        }.items()
    },
}


@pytest.mark.parametrize("body", NOT_CLOUD_EVENTS.values(), ids=NOT_CLOUD_EVENTS)
async def test_a_body_that_is_no_cloud_event_is_refused(
    client: httpx.AsyncClient, system: System, body: bytes
) -> None:
    answer = await sent(client, body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert await stored(system) == 0


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"type": None}, "42"),
        ({"specversion": None}, "42"),
        ({"source": ""}, "42"),
        ({"time": "now"}, "42"),
        ({"data_base64": "!"}, "42"),
        ({"id": None}, None),
        ({"id": 42}, None),
        ({"id": " "}, None),
    ],
)
async def test_an_invalid_cloud_event_in_a_batch_is_named_by_its_id(
    client: httpx.AsyncClient, changed: dict[str, Any], named: str | None
) -> None:
    answer = await post(client, upserted(TRIAL, 1), upserted(TRIAL, 2) | {"id": "42"} | changed)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["index"], error["id"]) == (1, named)
    assert error["reason"]


INVALID = {
    "nct_id": (upserted("NCT1", 1), "nct_id"),
    "revision": (upserted(TRIAL, -1), "revision"),
    "a fraction": (upserted(TRIAL, 1.5), "revision"),
    "far too large": (upserted(TRIAL, 10**30), "revision"),
    "url": (upserted(TRIAL, 1, url="javascript:alert(1)"), "url"),
    "title": (upserted(TRIAL, 1, title=" "), "title"),
    "conditions": (upserted(TRIAL, 1, conditions=None), "conditions"),
    "another subject": (upserted(TRIAL, 1) | {"subject": "NCT00000002"}, "subject"),
    "no data": (without("data"), "data"),
    "merged into itself": (merged(TRIAL, 1, TRIAL), "into"),
    "a time far ahead": (condition("MONDO:1", "x", [], time="2999-01-01T00:00:00Z"), "time"),
    "a condition without a name": (condition("MONDO:1", "", []), "name"),
    "an endless condition": (condition("M" * 1001, "x", []) | {"subject": None}, "id"),
}


@pytest.mark.parametrize(("bad", "field"), INVALID.values(), ids=INVALID)
async def test_one_invalid_event_refuses_the_batch_and_is_named(
    client: httpx.AsyncClient, system: System, bad: dict[str, Any], field: str
) -> None:
    answer = await post(client, upserted("NCT00000009", 1), bad)
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert (errors[0]["index"], errors[0]["id"], errors[0]["field"]) == (1, bad["id"], field)
    assert errors[0]["reason"] == f"{field} {errors[0]['message']}."
    assert await stored(system) == 0


async def test_a_condition_needs_no_time(client: httpx.AsyncClient, system: System) -> None:
    assert (await post(client, condition("MONDO:1", "x", [], time=None))).json()["accepted"] == 1
    assert await ingest_events(system) == 1
    async with reading(system.database) as connection:
        event_time = (await connection.execute(select(t.event.c.received_at))).scalar_one()
        assert (await connection.execute(select(t.condition_state.c.observed_at))).scalar_one() == event_time


async def test_a_batch_corrected_after_a_refusal_may_keep_its_webhook_id(
    client: httpx.AsyncClient, system: System
) -> None:
    body, mended = (json.dumps([upserted(TRIAL, revision)]).encode() for revision in (-1, 1))
    for content, status in ((body, 422), (mended, 202)):
        headers = {"content-type": BATCH, **sign(SECRET, "msg_1", datetime.now(UTC), content)}
        answer = await client.post("/v1/events", content=content, headers=headers)
        assert answer.status_code == status
    assert await stored(system) == 1


async def test_other_media_types_are_refused(client: httpx.AsyncClient) -> None:
    for media_type in ("application/json", "text/plain", "application/cloudevents", None):
        assert (await sent(client, b"[]", content_type=media_type)).status_code == 415


async def test_too_large_a_batch_is_refused(client: httpx.AsyncClient, system: System) -> None:
    ignored = event("other", "x", {})
    assert (await post(client, *[ignored] * 1000)).status_code == 202
    assert (await post(client, *[ignored] * 1001)).status_code == 413
    body = json.dumps([upserted(TRIAL, 1, summary="x" * LARGEST_BODY)]).encode()
    assert (await sent(client, body)).status_code == 413
    assert await stored(system) == 0


async def test_an_event_of_a_megabyte_is_accepted(client: httpx.AsyncClient) -> None:
    sites = [{"facility": "ü" * 400, "city": f"City {number}"} for number in range(2_000)]
    assert (await post(client, upserted(TRIAL, 1, locations=sites))).status_code == 202


async def test_a_repetition_is_counted_days_later(client: httpx.AsyncClient, system: System) -> None:
    body = json.dumps([upserted(TRIAL, 1), upserted(TRIAL, 2)]).encode()
    again = json.dumps([upserted(TRIAL, 3)]).encode()
    start = datetime(2026, 7, 1, tzinfo=UTC)

    async def at(hours: int, webhook_id: str, content: bytes) -> dict[str, int]:
        moment = start + timedelta(hours=hours)
        with time_machine.travel(moment):
            headers = {"content-type": BATCH, **sign(SECRET, webhook_id, moment, content)}
            answer = await client.post("/v1/events", content=content, headers=headers)
        assert answer.status_code == 202
        return answer.json()

    assert await at(0, "msg_1", body) == {"accepted": 2, "duplicates": 0, "ignored": 0}
    assert await at(76, "msg_1", body) == {"accepted": 0, "duplicates": 2, "ignored": 0}
    assert await at(76, "msg_2", body) == {"accepted": 0, "duplicates": 2, "ignored": 0}
    assert await at(77, "msg_1", again) == {"accepted": 0, "duplicates": 1, "ignored": 0}
    assert await stored(system) == 2


async def test_concurrent_identical_requests_are_stored_once(
    client: httpx.AsyncClient, system: System
) -> None:
    batch = [upserted(TRIAL, revision) for revision in range(20)]
    body = json.dumps(batch).encode()
    same = signed(body)
    posts = [client.post("/v1/events", content=body, headers=same) for _ in range(4)]
    other = [post(client, *reversed(batch)) for _ in range(4)]
    answers = await asyncio.gather(*posts, *other)
    assert [answer.status_code for answer in answers] == [202] * 8
    assert sorted(answer.json()["accepted"] for answer in answers) == [0] * 7 + [20]
    assert await stored(system) == 20


@pytest.mark.on_both_databases
async def test_a_full_backlog_is_answered_429_with_retry_after(
    client: httpx.AsyncClient, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_WAITING", 2)
    assert (await post(client, *[upserted(TRIAL, n) for n in range(3)])).status_code == 202
    answer = await post(client, upserted(TRIAL, 9))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
    assert await stored(system) == 3


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_an_unavailable_store_is_answered_503_with_retry_after(
    client: httpx.AsyncClient, system: System, postgresql: str
) -> None:
    name = system.database.url.database
    server = create_database(postgresql).execution_options(isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        await connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        ended = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        await connection.execute(ended, {"name": name})
        answer = await post(client, upserted(TRIAL, 1))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        await connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    await server.dispose()
    assert (await post(client, upserted(TRIAL, 1))).status_code == 202


async def test_a_whole_number_may_be_written_with_a_fraction_of_zero(
    client: httpx.AsyncClient, system: System
) -> None:
    as_float = upserted(TRIAL, 2.0, enrollment={"count": 32.0})
    as_integer = upserted(TRIAL, 2, enrollment={"count": 32})
    for number, (data, expected) in enumerate(
        ((as_float, 202), (as_float, 202), (as_integer, 202), (upserted(TRIAL, 2.5), 422))
    ):
        body = json.dumps([data | {"id": f"e{number}"}])
        answer = await client.post("/v1/events", content=body.encode(), headers=signed(body.encode()))
        assert answer.status_code == expected, answer.text
    await ingest_events(system)
    async with reading(system.database) as connection:
        rows = (await connection.execute(select(t.event.c.revision, t.event.c.state))).all()
    assert sorted(tuple(row) for row in rows) == [(2, "processed"), (2, "stale"), (2, "stale")]
