"""The notice of new terms: who gets it, and the date by which its reader must agree."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from service.domain.buckets import bucket_of
from service.store.people import subscribers, terms, terms_notices
from service.system import System
from tests.integration.workers.test_late_followers import waits
from tests.integration.workers.world import TRIAL, World, open_world
from workers.deliver.deliver import deliver
from workers.retention import sweep_retention

ALICE, TOPIC = "alice@example.org", f"trial:{TRIAL}"
DAY = timedelta(days=1)


async def publish(world: World, version: str, now: datetime, *, pause_at: datetime | None = None) -> None:
    """Publishes a version of the terms, a material one if it has a date."""
    async with world.system.writing() as connection:
        await terms.publish(
            connection, version, version, now=now, material=pause_at is not None, pause_at=pause_at
        )


async def agree(world: World, person: int, version: str) -> None:
    """A person agrees to a version."""
    async with world.system.writing() as connection:
        await subscribers.change(connection, person, terms_version=version)


def worded(moment: datetime) -> str:
    """A date as the mail has it."""
    return f"{moment.day} {moment:%B %Y}"


async def follower_by_the_first_version(world: World, now: datetime) -> int:
    """Somebody who agreed to version 1, published nine days ago."""
    await publish(world, "1", now - 9 * DAY)
    alice = await world.follow(ALICE, TOPIC)
    await agree(world, alice, "1")
    return alice


@pytest.mark.slow
async def test_a_version_that_is_not_material_leaves_the_notice_of_the_material_one(system: System) -> None:
    now = datetime.now(UTC)
    async with open_world(system) as world:
        await follower_by_the_first_version(world, now)
        await publish(world, "2", now - 2 * DAY, pause_at=now + 28 * DAY)
        await publish(world, "3", now - DAY)
        await sweep_retention(world.system)
        await deliver(world.mailer)
        (text,) = world.texts(ALICE)
        assert f"your updates pause on {worded(now + 28 * DAY)}" in text


@pytest.mark.slow
async def test_the_date_is_the_first_on_which_the_updates_of_its_reader_pause(system: System) -> None:
    now = datetime.now(UTC)
    async with open_world(system) as world:
        await follower_by_the_first_version(world, now)
        await publish(world, "2", now - 2 * DAY, pause_at=now + 20 * DAY)
        await publish(world, "3", now - DAY, pause_at=now + 60 * DAY)
        await sweep_retention(world.system)
        await deliver(world.mailer)
        (text,) = world.texts(ALICE)
        assert f"your updates pause on {worded(now + 20 * DAY)}" in text


async def test_a_reader_who_has_agreed_meanwhile_gets_no_notice(system: System) -> None:
    now = datetime.now(UTC)
    async with open_world(system) as world:
        alice = await follower_by_the_first_version(world, now)
        await publish(world, "2", now - 2 * DAY, pause_at=now + 28 * DAY)
        await sweep_retention(world.system)
        await agree(world, alice, "2")
        await deliver(world.mailer)
        assert world.mails(ALICE) == []


@pytest.mark.slow
@pytest.mark.on_both_databases
async def test_two_workers_that_look_at_once_queue_one_notice(system: System) -> None:
    now = datetime.now(UTC)
    async with open_world(system) as world:
        alice = await follower_by_the_first_version(world, now)
        await publish(world, "2", now - 2 * DAY, pause_at=now + 28 * DAY)
        async with world.system.writing() as connection:
            assert await terms_notices.queue_notices(connection, bucket_of(alice), now, limit=9) == 1
            other = asyncio.create_task(sweep_retention(world.system))
            await waits(connection, world.system, other)
        await other
        await deliver(world.mailer)
        assert len(world.mails(ALICE)) == 1
