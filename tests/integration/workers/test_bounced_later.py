"""A relay accepts every mail, and bounces come back later: they have the consequences of refusals."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from service.actions.feedback import Effect, apply_feedback
from service.digests.planner import plan, plan_now
from service.domain.delivery.smtp_reply import SessionStage, classify
from service.mail.inbound.feedback import Feedback, FeedbackKind
from service.store.people import cursors
from service.store.sql import tables as t
from service.system import System
from tests.integration.workers.test_failing_mailbox import ALICE, BOB, move
from tests.integration.workers.world import TRIAL, World, open_world, snapshot, text_of
from workers.deliver.deliver import deliver

TOPIC = f"trial:{TRIAL}"
RESULTS, PAUSED = "Results are now posted", "is paused"
STATUSES = ["RECRUITING", "SUSPENDED", "ACTIVE_NOT_RECRUITING", "TERMINATED"]


async def bounce(world: World, number: int = -1) -> Effect:
    """A mail comes back, the last one unless told otherwise: its mailbox is full."""
    outcome = classify(SessionStage.REPORT, 552, "5.2.2", "The mailbox is full")
    token = world.smtp.mails[number].mail_from.partition("@")[0]
    found = Feedback(FeedbackKind.BOUNCED_SOFT, token, outcome)
    return await apply_feedback(world.system, found, world.system.now())


@pytest.mark.slow
@pytest.mark.usefixtures("one_bucket")
@pytest.mark.parametrize("arrives", [None, 1], ids=["all bounce", "one arrives"])
async def test_mails_that_a_relay_accepts_and_that_bounce_suppress_in_the_end(
    system: System, arrives: int | None
) -> None:
    with time_machine.travel(datetime.now(UTC)) as clock:
        async with open_world(system) as world:
            study = snapshot()
            await world.hold(study)
            for person in (ALICE, BOB):  # his mails arrive
                await world.follow(person, TOPIC, frequency="weekly")
            for week in range(3 if arrives is None else 4):
                study = await world.change(study, status=STATUSES[week])
                await plan_now(world.system)
                await deliver(world.mailer)
                number = max(i for i, mail in enumerate(world.smtp.mails) if mail.rcpt_to == ALICE)
                if week != arrives:
                    assert await bounce(world, number) is Effect.APPLIED
                clock.shift(timedelta(days=7, minutes=1))
            async with system.reading() as connection:
                reasons = (await connection.execute(select(t.suppression.c.reason))).scalars().all()
                counts = (await connection.execute(select(t.bounce_count.c.failures))).scalars().all()
    assert list(reasons) == (["soft_bounces"] if arrives is None else [])
    assert [len(failures) for failures in counts] == [3 if arrives is None else 2]


async def results_sent(world: World) -> int:
    """Alice, who follows a study, is sent a digest that its results were posted. Returns her number."""
    study = snapshot(has_results=False)
    await world.hold(study)
    alice = await world.follow(ALICE, TOPIC, frequency="weekly")
    await world.change(study, has_results=True)
    assert await plan_now(world.system) == 1
    await deliver(world.mailer)
    return alice


@pytest.mark.slow
async def test_changes_of_a_digest_that_comes_back_are_reported_by_the_next_one_once(system: System) -> None:
    async with open_world(system) as world:
        await results_sent(world)
        assert [await bounce(world), await bounce(world)] == [Effect.APPLIED, Effect.REPEATED]
        assert await plan_now(world.system) == 1
        await deliver(world.mailer)
        assert await plan_now(world.system) == 0
        assert [RESULTS in text_of(mail) for mail in world.mails(ALICE)] == [True, True]


@pytest.mark.slow
async def test_changes_that_a_later_digest_reported_are_not_reported_again_for_a_bounce(
    system: System,
) -> None:
    async with open_world(system) as world:
        study = snapshot(has_results=False)
        await world.hold(study)
        await world.follow(ALICE, TOPIC, frequency="daily")
        for changes in ({"has_results": True}, {"status": "SUSPENDED"}):
            study = await world.change(study, **changes)
            await plan_now(world.system)
            await deliver(world.mailer)
        assert await bounce(world, 0) is Effect.APPLIED
        assert await plan_now(world.system) == 1
        await deliver(world.mailer)
        told = [(RESULTS in text_of(mail), PAUSED in text_of(mail)) for mail in world.mails(ALICE)]
        assert told == [(True, False), (False, True), (True, False)]


@pytest.mark.usefixtures("one_bucket")
async def test_an_immediate_digest_that_comes_back_is_followed_by_another_after_four_hours(
    system: System,
) -> None:
    """Its reader waits so long, and nobody else does."""
    with time_machine.travel(datetime.now(UTC)) as clock:
        async with open_world(system) as world:
            study = snapshot(has_results=False)
            await world.hold(study)
            await world.follow(ALICE, TOPIC)
            study = await world.change(study, has_results=True)
            planned = [await plan(world.system)]
            await deliver(world.mailer)
            await bounce(world)
            bob = await world.follow(BOB, TOPIC)
            async with system.writing() as connection:
                await cursors.mark_behind(connection, bob)
            await world.change(study, status="SUSPENDED")
            planned.append(await plan(world.system))
            await deliver(world.mailer)
            assert PAUSED in "".join(world.texts(BOB))
            clock.shift(timedelta(hours=4, minutes=1))
            planned.append(await plan(world.system))
            assert planned == [1, 1, 1]


@pytest.mark.slow
async def test_changes_of_a_digest_that_a_former_address_returned_go_to_the_present_one(
    system: System,
) -> None:
    async with open_world(system) as world:
        alice = await results_sent(world)
        await move(system, alice, ALICE, BOB)
        assert await bounce(world) is Effect.APPLIED
        await plan_now(world.system)
        await deliver(world.mailer)
        (mail,) = world.mails(BOB)
        assert RESULTS in text_of(mail)
