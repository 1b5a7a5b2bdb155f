"""`registry watch` in trouble: outages, refusals, kills; nothing is lost or sent twice."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from litestar import Response

from service.cli.context import CommandFailed
from service.cli.registry.watch import run_watch
from tests.events import SECRET
from tests.forked import TRIAL_ALERTS, Forked, fork_server
from tests.integration.cli.registry_world import FIVE, World
from tests.registry_server import study
from tests.waiting import until

pytestmark = pytest.mark.slow


async def test_expired_page_tokens_cost_no_study(world: World) -> None:
    world.registry.put(*(study(nct_id, f"2024-06-0{number}") for number, nct_id in enumerate(FIVE, 1)))
    await world.poll()
    await world.poll(sweep_pages=1)
    world.registry.expired = True
    world.registry.put(study(FIVE[2], "2024-06-03", "UNKNOWN"))
    await world.poll(sweep_pages=1, page_size=3, overlap=0)
    assert world.receiver.statuses()[5:] == [(FIVE[2], "UNKNOWN", "allow")]


async def test_an_outage_is_no_removal(world: World) -> None:
    async with world.watch() as poller:
        world.registry.instead = [Response("<html>", media_type="text/html")]
        with pytest.raises(CommandFailed, match="is no study"):
            await poller.api.study(FIVE[0])


async def test_a_busy_registry_is_requested_again(world: World) -> None:
    world.registry.put(study(FIVE[0]))
    world.registry.instead = [
        Response({}, status_code=429, headers={"retry-after": "0"}),
        Response({}, status_code=503),
    ]
    assert (await world.poll()).sent.accepted == 1
    assert len(world.registry.requests) == 3


async def test_a_search_refused_by_the_registry_is_reported_in_its_words(world: World) -> None:
    world.registry.instead = [Response("unknown area Phse", status_code=400, media_type="text/plain")]
    with pytest.raises(CommandFailed, match=r"refused a search with 400\. unknown area Phse"):
        await world.poll(expression="AREA[Phse]1")
    world.registry.instead = [Response("<html>", media_type="text/html")]
    with pytest.raises(CommandFailed, match="holds no studies"):
        await world.poll()


async def test_events_that_the_service_did_not_accept_are_sent_by_the_next_run(world: World) -> None:
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
    monkeypatch.setattr("service.cli.registry.state._LOCK_SECONDS", 0.1)
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
        await until(lambda: len(reported) >= 3)
        os.kill(os.getpid(), signal.SIGINT)
        await running
    assert "401" in reported[0]
    assert "The next attempt is in 0.05 seconds" in reported[0]
    assert "1 accepted" in reported[1]
    assert reported[-1] == "Stopped. 0 events not sent yet. The same command goes on from here."


async def test_a_full_disk_under_the_state_file_is_named_and_the_next_poll_goes_on(world: World) -> None:
    """It ended the watch, and was said to be the service's database's."""
    world.registry.put(*(study(f"NCT{number:08}") for number in range(1, 101)))
    reported = list[str]()
    async with world.watch(page_size=100) as poller:

        def report(sentence: str) -> None:
            reported.append(sentence)
            connection.execute("PRAGMA max_page_count = 1000000")

        connection = poller.state.connection
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        watching = asyncio.create_task(run_watch(poller, interval=0.01, report=report))
        await until(lambda: watching.done() or len(reported) > 1)
        watching.cancel()
        await asyncio.wait({watching})
    words = f"{world.state} can't be used as a state file: database or disk is full."
    assert reported[0] == f"{words} The next attempt is in 0.01 seconds."
    assert "100 accepted" in reported[1]


def test_a_conversion_names_its_state_file_on_a_full_disk(tmp_path: Path) -> None:
    records, state = tmp_path / "records.json", tmp_path / "state.sqlite3"
    records.write_text(json.dumps([study(f"NCT{number:08}") for number in range(1000)]))
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000));"
        "from service.cli.main import main; main()"
    )
    command = [sys.executable, "-c", code, "registry", "convert", str(records), "--state", str(state)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"trial-alerts: {state} can't be used as a state file: ")


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

            def kill(watch: Forked = watch, enough: int = kill_after) -> None:
                if len(world.receiver.events) >= enough:
                    watch.kill()

            world.receiver.before_answer = kill
            kill()
            assert await asyncio.to_thread(watch.wait) == -signal.SIGKILL
    world.receiver.before_answer = lambda: None
    done = await asyncio.to_thread(fork_server().run, TRIAL_ALERTS, command, environment)
    assert done.returncode == 0, done.stderr
    assert "accepted" in done.stderr
    assert sorted(event["subject"] for event in world.receiver.events) == many
