"""Immediate news waits until it has settled, whoever else of its slot is behind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from service.actions import preferences
from service.digests.planner import plan
from service.store.people import subscribers
from service.system import System
from tests.integration.workers.world import TRIAL, World, open_world, snapshot, text_of
from workers.deliver.deliver import deliver

TOPIC = f"trial:{TRIAL}"
ALICE, BOB = "alice@example.org", "bob@example.org"


def settling(system: System, seconds: int) -> System:
    """The system with other seconds to settle."""
    return replace(system, settings=system.settings.model_copy(update={"settle_seconds": seconds}))


async def set_pause(world: World, person: int, *, paused: bool) -> None:
    """Pauses a person's mail for a month, or ends the pause."""
    now = datetime.now(UTC)
    async with world.system.writing() as connection:
        row = await subscribers.lock(connection, person)
        assert row is not None
        if paused:
            await preferences.pause(connection, row, now + timedelta(days=30), now)
        else:
            await preferences.resume(connection, row)


async def test_a_paused_follower_does_not_shorten_the_wait_of_all_others(system: System) -> None:
    async with open_world(settling(system, 600)) as world:
        before = snapshot(has_results=False)
        await world.hold(before)
        await world.follow(ALICE, TOPIC)
        await set_pause(world, await world.follow(BOB, TOPIC), paused=True)
        after = await world.change(before, status="RECRUITING", has_results=True)
        assert await plan(world.system) == 0
        await world.change(after, status=before["status"])
        assert await plan(settling(system, 0)) == 1
        await deliver(world.mailer)
        (mail,) = world.mails(ALICE)
        assert "Results are now posted" in text_of(mail)
        assert "looking for participants" not in text_of(mail), "it was put right within the wait"


async def test_a_follower_whose_pause_ends_need_not_wait_for_news_that_has_settled(system: System) -> None:
    async with open_world(settling(system, 600)) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow(ALICE, TOPIC)
        bob = await world.follow(BOB, TOPIC)
        await set_pause(world, bob, paused=True)
        await world.change(before, status="RECRUITING")
        assert await plan(settling(system, 0)) == 1
        await set_pause(world, bob, paused=False)
        assert await plan(world.system) == 1
        await deliver(world.mailer)
        assert [len(world.mails(person)) for person in (ALICE, BOB)] == [1, 1]
