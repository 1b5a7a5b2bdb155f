"""Texts and times of events that are odd: half an emoji, byte order marks, leap seconds."""

import base64
import hmac
import json

import httpx
import pytest
from sqlalchemy import select

from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.events import BATCH, ONE, SECRET, post, signed, upserted
from tests.integration.web.sent_events import sent, stored
from workers.ingest.events import ingest_events

TRIAL = "NCT00000001"


async def test_a_signed_body_that_is_no_utf8_is_no_json(client: httpx.AsyncClient, system: System) -> None:
    body = b'[{"id": "\xff"}]'
    headers = signed(b"")
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.digest(key, content, "sha256")).decode()
    answer = await client.post(
        "/v1/events", content=body, headers=headers | {"webhook-signature": f"v1,{signature}"}
    )
    assert answer.status_code == 400
    assert await stored(system) == 0


@pytest.mark.parametrize("media", [ONE, BATCH])
@pytest.mark.parametrize("half", [b"\\ud83e", b"\xed\xa0\xbe"], ids=["escaped", "in three bytes"])
async def test_a_cut_emoji_costs_neither_its_event_nor_the_batch(
    client: httpx.AsyncClient, system: System, media: str, half: bytes
) -> None:
    cut = json.dumps(upserted(TRIAL, 1, summary="Robots help @")).encode().replace(b"@", half)
    other = json.dumps(upserted("NCT00000002", 1)).encode()
    answer = await sent(client, cut if media == ONE else b"[%b, %b]" % (other, cut), content_type=media)
    assert answer.status_code == 202, answer.text
    assert answer.json()["accepted"] == (1 if media == ONE else 2)
    await ingest_events(system)
    async with reading(system.database) as connection:
        snapshot = (
            await connection.execute(select(t.trial.c.snapshot).where(t.trial.c.nct_id == TRIAL))
        ).scalar_one()
    assert json.loads(snapshot)["summary"] == "Robots help \ufffd"


@pytest.mark.parametrize("number", ["9" * 5_000, "1e999", "-1E+400", "0." + "1" * 10_000 + "e999"])
async def test_a_number_beyond_all_limits_is_refused_by_the_name_of_its_event(
    client: httpx.AsyncClient, system: System, number: str
) -> None:
    good, odd = upserted("NCT00000002", 1), upserted(TRIAL, 1, other="@")
    bodies = json.dumps([good, odd]).replace('"@"', number), json.dumps(odd).replace('"@"', number)
    for body, media, index in zip(bodies, (BATCH, ONE), (1, 0), strict=True):
        answer = await sent(client, body.encode(), content_type=media)
        assert answer.status_code == 422, answer.text
        (error,) = answer.json()["errors"]
        assert (error["index"], error["id"]) == (index, odd["id"])
        assert error["reason"] == "A number in it is too large."
    assert await stored(system) == 0


async def test_half_an_emoji_in_an_id_is_refused_by_name(client: httpx.AsyncClient) -> None:
    bad = json.dumps(upserted(TRIAL, 1, id="e@")).replace("@", "\\ud83e")
    answer = await sent(client, f"[{json.dumps(upserted(TRIAL, 2))}, {bad}]".encode())
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["index"] == 1


@pytest.mark.parametrize("media", [ONE, BATCH])
async def test_a_byte_order_mark_is_ignored(client: httpx.AsyncClient, media: str) -> None:
    body = json.dumps(upserted(TRIAL, 1) if media == ONE else [upserted(TRIAL, 1)]).encode()
    answer = await sent(client, b"\xef\xbb\xbf" + body, content_type=media)
    assert answer.status_code == 202, answer.text


@pytest.mark.parametrize(
    ("time", "utc"),
    [
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00:00"),
        ("2016-12-31t23:59:60.5z", "2017-01-01T00:00:00.500000+00:00"),
        ("1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00+00:00"),
        ("2016-12-31T23:59:59Z", "2016-12-31T23:59:59+00:00"),
    ],
)
async def test_a_leap_second_is_a_time(
    client: httpx.AsyncClient, system: System, time: str, utc: str
) -> None:
    answer = await post(client, upserted(TRIAL, 1, time=time))
    assert answer.status_code == 202, answer.text
    async with reading(system.database) as connection:
        observed = (await connection.execute(select(t.event.c.observed_at))).scalar_one()
    assert observed.isoformat() == utc


@pytest.mark.parametrize("time", ["2016-12-31T12:00:60Z", "2016-12-31T23:59:61Z", "2016-12-31T23:60:60Z"])
async def test_other_seconds_that_no_minute_has_are_refused(client: httpx.AsyncClient, time: str) -> None:
    assert (await post(client, upserted(TRIAL, 1, time=time))).status_code == 400
