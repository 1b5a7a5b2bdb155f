"""`registry watch` and a registry that behaves oddly: it asks again or ends with a sentence; nothing is
lost or sent twice."""

import asyncio
import gzip
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from litestar import Response
from litestar.response import Stream

from service.cli.context import CommandFailed
from service.cli.registry import api as registry_api
from service.cli.registry.outbox import Polled
from service.cli.registry.strays import read_strays
from tests.integration.cli.registry_world import FIVE, World
from tests.registry_server import study

pytestmark = pytest.mark.slow


def answer(body: bytes, **headers: str) -> Response[bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(body, media_type="application/json", headers=named)


def page(*records: dict[str, Any], token: str | None = None) -> bytes:
    return json.dumps({"studies": records} | ({"nextPageToken": token} if token else {})).encode()


def sent(world: World) -> list[tuple[str, int]]:
    """The sent studies, as number and revision."""
    return [(event["data"]["nct_id"], event["data"]["revision"]) for event in world.receiver.events]


async def drip() -> AsyncIterator[bytes]:
    while True:
        yield b" "
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "odd",
    [
        lambda: Response({}, status_code=500),
        lambda: Response({}, status_code=429, headers={"retry-after": "0"}),
        lambda: answer(b"no gzip at all", content_encoding="gzip"),
        lambda: Response(None, status_code=302, headers={"location": "/api/v2/studies?pageSize=2"}),
        lambda: Stream(drip()),
    ],
    ids=["error", "busy", "bad gzip", "redirect", "slow drip"],
)
async def test_a_transient_failure_is_retried_and_everything_is_sent_once(
    world: World, monkeypatch: pytest.MonkeyPatch, odd: Any
) -> None:
    monkeypatch.setattr(registry_api, "LONGEST_ANSWER", 2.0)
    world.registry.put(*(study(nct_id, f"2024-06-0{number}") for number, nct_id in enumerate(FIVE, 1)))
    world.registry.instead = [odd(), odd()]
    await world.poll()
    await world.poll()
    assert sorted(nct_id for nct_id, _ in sent(world)) == FIVE


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ([page(study(FIVE[0]))[:-20]], "holds no studies"),
        ([b"[]"], "holds no studies"),
        ([page(study(FIVE[0]), token="a"), page(token="a")], "same page"),
        ([page(study(FIVE[0]), token="a"), page(token="b"), page(token="a")], "same page"),
    ],
    ids=["cut off", "no object", "same token", "tokens in a circle"],
)
async def test_an_invalid_page_ends_in_a_sentence_and_the_next_poll_loses_nothing(
    world: World, odd: list[bytes], reason: str
) -> None:
    world.registry.put(*(study(nct_id) for nct_id in FIVE))
    world.registry.instead = [answer(body) for body in odd]
    with pytest.raises(CommandFailed, match=reason):
        await world.poll()
    world.registry.instead.clear()
    await world.poll()
    await world.poll()
    assert sorted(nct_id for nct_id, _ in sent(world)) == FIVE


async def test_pages_may_be_empty_compressed_or_hold_a_study_twice_or_without_a_number(world: World) -> None:
    changed = study(FIVE[1], "2026-06-30", "SUSPENDED")
    nameless = study(FIVE[2])
    del nameless["protocolSection"]["identificationModule"]["nctId"]
    bodies = [
        page(token="a"),
        gzip.compress(page(study(FIVE[0]), study(FIVE[1]), token="b")),
        page(study(FIVE[0]), nameless, changed, token="c"),
        page(study(FIVE[0]), changed),
    ]
    world.registry.instead = [
        answer(body, content_encoding="gzip") if body[:2] == b"\x1f\x8b" else answer(body) for body in bodies
    ]
    polled = await world.poll()
    numbers = [nct_id for nct_id, _ in sent(world)]
    assert numbers == [FIVE[0], FIVE[1], FIVE[1]]
    (first, second) = (revision for nct_id, revision in sent(world) if nct_id == FIVE[1])
    assert first < second
    assert len(polled.skipped) == 1


async def test_a_registry_that_redirects_in_a_circle_ends_in_a_sentence(world: World) -> None:
    around = {"location": "/api/v2/studies?pageSize=2"}
    world.registry.instead = [Response(None, status_code=302, headers=around) for _ in range(200)]
    with pytest.raises(CommandFailed, match="can't be reached"):
        await world.poll()


async def test_a_study_updated_in_the_future_hides_no_other_one(world: World) -> None:
    world.registry.put(study(FIVE[0]), study(FIVE[1], "2099-01-01"))
    await world.poll()
    world.registry.put(study(FIVE[2], "2026-07-01"))
    await world.poll()
    assert world.receiver.statuses()[2:] == [(FIVE[2], "RECRUITING", "allow")]


async def test_a_future_day_in_the_state_file_of_an_earlier_version_hides_no_study(world: World) -> None:
    world.registry.put(study(FIVE[0]))
    await world.poll()
    with closing(sqlite3.connect(world.state)) as state, state:
        state.execute("UPDATE progress SET value = '2099-01-01' WHERE name = 'newest update'")
    world.registry.put(study(FIVE[1], "2026-07-01"))
    await world.poll()
    assert world.receiver.statuses()[1:] == [(FIVE[1], "RECRUITING", "allow")]


@pytest.mark.parametrize(
    "body",
    [b"<html>Welcome to this network</html>", b"{}", b'{"accepted": "\xff"}'],
    ids=["html", "no counts", "no text"],
)
async def test_an_acceptance_that_is_not_the_services_loses_no_event(world: World, body: bytes) -> None:
    world.registry.put(study(FIVE[0]))
    world.receiver.instead = [Response(body, status_code=202, media_type="application/json")]
    with pytest.raises(CommandFailed, match="not the service's"):
        await world.poll()
    await world.poll()
    assert [nct_id for nct_id, _ in sent(world)] == [FIVE[0]]


async def test_an_answer_of_the_service_that_can_not_be_decoded_is_requested_again(world: World) -> None:
    world.registry.put(study(FIVE[0]))
    garbled = Response(b"no gzip at all", status_code=202, headers={"content-encoding": "gzip"})
    world.receiver.instead = [garbled]
    await world.poll()
    assert [nct_id for nct_id, _ in sent(world)] == [FIVE[0]]


def another_schema(nct_id: str) -> Response[Any]:
    return Response({"protocolSection": {"identification": {"number": nct_id}}})


def forbidden(_: str) -> Response[Any]:
    return Response("<html>", status_code=403, media_type="text/html")


@pytest.mark.parametrize("odd", [another_schema, forbidden])
async def test_a_study_that_the_registry_does_not_give_is_not_removed_and_keeps_back_no_other_one(
    world: World, odd: Any
) -> None:
    world.registry.put(*map(study, FIVE[:2]))
    await world.poll()
    world.registry.studies.clear()
    async with world.watch() as poller:
        for sweep, days in ((3, 0), (6, 8), (9, 16)):
            polled, today = Polled(), datetime.now(UTC).date() + timedelta(days=days)
            world.registry.instead = [odd(FIVE[0])]
            await read_strays(poller.outbox, poller.api, polled, sweep=sweep, most=5, today=today)
            assert len(polled.skipped) == 1
            assert FIVE[0] in polled.skipped[0]
    gone = [event["subject"] for event in world.receiver.events if event["type"] == "trial.removed"]
    assert gone == [FIVE[1]]
