"""One rule decides on planning, on sending and on the news held back: for every reason."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from service.digests.planner import plan
from service.domain.delivery.eligibility import CARRY_OVER, CarryOver, Ineligibility, reasons_against
from service.domain.digests.run import CancelledNews
from service.store import change_log
from service.store.digests import runs
from service.store.people import cursors, subscribers, suppressions, terms
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.web.operating import plan_held
from tests.integration.workers.world import TRIAL, World, open_world, snapshot, text_of
from tests.keys import key_of
from tests.odd_rows import store_row
from workers.deliver.deliver import deliver

pytestmark = pytest.mark.slow

ALICE, TOPIC = "alice@example.org", f"trial:{TRIAL}"
RECRUITING, RESULTS = "looking for participants", "Results are now posted"


async def bar(world: World, reason: Ineligibility, alice: int) -> None:
    """Makes `reason` hold for Alice."""
    now = datetime.now(UTC)
    async with writing(world.system.database) as connection:
        match reason:
            case Ineligibility.SUPPRESSED:
                index = world.system.addresses.of(ALICE)
                await suppressions.add(connection, index, "soft_bounces", source="test", now=now)
            case Ineligibility.NOT_CONFIRMED:
                await subscribers.change(connection, alice, confirmed_at=None)
            case Ineligibility.PAUSED:
                await subscribers.change(connection, alice, paused_until=now + timedelta(days=3))
            case Ineligibility.TERMS_NOT_AGREED:
                ago = now - timedelta(hours=1)
                await terms.publish(connection, "2", "Stricter.", now=ago, material=True, pause_at=ago)
            case Ineligibility.ERASED:
                for table in (t.cursor, t.subscription, t.digest):
                    await connection.execute(table.delete().where(table.c.subscriber_id == alice))
                await connection.execute(t.subscriber.delete())
            case _:
                news = CancelledNews.LATER if reason is Ineligibility.RUN_PUT_OFF else CancelledNews.NEVER
                newest = (await connection.execute(select(func.max(t.run.c.id)))).scalar_one()
                await runs.cancel(connection, newest, news, now)


async def unbar(world: World, reason: Ineligibility, alice: int) -> None:
    """Ends it, as the service does."""
    async with writing(world.system.database) as connection:
        match reason:
            case Ineligibility.SUPPRESSED:
                await suppressions.lift(connection, world.system.addresses.of(ALICE))
            case Ineligibility.NOT_CONFIRMED:
                await subscribers.change(connection, alice, confirmed_at=datetime.now(UTC))
                await cursors.mark_behind(connection, alice)
            case Ineligibility.PAUSED:
                await subscribers.change(connection, alice, paused_until=None)
            case Ineligibility.TERMS_NOT_AGREED:
                await subscribers.change(connection, alice, terms_version="2")


async def agreeing(world: World) -> tuple[int, dict[str, Any]]:
    """Alice, who agreed to the terms and follows a trial; and the trial."""
    before = snapshot(has_results=False)
    await world.hold(before)
    long_ago = datetime.now(UTC) - timedelta(days=400)
    async with writing(world.system.database) as connection:
        await terms.publish(connection, "1", "Be kind.", now=long_ago)
    alice = await world.follow(ALICE, TOPIC)
    async with writing(world.system.database) as connection:
        await subscribers.change(connection, alice, terms_version="1")
    return alice, before


OF_PLANNING = [reason for reason in reasons_against("digest") if not reason.startswith("run_")]


@pytest.mark.parametrize("reason", OF_PLANNING)
async def test_planning_leaves_out_ineligible_readers_and_keeps_the_news_that_is_held(
    system: System, reason: Ineligibility
) -> None:
    async with open_world(system) as world:
        alice, before = await agreeing(world)
        await bar(world, reason, alice)
        after = await world.change(before, status="RECRUITING")
        assert await plan(world.system) == 0
        await unbar(world, reason, alice)
        held = CARRY_OVER[reason] is CarryOver.HOLD
        assert await plan(world.system) == int(held)
        await world.change(after, title="Engineered cells against leukemia")
        await deliver(world.mailer)
        assert [RECRUITING in text_of(mail) for mail in world.mails(ALICE)] == [True] * held


@pytest.mark.parametrize("reason", Ineligibility)
async def test_the_claim_cancels_mails_to_ineligible_readers_and_keeps_the_held_news(
    system: System, reason: Ineligibility
) -> None:
    async with open_world(system) as world:
        alice, before = await agreeing(world)
        after = await world.change(before, status="RECRUITING")
        assert await plan(world.system) == 1
        await bar(world, reason, alice)
        await deliver(world.mailer)
        assert world.mails(ALICE) == []
        async with reading(system.database) as connection:
            outcome = (await connection.execute(select(t.delivery.c.state, t.delivery.c.outcome))).one()
        assert tuple(outcome) == ("cancelled", reason)
        await unbar(world, reason, alice)
        if reason is not Ineligibility.ERASED:
            await world.change(after, has_results=True)
            assert await plan(world.system) == 1
            await deliver(world.mailer)
            (mail,) = world.mails(ALICE)
            assert RESULTS in text_of(mail)
            assert (RECRUITING in text_of(mail)) == (CARRY_OVER[reason] is CarryOver.HOLD)


async def test_a_reader_who_agrees_late_to_new_terms_gets_the_news_held_back(system: System) -> None:
    """Some of it was planned before they came into force, some came after."""
    async with open_world(system) as world:
        alice, before = await agreeing(world)
        after = await world.change(before, status="RECRUITING")
        assert await plan(world.system) == 1
        await bar(world, Ineligibility.TERMS_NOT_AGREED, alice)
        await deliver(world.mailer)
        assert await plan(world.system) == 0
        await world.change(after, sponsor="Another Hospital", title="Cells against leukemia")
        assert await plan(world.system) == 0
        await unbar(world, Ineligibility.TERMS_NOT_AGREED, alice)
        assert await plan(world.system) == 1
        await deliver(world.mailer)
        (mail,) = world.mails(ALICE)
        assert RECRUITING in text_of(mail)


async def test_a_reader_who_left_and_came_back_gets_no_earlier_news(system: System) -> None:
    async with open_world(system) as world:
        alice, before = await agreeing(world)
        after = await world.change(before, status="RECRUITING")
        run = await plan_held(world.system)
        now = datetime.now(UTC)
        async with writing(system.database) as connection:
            await connection.execute(update(t.subscription).values(state="ended", in_planning=False))
            topic = (await connection.execute(select(t.subscription.c.topic_id))).scalar_one()
            head = await change_log.head(connection)
            follows = {"state": "active", "frequency": "immediate", "in_planning": True, "active_seq": head}
            await store_row(
                connection, t.subscription, **key_of(alice), **follows, topic_id=topic, created_at=now
            )
            await runs.cancel(connection, run, CancelledNews.LATER, now)
        assert await plan(world.system) == 0
        await world.change(after, has_results=True)
        assert await plan(world.system) == 1
        await deliver(world.mailer)
        (mail,) = world.mails(ALICE)
        assert RECRUITING not in text_of(mail)


def test_every_reason_has_a_rule_for_the_news() -> None:
    assert set(CARRY_OVER) == set(Ineligibility)
