"""What happens to a person's subscriptions while a run is planned is reported by the next one."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from service.actions import follow, preferences
from service.digests import planner
from service.digests.planner import plan, plan_now
from service.domain.digests.filters import Filters
from service.store.people import cursors, subscribers, subscriptions
from service.store.sql import tables as t
from service.system import System
from tests.conftest import POSTGRESQL
from tests.events import merged, removed, upserted
from tests.integration.workers.breaking_off import plan_until_the_second_chunk
from tests.integration.workers.ingested import OTHER, TRIAL, received
from tests.integration.workers.test_late_followers import waits
from tests.integration.workers.world import open_world
from workers.deliver.deliver import deliver

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]

ALICE = "alice@example.org"
BOTH = (TRIAL, OTHER)


@pytest.fixture
def person_by_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planning has one person in a chunk, and one chunk at a time."""
    monkeypatch.setattr(planner, "CHUNK", 1)
    monkeypatch.setattr(planner, "LANES", 1)


@pytest.mark.parametrize(
    ("end", "told"),
    [(removed(TRIAL, 3), "removed"), (merged(TRIAL, 3, OTHER), OTHER)],
    ids=["removed", "merged"],
)
async def test_a_trial_that_ends_while_a_run_is_planned_is_reported_by_the_next_one(
    system: System, monkeypatch: pytest.MonkeyPatch, end: dict[str, Any], told: str
) -> None:
    whole = planner._plan_chunks

    async def ends_before(*arguments: Any, **options: Any) -> int:
        await received(system, end)
        return await whole(*arguments, **options)

    async with open_world(system) as world:
        await received(system, upserted(TRIAL, 1, status="NOT_YET_RECRUITING"), upserted(OTHER, 1))
        await world.follow(ALICE, f"trial:{TRIAL}")
        await received(system, upserted(TRIAL, 2, status="RECRUITING"))
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(planner, "_plan_chunks", ends_before)
            assert await plan_now(world.system) == 1
        await deliver(world.mailer)
        await plan_now(world.system)
        await deliver(world.mailer)
        texts = world.texts(ALICE)
    assert len(texts) == 2
    assert sum(told in text for text in texts) == 1


@pytest.mark.usefixtures("one_bucket", "person_by_person")
async def test_a_frequency_that_is_changed_while_a_run_is_interrupted_is_reported_by_the_next_one(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(system) as world:
        await received(system, *(upserted(nct_id, 1, status="NOT_YET_RECRUITING") for nct_id in BOTH))
        alice = await world.follow(ALICE, f"trial:{TRIAL}")
        await world.follow_too(alice, f"trial:{OTHER}", frequency="weekly")
        await world.follow("bob@example.org", f"trial:{TRIAL}")
        await received(system, *(upserted(nct_id, 2, status="RECRUITING") for nct_id in BOTH))
        await plan_until_the_second_chunk(world.system, monkeypatch)
        async with system.writing() as connection:
            person = await subscribers.lock(connection, alice)
            assert person is not None
            (weekly,) = [
                row for row in await subscriptions.active(connection, alice) if row.key.endswith(OTHER)
            ]
            await subscriptions.change_frequency(connection, person, weekly, "immediate", world.system.now())
        await plan(world.system)
        await plan_now(world.system)
        await deliver(world.mailer)
        texts = world.texts(ALICE)
    assert [[f"Study {nct_id}" in text for nct_id in BOTH] for text in texts] == [
        [True, False],
        [False, True],
    ]


@pytest.mark.usefixtures("one_bucket", "person_by_person")
async def test_a_reader_who_changes_to_the_frequency_of_an_interrupted_run_gets_the_news_since(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(system) as world:
        await received(system, *(upserted(nct_id, 1, status="NOT_YET_RECRUITING") for nct_id in BOTH))
        alice = await world.follow(ALICE, f"trial:{TRIAL}", f"trial:{OTHER}", frequency="weekly")
        for address in ("bob@example.org", "carol@example.org"):
            await world.follow(address, f"trial:{TRIAL}")
        await received(system, upserted(TRIAL, 2, status="RECRUITING"))
        await plan_until_the_second_chunk(world.system, monkeypatch)
        await received(
            system, upserted(TRIAL, 3, status="SUSPENDED"), upserted(OTHER, 2, status="RECRUITING")
        )
        async with system.writing() as connection:
            person = await subscribers.lock(connection, alice)
            assert person is not None
            for row in await subscriptions.active(connection, alice):
                await subscriptions.change_frequency(connection, person, row, "immediate", system.now())
        await plan(world.system)
        await plan_now(world.system)
        await deliver(world.mailer)
        texts = world.texts(ALICE)
    assert [[f"Study {nct_id}" in text for nct_id in BOTH] for text in texts] == [[True, True]]


@pytest.mark.usefixtures("one_bucket")
async def test_a_run_of_others_leaves_what_a_paused_reader_has_to_catch_up_with(system: System) -> None:
    async with open_world(system) as world:
        await received(system, *(upserted(nct_id, 1, status="NOT_YET_RECRUITING") for nct_id in BOTH))
        await world.follow("bob@example.org", f"trial:{OTHER}")
        alice = await world.follow(ALICE, f"trial:{TRIAL}", frequency="weekly")
        await world.follow("carol@example.org", f"trial:{OTHER}")
        await received(system, upserted(TRIAL, 2, status="RECRUITING"))
        async with system.writing() as connection:
            person = await subscribers.lock(connection, alice)
            assert person is not None
            await preferences.pause(connection, person, system.now() + timedelta(days=9), system.now())
            (row,) = await subscriptions.active(connection, alice)
            await subscriptions.change_frequency(connection, person, row, "immediate", system.now())
        await received(system, upserted(OTHER, 2, status="RECRUITING"))
        await world.send_all()
        assert world.texts(ALICE) == []
        async with system.writing() as connection:
            await preferences.resume(connection, person)
        await world.send_all()
        (text,) = world.texts(ALICE)
    assert f"Study {TRIAL}" in text


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_a_reader_who_changes_a_topic_and_a_planner_meet_in_no_deadlock(system: System) -> None:
    """A planner moves the reader's cursor, and then marks that the topic has caught up."""
    async with open_world(system) as world:
        alice = await world.follow(ALICE, f"trial:{TRIAL}", frequency="weekly")

    async def change() -> None:
        async with system.writing() as other:
            person = await subscribers.lock(other, alice)
            assert person is not None
            (row,) = await subscriptions.active(other, alice)
            chosen = {"frequency": "daily", "filters": Filters(only_open=True), "small_changes": True}
            await follow.change_subscription(other, person, row, **chosen, now=system.now())

    async with system.writing() as connection:
        await cursors.lock(connection, alice)
        changing = asyncio.create_task(change())
        await waits(connection, system, changing)
        await connection.execute(t.subscription.update().values(resume_after_seq=None))
    await changing
    async with system.reading() as connection:
        (row,) = await subscriptions.active(connection, alice)
    assert (row.frequency, row.small_changes, row.filters) == ("daily", True, {"only_open": True})
