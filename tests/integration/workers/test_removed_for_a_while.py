"""A study is removed and listed again while the mail about its removal waits."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.actions import preferences
from service.digests.planner import plan_now
from service.domain.digests.run import CancelledNews
from service.store.digests import runs
from service.store.mail import deliveries
from service.store.people import subscribers, subscriptions
from service.store.sql import tables as t
from service.system import System
from tests.conftest import POSTGRESQL
from tests.events import merged, removed, upserted
from tests.integration.web.operating import cancel_run, plan_held
from tests.integration.workers.ingested import TRIAL, received, stored
from tests.integration.workers.test_bounced_later import bounce
from tests.integration.workers.test_late_followers import waits
from tests.integration.workers.test_lost_claim import claimed
from tests.integration.workers.world import open_world
from workers.deliver.deliver import deliver
from workers.ingest.events import ingest_events

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases, pytest.mark.usefixtures("one_bucket")]

ALICE, TOPIC = "alice@example.org", f"trial:{TRIAL}"
OTHER = "NCT00000009"


async def followed_by(system: System, person: int) -> list[str]:
    """The keys of the topics that a person follows."""
    async with system.reading() as connection:
        return [row.key for row in await subscriptions.active(connection, person)]


@pytest.mark.parametrize("followed", ["until it was removed", "anew"])
@pytest.mark.parametrize("ending", ["pause", "cancelled run"])
async def test_a_study_that_returns_before_its_removal_was_reported_is_followed_as_before(
    system: System, ending: str, followed: str
) -> None:
    now = datetime.now(UTC)
    async with open_world(system) as world:
        await received(system, upserted(TRIAL, 1, status="NOT_YET_RECRUITING"))
        alice = await world.follow(ALICE, TOPIC)
        bob = await world.follow("bob@example.org", TOPIC)
        await received(system, removed(TRIAL, 2))
        run = await plan_held(system)
        await received(system, upserted(TRIAL, 3, status="NOT_YET_RECRUITING"))
        await world.follow_too(alice if followed == "anew" else bob, TOPIC)
        async with system.writing() as connection:
            if ending == "pause":
                person = await subscribers.lock(connection, alice)
                assert person is not None
                await preferences.pause(connection, person, now + timedelta(days=9), now)
                await preferences.resume(connection, person)
            else:
                await runs.cancel(connection, run, CancelledNews.LATER, now)
        await received(system, upserted(TRIAL, 4, status="RECRUITING"))
        await world.send_all()
        (text,) = world.texts(ALICE)
    assert await followed_by(system, alice) == [TOPIC]
    assert "removed" not in text
    assert f"Study {TRIAL}" in text


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("other_news", [False, True])
@pytest.mark.parametrize("end", [removed(TRIAL, 3), merged(TRIAL, 3, OTHER)])
async def test_an_email_that_waits_while_its_study_returns_says_nothing_of_the_removal(
    system: System, end: dict[str, Any], other_news: bool, held: bool
) -> None:
    async with open_world(system) as world:
        for number in (TRIAL, OTHER):
            await received(system, upserted(number, 1, status="NOT_YET_RECRUITING"))
        alice = await world.follow(ALICE, TOPIC)
        if other_news:
            await received(system, upserted(TRIAL, 2, status="RECRUITING"))
        await received(system, end)
        run = await plan_held(system)
        if not held:
            async with system.writing() as connection:
                assert await runs.release(connection, run) == 1
        await received(
            system, upserted(TRIAL, 4, status="RECRUITING" if other_news else "NOT_YET_RECRUITING")
        )
        assert await followed_by(system, alice) == [TOPIC]
        if held:
            async with system.writing() as connection:
                assert await runs.release(connection, run) == 1
        await world.send_all()
        assert len(world.texts(ALICE)) == other_news
        await received(system, upserted(TRIAL, 5, status="SUSPENDED"))
        await world.send_all()
        *_, text = world.texts(ALICE)
    assert len(world.texts(ALICE)) == 1 + other_news
    assert not any("removed" in text.lower() or OTHER in text for text in world.texts(ALICE))
    assert "now says this study is paused" in text


@pytest.mark.parametrize("end", [removed(TRIAL, 2), merged(TRIAL, 2, OTHER)])
async def test_an_email_whose_worker_dies_says_nothing_of_a_removal_that_was_undone_meanwhile(
    system: System, end: dict[str, Any]
) -> None:
    async with open_world(system) as world:
        for number in (TRIAL, OTHER):
            await received(system, upserted(number, 1, status="NOT_YET_RECRUITING"))
        alice = await world.follow(ALICE, TOPIC)
        await received(system, end)
        assert await plan_now(system) == 1
        claim, _, now = await claimed(world, alice)
        await received(system, upserted(TRIAL, 3, status="NOT_YET_RECRUITING"))
        assert await followed_by(system, alice) == [TOPIC]
        async with system.writing() as connection:
            assert await deliveries.release_expired(connection, [claim], now + timedelta(seconds=1)) == 1
        await deliver(world.mailer)
        assert world.texts(ALICE) == []


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_an_email_is_not_written_while_its_study_is_returning(system: System) -> None:
    """Ingestion has found that the email waits, and has not ended: a worker must not send it meanwhile."""
    async with open_world(system) as world:
        await received(system, upserted(TRIAL, 1, status="NOT_YET_RECRUITING"))
        alice = await world.follow(ALICE, TOPIC)
        await received(system, removed(TRIAL, 2))
        assert await plan_now(system) == 1
        await stored(system, upserted(TRIAL, 3, status="NOT_YET_RECRUITING"))
        async with system.writing() as connection:
            await connection.execute(t.event.select().with_for_update())
            ingesting = asyncio.create_task(ingest_events(system))
            await waits(connection, system, ingesting)
            await deliver(world.mailer)
        await ingesting
        await deliver(world.mailer)
        assert await followed_by(system, alice) == [TOPIC]
        assert world.texts(ALICE) == []


@pytest.mark.parametrize("cancelled", ["before", "after"])
async def test_a_study_that_returns_after_a_wrong_removal_was_withheld_is_followed_as_before(
    system: System, cancelled: str
) -> None:
    """A fault of the ingestor removed it, and an operator cancelled the news of that for good."""
    async with open_world(system) as world:
        await received(system, upserted(TRIAL, 1, status="NOT_YET_RECRUITING"))
        alice = await world.follow(ALICE, TOPIC)
        carol = await world.follow("carol@example.org", TOPIC)
        await received(system, removed(TRIAL, 2))
        await plan_now(world.system, subscriber_id=carol)
        await deliver(world.mailer)
        run = await plan_held(system)
        if cancelled == "after":
            await received(system, upserted(TRIAL, 3, status="NOT_YET_RECRUITING"))
        await cancel_run(system, run)
        if cancelled == "before":
            await received(system, upserted(TRIAL, 3, status="NOT_YET_RECRUITING"))
        assert await followed_by(system, alice) == [TOPIC]
        assert await followed_by(system, carol) == [], "she was told of it"
        await received(system, upserted(TRIAL, 4, status="RECRUITING"))
        await world.send_all()
        (text,) = world.texts(ALICE)
    assert "removed" not in text
    assert f"Study {TRIAL}" in text


async def test_a_study_that_returns_after_a_wrong_merger_was_withheld_is_followed_as_before(
    system: System,
) -> None:
    async with open_world(system) as world:
        for number in (TRIAL, OTHER):
            await received(system, upserted(number, 1, status="NOT_YET_RECRUITING"))
        alice = await world.follow(ALICE, TOPIC)
        await received(system, merged(TRIAL, 2, OTHER))
        run = await plan_held(system)
        await cancel_run(system, run)
        assert await followed_by(system, alice) == [f"trial:{OTHER}"]
        await received(system, upserted(TRIAL, 3, status="NOT_YET_RECRUITING"))
        assert await followed_by(system, alice) == [TOPIC]


async def test_a_reader_who_heard_of_a_removal_stays_without_the_study_after_another_was_withheld(
    system: System,
) -> None:
    """The run that was cancelled for good had a digest for this reader, about another study."""
    async with open_world(system) as world:
        for number in (TRIAL, OTHER):
            await received(system, upserted(number, 1, status="NOT_YET_RECRUITING"))
        alice = await world.follow(ALICE, TOPIC, f"trial:{OTHER}")
        await received(system, removed(TRIAL, 2))
        await world.send_all()
        await received(system, upserted(TRIAL, 3, status="RECRUITING"))
        for event in (removed(TRIAL, 4), upserted(OTHER, 2, status="RECRUITING")):
            await received(system, event)
        run = await plan_held(system)
        assert await cancel_run(system, run) == 1
        await received(system, upserted(TRIAL, 5, status="RECRUITING"))
        assert await followed_by(system, alice) == [f"trial:{OTHER}"]


async def test_a_reader_who_heard_of_a_removal_follows_nothing_when_an_older_email_comes_back(
    system: System,
) -> None:
    async with open_world(system) as world:
        await received(system, upserted(TRIAL, 1, status="NOT_YET_RECRUITING"))
        alice = await world.follow(ALICE, TOPIC)
        for event in (upserted(TRIAL, 2, status="RECRUITING"), removed(TRIAL, 3)):
            await received(system, event)
            await world.send_all()
        await received(system, upserted(TRIAL, 4, status="RECRUITING"))
        assert len(world.texts(ALICE)) == 2
        await bounce(world, 0)
        assert await followed_by(system, alice) == []
