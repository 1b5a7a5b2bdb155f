"""One line a unit of work: an event's way to the inbox can be followed in the log by numbers alone."""

import json

import httpx
import pytest

from service.digests.planner import plan_now
from service.system import System
from tests.events import post, upserted
from tests.integration.workers.world import TRIAL, open_world
from workers.deliver.deliver import deliver
from workers.ingest.events import ingest_events


async def test_the_way_from_an_event_to_the_inbox(
    client: httpx.AsyncClient, system: System, json_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_world(system) as world:
        await world.follow("anna@example.org", f"trial:{TRIAL}")
        await post(client, upserted(TRIAL, 1, status="NOT_YET_RECRUITING"))
        await post(client, upserted(TRIAL, 2, status="RECRUITING"))
        await ingest_events(world.system)
        await plan_now(world.system)
        await deliver(world.mailer)
        assert len(world.mails("anna@example.org")) == 1
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    kept = {
        line["event"]: {name: line[name] for name in names}
        for line in lines
        for event, *names in (
            ("events_processed", "first", "last", "events", "changes"),
            ("run_planned", "run", "frequency", "digests"),
            ("mails_sent", "claimed", "runs", "sent"),
        )
        if line["event"] == event
    }
    assert kept == {
        "events_processed": {"first": 1, "last": 2, "events": 2, "changes": 3},
        "run_planned": {"run": 1, "frequency": "immediate", "digests": 1},
        "mails_sent": {"claimed": 1, "runs": [1], "sent": 1},
    }
    assert TRIAL not in written
    assert "anna" not in written
