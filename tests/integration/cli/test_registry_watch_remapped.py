"""`registry watch` after an update of the program: studies that it only converts otherwise notify nobody."""

import sqlite3
from typing import Any

import pytest
from litestar import Response

from tests.integration.cli.registry_world import FIVE, World
from tests.registry_server import study

pytestmark = pytest.mark.slow

HERE, THERE = "https://www.example.org/trials/{nct_id}", "https://www.example.org/studies/{nct_id}"


def reasons(world: World) -> list[tuple[str, str]]:
    return [(event["data"]["reason"], event["data"]["notify"]) for event in world.receiver.events]


def in_state(world: World, statement: str) -> None:
    """Changes the state file to that of another version."""
    connection = sqlite3.connect(world.state)
    with connection:
        connection.execute(statement)
    connection.close()


async def test_the_same_record_in_another_conversion_notifies_nobody(world: World) -> None:
    world.registry.put(*map(study, FIVE[:2]))
    await world.poll(notify=True, trial_url=HERE)
    assert (await world.poll(trial_url=THERE)).changed == 2
    assert reasons(world) == [("registry", "allow")] * 2 + [("remapped", "suppress")] * 2
    first, last = world.receiver.events[0]["data"], world.receiver.events[2]["data"]
    assert last["nct_id"] == first["nct_id"]
    assert last["revision"] > first["revision"]
    assert (await world.poll(trial_url=THERE)).changed == 0


async def test_a_record_that_differs_notifies_as_before(world: World) -> None:
    world.registry.put(*map(study, FIVE[:2]))
    await world.poll(notify=True, trial_url=HERE)
    world.registry.put(study(FIVE[0], status="SUSPENDED"), study(FIVE[1], "2026-07-01"))
    await world.poll(trial_url=THERE)
    assert reasons(world) == [("registry", "allow")] * 4


async def test_fields_that_the_conversion_does_not_read_are_no_difference(world: World) -> None:
    def held(version: str) -> dict[str, Any]:
        return study(FIVE[0]) | {"derivedSection": {"miscInfoModule": {"versionHolder": version}}}

    world.registry.put(held("2026-07-01"))
    await world.poll(notify=True, trial_url=HERE)
    world.registry.put(held("2026-07-02"))
    assert (await world.poll(trial_url=HERE)).changed == 0
    await world.poll(trial_url=THERE)
    assert reasons(world) == [("registry", "allow"), ("remapped", "suppress")]


async def test_a_change_that_the_conversion_ignores_is_remembered(world: World) -> None:
    world.registry.put(study(FIVE[0]))
    await world.poll(notify=True, trial_url=HERE)
    world.registry.put(study(FIVE[0], delayedPosting=True))
    assert (await world.poll(trial_url=HERE)).changed == 0
    await world.poll(trial_url=THERE)
    assert reasons(world)[1:] == [("remapped", "suppress")]


async def test_a_refused_event_does_not_count_as_a_sent_conversion(world: World) -> None:
    world.registry.put(study(FIVE[0]))
    await world.poll(notify=True, trial_url=HERE)
    async with world.watch(trial_url=THERE) as poller:
        poller.state.enqueue({"id": "bad-one", "subject": FIVE[0], "data": {}})
        poller.state.commit()
        error = {"index": 0, "id": "bad-one", "field": "title", "message": "is missing"}
        world.receiver.instead = [Response({"detail": "Invalid.", "errors": [error]}, status_code=422)]
        await poller.poll()
    assert reasons(world) == [("registry", "allow")] * 2


async def test_a_state_file_of_an_earlier_version_goes_by_the_date(world: World) -> None:
    world.registry.put(*map(study, FIVE[:3]))
    await world.poll(notify=True, trial_url=HERE)
    in_state(world, "ALTER TABLE trial DROP COLUMN record_digest")
    world.registry.put(study(FIVE[1], "2026-07-01"), study(FIVE[2], status="UNKNOWN"))
    await world.poll(trial_url=THERE)
    by_study = {event["subject"]: event["data"]["reason"] for event in world.receiver.events[3:]}
    assert by_study == {FIVE[0]: "remapped", FIVE[1]: "registry", FIVE[2]: "registry"}
    assert (await world.poll(trial_url=THERE)).changed == 0


async def test_a_study_that_is_back_is_no_conversion(world: World) -> None:
    world.registry.put(study(FIVE[0]))
    await world.poll(notify=True)
    in_state(world, "UPDATE trial SET digest = 'gone', record_digest = 'gone', revision = revision + 1")
    await world.poll()
    assert reasons(world) == [("registry", "allow")] * 2
