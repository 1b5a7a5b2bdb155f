"""`registry watch` against a registry that speaks API v2, and the service's own endpoint for events."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from service.app import create_app
from service.cli.main import cli
from service.cli.registry.outbox import Polled
from service.cli.registry.strays import read_strays
from service.configuration.settings import Settings
from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.integration.cli.registry_world import FIVE, World
from tests.registry_server import study
from tests.servers import served
from workers.ingest.events import ingest_events

pytestmark = pytest.mark.slow


async def test_the_first_run_loads_everything_and_notifies_nobody(world: World) -> None:
    world.registry.put(*map(study, FIVE))
    polled = await world.poll()
    assert (polled.read, polled.changed, polled.sent.accepted) == (5, 5, 5)
    assert world.receiver.statuses() == [(nct_id, "RECRUITING", "suppress") for nct_id in FIVE]
    assert {event["data"]["reason"] for event in world.receiver.events} == {"backfill"}
    assert [request.get("pageToken") for request in world.registry.requests] == [None, "after-2", "after-4"]
    assert "filter.advanced" not in world.registry.requests[0]


async def test_the_first_run_notifies_on_request(world: World) -> None:
    world.registry.put(study(FIVE[0]))
    await world.poll(notify=True)
    assert world.receiver.statuses() == [(FIVE[0], "RECRUITING", "allow")]


async def test_later_runs_read_studies_updated_since_with_an_overlap(world: World) -> None:
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


async def test_the_sweep_finds_changes_without_a_new_date(world: World) -> None:
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


async def test_other_search_terms_load_the_newly_found_studies_silently(world: World) -> None:
    world.registry.put(study(FIVE[0]))
    await world.poll(condition="leukemia")
    world.registry.put(study(FIVE[0], "2026-07-01", "SUSPENDED"), study(FIVE[1], "2020-01-01"))
    await world.poll(condition="lymphoma")
    assert "filter.advanced" not in world.registry.requests[-1]
    assert sorted(world.receiver.statuses()[1:]) == [
        (FIVE[0], "SUSPENDED", "allow"),
        (FIVE[1], "RECRUITING", "suppress"),
    ]


async def test_a_flip_without_a_date_reaches_the_followers(
    settings: Settings, system: System, tmp_path: Path
) -> None:
    """From the registry through the watch, the real endpoint and a worker to a reported change."""
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
