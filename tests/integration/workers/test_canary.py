"""The canary's mail goes the whole way, from an event to an inbox and back; an overdue one is named."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from service.actions import canary
from service.actions.export_subscriptions import export_subscriptions
from service.actions.feedback import Effect, process_feedback
from service.digests.planner import plan, plan_now
from service.domain.buckets import BUCKETS
from service.domain.canary import address_of, is_overdue
from service.store.admin import daily
from service.store.audit import Operator
from service.store.people import terms
from service.store.people.terms_notices import queue_notices
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.store.topics import topic_search
from service.system import System
from service.web.admin.stats import read_stats
from tests.conftest import client_of
from tests.integration.web.operating import sign_in
from tests.integration.workers.world import World, open_world
from workers.deliver.deliver import deliver
from workers.ingest.events import ingest_events

pytestmark = pytest.mark.slow

ADDRESS = "canary@mail.example.org"


@pytest.fixture
async def world(system: System) -> AsyncIterator[World]:
    settings = system.settings.model_copy(update={"canary_address": ADDRESS})
    async with open_world(replace(system, settings=settings)) as opened:
        yield opened


async def overdue(world: World, **later: float) -> set[str]:
    """The canaries that are overdue, at a later moment."""
    async with reading(world.system.database) as connection:
        now = datetime.now(UTC) + timedelta(**later)
        found = await canary.statuses(connection, world.system, now)
    assert len(found) == 4
    return {status.frequency for status in found if status.overdue}


async def emit(world: World) -> None:
    """One change of the synthetic trial, read."""
    await canary.beat(world.system, world.system.now())
    await ingest_events(world.system)


@pytest.mark.on_both_databases
async def test_the_mail_of_every_frequency_comes_back(world: World) -> None:
    await emit(world)  # the first snapshot is news to nobody
    async with writing(world.system.database) as connection:
        ago = datetime.now(UTC) - timedelta(hours=9)
        await connection.execute(update(t.canary).values(emitted_at=ago))
    await emit(world)
    await plan_now(world.system)
    await deliver(world.mailer)
    sent = {mail.rcpt_to for mail in world.smtp.mails}
    assert sent == {f"canary+{name}@mail.example.org" for name in ("immediate", "daily", "weekly", "monthly")}
    assert await overdue(world, days=40) == {"immediate", "daily", "weekly", "monthly"}
    for mail in world.smtp.mails:
        assert (
            await process_feedback(world.system, mail.content, [mail.rcpt_to], world.system.now())
            is Effect.APPLIED
        )
    async with reading(world.system.database) as connection:
        back = (await connection.execute(select(t.canary.c.returned_at))).scalars().all()
    assert None not in back
    assert await overdue(world) == set()
    assert await overdue(world, hours=3) >= {"immediate"}


async def test_the_canaries_of_an_earlier_address_are_removed_and_a_reader_there_stays(world: World) -> None:
    await canary.beat(world.system, world.system.now())
    reader = await world.follow("canary+daily@mail.example.org", "trial:NCT04787263")
    elsewhere = world.system.settings.model_copy(update={"canary_address": "other@mail.example.org"})
    moved = replace(world.system, settings=elsewhere)
    for _ in range(2):
        await canary.beat(moved, moved.now())
    async with reading(world.system.database) as connection:
        canaries = set((await connection.execute(select(t.canary.c.subscriber_id))).scalars())
        people = set((await connection.execute(select(t.subscriber.c.id))).scalars())
        followed = select(t.topic.c.key).join(t.subscription, t.subscription.c.topic_id == t.topic.c.id)
        mine = followed.where(t.subscription.c.subscriber_id == reader, t.subscription.c.state == "active")
        assert (await connection.execute(mine)).scalars().all() == ["trial:NCT04787263"]
    assert len(canaries) == 4
    assert people == canaries | {reader}


async def test_a_beat_before_its_time_changes_nothing(world: World) -> None:
    for _ in range(3):
        await canary.beat(world.system, world.system.now())
    async with reading(world.system.database) as connection:
        assert len((await connection.execute(select(t.event.c.id))).all()) == 1
        assert len((await connection.execute(select(t.subscriber.c.id))).all()) == 4
    await ingest_events(world.system)
    async with reading(world.system.database) as connection:
        states = set((await connection.execute(select(t.event.c.state))).scalars())
        assert states == {"processed"}
        assert await topic_search.search(connection, "synthetic", 10) == []


async def test_other_mail_is_no_canary(world: World, system: System) -> None:
    await emit(world)
    for raw in (b"hello", b"Message-ID: <0123456789abcdef0123456789abcdef@mail.example.org>\r\n\r\nHi."):
        assert not await canary.recognize(world.system, raw, world.system.now())
    assert not await canary.recognize(system, b"Message-ID: <x@y>\r\n\r\n", system.now())
    await plan(world.system)


async def test_canaries_are_no_people_and_their_events_not_the_ingestors(world: World) -> None:
    await emit(world)
    exported = list[tuple[str, ...]]()
    now = datetime.now(UTC)
    async with client_of(world.system.settings) as client:
        await sign_in(client)
        page = (await client.get("/admin")).text
        found = await read_stats(world.system)
        await export_subscriptions(
            world.system, Operator("test", "test"), exported.append, now, lambda _: None
        )
        async with writing(world.system.database) as connection:
            for version in ("1", "2"):
                await terms.publish(connection, version, "Be kind.", now=now, material=True)
            days = await daily.count_traffic(connection, now.date())
            days |= await daily.count_people(connection, now.date())
            notices = [await queue_notices(connection, bucket, now, limit=9) for bucket in BUCKETS]
    assert "No event has come yet" in page
    assert (found.subscribers, found.subscriptions, found.events, found.top_topics) == ({}, {}, {}, [])
    assert exported == []
    assert sum(notices) == 0
    assert set(days.values()) == {0}


async def test_new_terms_do_not_pause_the_canaries(world: World) -> None:
    await emit(world)
    ago = datetime.now(UTC) - timedelta(hours=9)
    async with writing(world.system.database) as connection:
        await terms.publish(connection, "2", "Be kind.", now=ago, material=True, pause_at=ago)
        await connection.execute(update(t.canary).values(emitted_at=ago))
    await emit(world)
    assert await plan_now(world.system) == 4


async def test_readiness_metrics_and_dashboard_name_the_overdue_canaries(world: World) -> None:
    await emit(world)
    async with writing(world.system.database) as connection:
        ago = datetime.now(UTC) - timedelta(days=40)
        await connection.execute(update(t.canary).values(created_at=ago))
    async with client_of(world.system.settings) as client:
        ready = (await client.get("/health/ready")).json()
        assert ready["status"] == "degraded"
        assert ready["checks"]["canary"] == "overdue: daily, immediate, monthly, weekly"
        assert 'trial_alerts_canary_overdue{frequency="daily"} 1.0' in (await client.get("/metrics")).text
        await sign_in(client)
        page = (await client.get("/admin")).text
        assert "does not come back; overdue: daily, immediate, monthly, weekly." in page
        assert "Everybody is being notified" not in page


def test_an_address_for_each_frequency() -> None:
    assert address_of("c@example.org", "daily") == "c+daily@example.org"
    assert address_of("c-{frequency}@example.org", "daily") == "c-daily@example.org"


def test_a_day_that_was_missed_stays_late_until_mail_comes_back() -> None:
    eight = datetime(2026, 11, 28, 8, tzinfo=UTC)
    limits = {"limit": timedelta(minutes=30), "settling": timedelta(minutes=10)}

    def late(minutes: float, returned: datetime | None) -> bool:
        now = eight + timedelta(minutes=minutes)
        created = eight - timedelta(days=9)
        return is_overdue("daily", created_at=created, returned_at=returned, now=now, **limits)

    yesterday = eight - timedelta(days=1) + timedelta(minutes=5)
    assert not late(-1, yesterday)
    assert not late(29, yesterday)
    assert late(31, yesterday)
    assert late(24 * 60 + 1, yesterday), "the next one being due makes up for nothing"
    assert not late(31, eight + timedelta(minutes=4))
