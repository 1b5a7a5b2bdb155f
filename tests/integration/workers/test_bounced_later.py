"""A relay accepts every mail, and bounces come back later: they are counted as refusals are."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from service.actions.feedback import Effect, apply_feedback
from service.digests.planner import plan_now
from service.domain.delivery.smtp_reply import SessionStage, classify
from service.mail.inbound.feedback import Feedback, FeedbackKind
from service.store.sql import tables as t
from service.system import System
from tests.integration.workers.world import TRIAL, World, open_world, snapshot
from workers.deliver.deliver import deliver

ALICE, TOPIC = "alice@example.org", f"trial:{TRIAL}"
STATUSES = ["RECRUITING", "SUSPENDED"]


async def bounce(world: World) -> None:
    """The last mail comes back: its mailbox is full."""
    outcome = classify(SessionStage.REPORT, 552, "5.2.2", "The mailbox is full")
    token = world.smtp.mails[-1].mail_from.partition("@")[0]
    found = Feedback(FeedbackKind.BOUNCED_SOFT, token, outcome)
    assert await apply_feedback(world.system, found, world.system.now()) is Effect.APPLIED


@pytest.mark.parametrize("arrives", [None, 1], ids=["all bounce", "one arrives"])
async def test_mails_that_a_relay_accepts_and_that_bounce_suppress_in_the_end(
    system: System, arrives: int | None
) -> None:
    with time_machine.travel(datetime.now(UTC)) as clock:
        async with open_world(system) as world:
            study = snapshot()
            await world.hold(study)
            await world.follow(ALICE, TOPIC, frequency="weekly")
            for week in range(3 if arrives is None else 4):
                study = await world.change(study, status=STATUSES[week % 2])
                await plan_now(world.system)
                await deliver(world.mailer)
                if week != arrives:
                    await bounce(world)
                clock.shift(timedelta(days=7, minutes=1))
            async with system.reading() as connection:
                reasons = (await connection.execute(select(t.suppression.c.reason))).scalars().all()
                counts = (await connection.execute(select(t.bounce_count.c.failures))).scalars().all()
    assert list(reasons) == (["soft_bounces"] if arrives is None else [])
    assert [len(failures) for failures in counts] == [3 if arrives is None else 2]
