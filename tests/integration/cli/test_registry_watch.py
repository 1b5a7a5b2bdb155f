"""`registry watch` against a registry that speaks API v2, and the service's own endpoint for events."""

import asyncio
import json
import os
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from litestar import Litestar, Request, Response, post
from sqlalchemy import select

from service.app import create_app
from service.cli.context import CommandFailed
from service.cli.main import cli
from service.cli.registry_outbox import Polled
from service.cli.registry_poll import Poller
from service.cli.registry_strays import read_strays
from service.cli.registry_watch import open_watch, run_watch
from service.settings import Settings
from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.events import SECRET
from tests.forked import PATIENCE, TRIAL_ALERTS, fork_server
from tests.integration.cli.test_event_commands import served
from tests.registry_server import Registry, study
from workers.ingest.events import ingest_events


class Receiver:
    """The service's endpoint: what it was sent, and answers to give instead."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.instead: list[Response[Any]] = []

    def app(self) -> Litestar:
        @post("/v1/events")
        async def take(request: Request[Any, Any, Any]) -> Response[Any]:
            events = json.loads(await request.body())
            if self.instead:
                return self.instead.pop(0)
            known = {event["id"] for event in self.events}
            new = [event for event in events if event["id"] not in known]
            self.events += new
            answer = {"accepted": len(new), "duplicates": len(events) - len(new), "ignored": 0}
            return Response(answer, status_code=202)

        return Litestar([take], openapi_config=None)

    def statuses(self) -> list[tuple[str, str, str]]:
        data = [event["data"] for event in self.events if event["type"] == "trial.upserted"]
        return [(each["nct_id"], each["status"], each["notify"]) for each in data]


class World:
    """A registry, a receiver and the watch between them."""

    def __init__(self, folder: Path) -> None:
        self.registry, self.receiver, self.state = Registry(), Receiver(), folder / "watch.sqlite3"
        self.api = self.url = ""

    @asynccontextmanager
    async def watch(self, **options: Any) -> AsyncIterator[Poller]:
        options = {"page_size": 2, "pause": 0, **options}
        async with open_watch(self.state, self.api, self.url, SECRET, **options) as poller:
            yield poller

    async def poll(self, **options: Any) -> Polled:
        """One run of `registry watch --once`."""
        async with self.watch(**options) as poller:
            return await poller.poll()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = World(tmp_path)
    async with served(world.registry.app()) as api, served(world.receiver.app()) as url:
        world.api, world.url = f"{api}/api/v2", url
        yield world


FIVE = [f"NCT0000000{number}" for number in range(1, 6)]


async def test_the_first_run_loads_everything_and_notifies_nobody(world: World) -> None:
    world.registry.put(*map(study, FIVE))
    polled = await world.poll()
    assert (polled.read, polled.changed, polled.sent.accepted) == (5, 5, 5)
    assert world.receiver.statuses() == [(nct_id, "RECRUITING", "suppress") for nct_id in FIVE]
    assert {event["data"]["reason"] for event in world.receiver.events} == {"backfill"}
    assert [request.get("pageToken") for request in world.registry.requests] == [None, "after-2", "after-4"]
    assert "filter.advanced" not in world.registry.requests[0]


async def test_the_first_run_notifies_if_it_is_asked_to(world: World) -> None:
    world.registry.put(study(FIVE[0]))
    await world.poll(notify=True)
    assert world.receiver.statuses() == [(FIVE[0], "RECRUITING", "allow")]


async def test_later_runs_read_what_was_updated_since_with_an_overlap(world: World) -> None:
    world.registry.put(*map(study, FIVE[:3]))
    await world.poll(sweep_pages=0)
    world.registry.put(study(FIVE[1], "2026-07-01", "SUSPENDED"), study(FIVE[3], "2026-07-01"))
    world.registry.requests.clear()
    polled = await world.poll(sweep_pages=0, overlap=3)
    assert world.registry.requests[0]["filter.advanced"] == "AREA[LastUpdatePostDate]RANGE[2026-06-27,MAX]"
    assert world.receiver.statuses()[3:] == [
        (FIVE[1], "SUSPENDED", "allow"),
        (FIVE[3], "RECRUITING", "allow"),
    ]
    assert (polled.read, polled.changed) == (4, 2)
    assert (await world.poll(sweep_pages=0)).changed == 0


async def test_the_sweep_finds_what_changed_without_a_date(world: World) -> None:
    world.registry.put(*(study(nct_id, f"2024-06-0{number}") for number, nct_id in enumerate(FIVE, 1)))
    await world.poll()
    before = world.receiver.events[0]["data"]["revision"]
    world.registry.put(study(FIVE[0], "2024-06-01", "UNKNOWN"), study(FIVE[4], "2024-06-05", "UNKNOWN"))
    assert (
        await world.poll(sweep_pages=1, overlap=0)
    ).changed == 2  # the last by its date, the first by the sweep
    assert sorted(world.receiver.statuses()[5:]) == [
        (FIVE[0], "UNKNOWN", "allow"),
        (FIVE[4], "UNKNOWN", "allow"),
    ]
    assert next(e for e in world.receiver.events[5:] if e["subject"] == FIVE[0])["data"]["revision"] > before


async def test_the_sweep_reads_a_few_pages_at_a_time_and_begins_again_at_its_end(world: World) -> None:
    world.registry.put(*(study(nct_id, f"2024-06-0{number}") for number, nct_id in enumerate(FIVE, 1)))
    await world.poll()
    swept = []
    for _ in range(4):
        world.registry.requests.clear()
        await world.poll(sweep_pages=1, overlap=0)
        swept.append(world.registry.requests[-1].get("pageToken"))
    assert swept == [None, "after-2", "after-4", None]


async def test_a_study_that_only_the_sweep_finds_notifies_nobody(world: World) -> None:
    world.registry.put(study(FIVE[0], "2026-06-30"))
    await world.poll()
    world.registry.put(study(FIVE[1], "2020-01-01"))
    await world.poll()
    assert world.receiver.statuses()[1:] == [(FIVE[1], "RECRUITING", "suppress")]


async def test_expired_page_tokens_cost_no_study(world: World) -> None:
    world.registry.put(*(study(nct_id, f"2024-06-0{number}") for number, nct_id in enumerate(FIVE, 1)))
    await world.poll()
    await world.poll(sweep_pages=1)
    world.registry.expired = True
    world.registry.put(study(FIVE[2], "2024-06-03", "UNKNOWN"))
    await world.poll(sweep_pages=1, page_size=3, overlap=0)
    assert world.receiver.statuses()[5:] == [(FIVE[2], "UNKNOWN", "allow")]


async def test_a_study_that_the_search_no_longer_finds_is_still_followed(world: World) -> None:
    world.registry.put(*map(study, FIVE[:2]))
    for _ in range(3):
        await world.poll()
    world.registry.unlisted = {FIVE[0]}
    world.registry.put(study(FIVE[0], "2026-07-01", "SUSPENDED"))
    for _ in range(3):
        await world.poll()
    assert world.receiver.statuses()[2:] == [(FIVE[0], "SUSPENDED", "allow")]
    assert {event["type"] for event in world.receiver.events} == {"trial.upserted"}


async def test_a_study_that_has_another_number_now_is_merged(world: World) -> None:
    world.registry.put(*map(study, FIVE[:2]))
    await world.poll()
    del world.registry.studies[FIVE[0]]
    world.registry.merged = {FIVE[0]: FIVE[1]}
    for _ in range(4):
        await world.poll()
    upserted, *_, merged = (event for event in world.receiver.events if event["subject"] == FIVE[0])
    assert (merged["type"], merged["data"]["into"]) == ("trial.merged", FIVE[1])
    assert merged["data"]["revision"] > upserted["data"]["revision"]
    assert len(world.receiver.events) == 3


async def test_a_study_that_the_registry_lacks_for_a_week_is_removed_once(world: World) -> None:
    world.registry.put(*map(study, FIVE[:2]))
    await world.poll()
    gone = world.registry.studies.pop(FIVE[0])
    for _ in range(4):
        await world.poll()
    assert len(world.receiver.events) == 2
    async with world.watch() as poller:
        for days in (6, 7, 8):
            poller.state.put("sweep number", str(poller.sweep + 2))
            later = datetime.now(UTC).date() + timedelta(days)
            await read_strays(poller.outbox, poller.api, Polled(), sweep=poller.sweep, most=10, today=later)
            kinds = [event["type"] for event in world.receiver.events[2:]]
            assert kinds == [[], ["trial.removed"], ["trial.removed"]][days - 6]
    world.registry.put(gone)
    await world.poll()
    assert world.receiver.statuses()[-1:] == [(FIVE[0], "RECRUITING", "allow")]
    revisions = [e["data"]["revision"] for e in world.receiver.events if e["subject"] == FIVE[0]]
    assert revisions == sorted(set(revisions))


async def test_an_outage_is_no_removal(world: World) -> None:
    async with world.watch() as poller:
        world.registry.instead = [Response("<html>", media_type="text/html")]
        with pytest.raises(CommandFailed, match="is no study"):
            await poller.api.study(FIVE[0])


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--trial-url", "https://www.example.org/trials"),
        ("--trial-url", "{nct_id}"),
        ("--api", "clinicaltrials.gov"),
    ],
)
def test_an_address_that_can_not_be_one_is_wrong_usage(option: str, value: str) -> None:
    arguments = ["registry", "watch", "--url", "http://127.0.0.1:1", "--once", option, value]
    assert CliRunner().invoke(cli, arguments).exit_code == 2


async def test_search_terms_and_filters_are_passed_on(world: World) -> None:
    world.registry.put(study(FIVE[0]))
    options = {
        "query": "CAR-T",
        "condition": "leukemia",
        "expression": "AREA[Phase]PHASE1 OR AREA[Phase]PHASE2",
    }
    for _ in range(2):
        await world.poll(**options, sweep_pages=0)
    first, second = world.registry.requests
    assert (first["query.term"], first["query.cond"]) == ("CAR-T", "leukemia")
    assert first["filter.advanced"] == "AREA[Phase]PHASE1 OR AREA[Phase]PHASE2"
    assert second["filter.advanced"] == (
        "(AREA[Phase]PHASE1 OR AREA[Phase]PHASE2) AND AREA[LastUpdatePostDate]RANGE[2026-06-27,MAX]"
    )
    assert "protocolSection.statusModule" in first["fields"].split(",")


async def test_other_search_terms_begin_with_a_first_load_of_what_is_new(world: World) -> None:
    world.registry.put(study(FIVE[0]))
    await world.poll(condition="leukemia")
    world.registry.put(study(FIVE[0], "2026-07-01", "SUSPENDED"), study(FIVE[1], "2020-01-01"))
    await world.poll(condition="lymphoma")
    assert "filter.advanced" not in world.registry.requests[-1]
    assert sorted(world.receiver.statuses()[1:]) == [
        (FIVE[0], "SUSPENDED", "allow"),
        (FIVE[1], "RECRUITING", "suppress"),
    ]


async def test_a_busy_registry_is_asked_again(world: World) -> None:
    world.registry.put(study(FIVE[0]))
    world.registry.instead = [
        Response({}, status_code=429, headers={"retry-after": "0"}),
        Response({}, status_code=503),
    ]
    assert (await world.poll()).sent.accepted == 1
    assert len(world.registry.requests) == 3


async def test_a_search_that_the_registry_refuses_is_told_in_its_words(world: World) -> None:
    world.registry.instead = [Response("unknown area Phse", status_code=400, media_type="text/plain")]
    with pytest.raises(CommandFailed, match=r"refused a search with 400\. unknown area Phse"):
        await world.poll(expression="AREA[Phse]1")
    world.registry.instead = [Response("<html>", media_type="text/html")]
    with pytest.raises(CommandFailed, match="holds no studies"):
        await world.poll()


async def test_what_the_service_did_not_take_is_sent_by_the_next_run(world: World) -> None:
    world.registry.put(*map(study, FIVE))
    world.receiver.instead = [Response({"detail": "No."}, status_code=401)]
    with pytest.raises(CommandFailed, match="401"):
        await world.poll()
    world.registry.put(study(FIVE[0], "2026-07-01", "SUSPENDED"))
    await world.poll()
    assert world.receiver.statuses()[:2] == [
        (FIVE[0], "RECRUITING", "suppress"),
        (FIVE[1], "RECRUITING", "suppress"),
    ]
    assert len(world.receiver.events) == 6
    assert (FIVE[0], "SUSPENDED", "allow") in world.receiver.statuses()


async def test_an_event_that_is_refused_is_set_aside_and_the_others_go_on(world: World) -> None:
    world.registry.put(*map(study, FIVE[:2]))
    async with world.watch() as poller:
        poller.state.enqueue({"id": "bad-one", "data": {}})
        poller.state.commit()
        error = {"index": 0, "id": "bad-one", "field": "nct_id", "message": "is missing"}
        world.receiver.instead = [Response({"detail": "Invalid.", "errors": [error]}, status_code=422)]
        polled = await poller.poll()
        assert "bad-one" in polled.refused[0]
        assert poller.state.count_waiting() == 0
    assert len(world.receiver.events) == 2
    with sqlite3.connect(world.state) as connection:
        assert connection.execute("SELECT event_id FROM refused").fetchall() == [("bad-one",)]


async def test_a_record_that_cannot_be_used_is_named_and_the_others_are_sent(world: World) -> None:
    world.registry.put(study(FIVE[0]), study("NCT99999999", status=""))
    polled = await world.poll()
    assert polled.skipped == ["The record of NCT99999999 can't be used: status: must not be empty."]
    assert polled.sent.accepted == 1


async def test_two_watches_cannot_share_a_state_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.cli.registry_state._LOCK_SECONDS", 0.1)
    async with world.watch():
        with pytest.raises(CommandFailed, match="another process uses it"):
            async with world.watch():
                pass


async def test_a_failed_poll_is_reported_and_the_next_one_goes_on(world: World) -> None:
    world.registry.put(study(FIVE[0]))
    world.receiver.instead = [Response({"detail": "No."}, status_code=401)]
    reported: list[str] = []
    async with world.watch() as poller:
        running = asyncio.create_task(run_watch(poller, interval=0.05, report=reported.append))
        async with asyncio.timeout(10):
            while len(reported) < 3:
                await asyncio.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)
        await running
    assert "401" in reported[0]
    assert "The next attempt is in 0.05 seconds" in reported[0]
    assert "1 accepted" in reported[1]
    assert reported[-1] == "Stopped. 0 events not sent yet. The same command goes on from here."


async def test_killed_again_and_again_it_loses_nothing_and_sends_nothing_else(
    world: World, tmp_path: Path
) -> None:
    """The command itself, killed without warning at odd moments, until a run comes to its end."""
    many = [f"NCT{number:08}" for number in range(1, 121)]
    world.registry.put(*map(study, many))
    arguments = ["--url", world.url, "--api", world.api, "--state", str(world.state), "--once"]
    command = ["registry", "watch", *arguments, "--page-size", "5", "--pause", "0"]
    environment = {**os.environ, "ALERTS_WEBHOOK_SECRETS": SECRET}
    for kill_after in (1, 20, 45, 80):
        with (
            (tmp_path / "output").open("wb") as output,
            fork_server().start(TRIAL_ALERTS, command, environment, output, output) as watch,
        ):
            while len(world.receiver.events) < kill_after and not watch.ended():
                await asyncio.sleep(0.005)
            os.kill(watch.pid, signal.SIGKILL)
            assert await asyncio.to_thread(watch.wait, PATIENCE) == -signal.SIGKILL
    done = await asyncio.to_thread(fork_server().run, TRIAL_ALERTS, command, environment)
    assert done.returncode == 0, done.stderr
    assert "accepted" in done.stderr
    assert sorted(event["subject"] for event in world.receiver.events) == many


async def test_a_flip_without_a_date_reaches_the_followers(
    settings: Settings, system: System, tmp_path: Path
) -> None:
    """From the registry through the watch, the real endpoint and a worker to a change that is told."""
    world = World(tmp_path)
    world.registry.put(study(FIVE[0], "2024-06-30"), study(FIVE[1], "2026-06-30"))
    async with served(world.registry.app()) as api, served(create_app(settings)) as url:
        world.api, world.url = f"{api}/api/v2", url
        await world.poll(trial_url="https://www.example.org/trials/{nct_id}")
        await ingest_events(system)
        world.registry.put(study(FIVE[0], "2024-06-30", "UNKNOWN"))
        assert (await world.poll(trial_url="https://www.example.org/trials/{nct_id}")).sent.accepted == 1
        await ingest_events(system)
    async with reading(system.database) as connection:
        kinds = (await connection.execute(select(t.change.c.kind))).scalars().all()
    assert kinds == ["status", "now_recruiting"]  # the second has no words of its own: it stopped
