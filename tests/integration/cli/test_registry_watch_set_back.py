"""`registry watch` and a study whose date of update goes back: its own, or that of a stale copy."""

from datetime import timedelta

import pytest
import time_machine

from tests.integration.cli.registry_world import FIVE, World
from tests.registry_server import study

pytestmark = pytest.mark.slow

ONE = FIVE[0]
OPEN = study(ONE, "2026-07-05")


async def polled(world: World, *records: dict[str, object]) -> list[str]:
    """The registry has these records from now on: the statuses that a poll sends."""
    before = len(world.receiver.events)
    world.registry.put(*records)
    await world.poll()
    sent = [event["data"] for event in world.receiver.events]
    assert [data["revision"] for data in sent] == sorted(data["revision"] for data in sent)
    return [data["status"] for data in sent[before:]]


async def test_a_record_whose_date_went_back_is_sent_when_it_is_the_same_a_day_later(
    world: World, clock: time_machine.Traveller
) -> None:
    assert await polled(world, OPEN) == ["RECRUITING"]
    paused = study(ONE, "2026-07-01", "SUSPENDED")
    assert await polled(world, paused) == []
    clock.shift(timedelta(hours=20))
    assert await polled(world) == []
    clock.shift(timedelta(hours=5))
    assert await polled(world) == ["SUSPENDED"]
    assert world.receiver.events[-1]["data"]["notify"] == "allow"
    assert await polled(world) == []
    assert await polled(world, study(ONE, "2026-07-02", "TERMINATED")) == ["TERMINATED"]
    assert await polled(world, study(ONE, "2026-07-06", "RECRUITING")) == ["RECRUITING"]


async def test_a_copy_of_the_registry_that_is_behind_sends_nothing(
    world: World, clock: time_machine.Traveller
) -> None:
    stale = study(ONE, "2026-07-01", "SUSPENDED")
    assert await polled(world, OPEN) == ["RECRUITING"]
    for _ in range(3):
        assert await polled(world, stale) == []
        clock.shift(timedelta(hours=20))
        assert await polled(world, OPEN) == []
        clock.shift(timedelta(hours=20))


async def test_a_date_that_went_back_begins_its_day_again_with_other_content(
    world: World, clock: time_machine.Traveller
) -> None:
    assert await polled(world, OPEN) == ["RECRUITING"]
    for status, sent in (("SUSPENDED", []), ("TERMINATED", []), ("TERMINATED", ["TERMINATED"])):
        assert await polled(world, study(ONE, "2026-07-01", status)) == sent
        clock.shift(timedelta(hours=25))
    assert await polled(world, study(ONE, "2026-06-30", "COMPLETED")) == []
