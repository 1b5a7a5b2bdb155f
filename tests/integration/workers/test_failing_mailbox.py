"""A mailbox that refuses every mail for good: how often it is written to, and when no more."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from service.digests.planner import plan, plan_now
from service.domain.delivery.retry import DIGEST_POLICY
from service.domain.delivery.smtp_reply import OutcomeKind
from service.store.people.bounces import apply_outcome
from service.store.sql import tables as t
from service.system import System
from tests.integration.workers.world import TRIAL, World, open_world, snapshot, text_of
from tests.smtp_server import On
from workers.deliver.deliver import deliver

ALICE, BOB = "alice@example.org", "bob@example.org"
TOPIC = f"trial:{TRIAL}"
FULL = "552 5.2.2 The mailbox is full\r\n"


async def rounds(world: World, number: int = 3) -> int:
    """Workers plan and send so many times; how often Alice's mailbox was asked so far."""
    for _ in range(number):
        await plan(world.system)
        await deliver(world.mailer)
    return sum(command.startswith(f"RCPT TO:<{ALICE}>") for command in world.smtp.commands)


@pytest.mark.parametrize(
    ("stage", "reply"), [("RCPT", FULL), ("BODY", "554 5.6.0 Malformed\r\n")], ids=["full", "refused"]
)
async def test_a_mailbox_that_refuses_an_immediate_digest_is_not_asked_again_at_once(
    system: System, stage: str, reply: str
) -> None:
    rule = On(stage, reply, match=ALICE)
    with time_machine.travel(datetime.now(UTC)) as clock:
        async with open_world(system, rule) as world:
            before = snapshot(has_results=False)
            await world.hold(before)
            await world.follow(ALICE, TOPIC)
            await world.follow(BOB, TOPIC)
            after = await world.change(before, status="RECRUITING")
            assert await rounds(world) == 1
            await world.change(after, has_results=True)
            assert await rounds(world) == 1
            assert len(world.mails(BOB)) == 2, "others get their news as ever"
            rule.times = 0  # it has room again
            clock.shift(DIGEST_POLICY.longest + timedelta(minutes=1))
            assert await rounds(world) == 2
            (mail,) = world.mails(ALICE)
            assert "looking for participants" in text_of(mail)
            assert "Results are now posted" in text_of(mail)


async def test_an_operator_who_sends_now_sends_to_a_mailbox_that_just_refused(system: System) -> None:
    async with open_world(system, On("RCPT", FULL, match=ALICE, times=1)) as world:
        before = snapshot()
        await world.hold(before)
        alice = await world.follow(ALICE, TOPIC)
        await world.change(before, status="RECRUITING")
        assert await rounds(world) == 1
        assert await plan_now(world.system, alice) == 1
        await deliver(world.mailer)
        assert len(world.mails(ALICE)) == 1


async def test_failures_each_day_suppress_an_address_as_well_as_failures_each_week(system: System) -> None:
    async with open_world(system) as world:
        alice = await world.follow(ALICE, TOPIC)
        begun = datetime.now(UTC)
        for day in range(16):
            async with system.writing() as connection:
                count = select(func.count()).select_from(t.suppression)
                suppressed = (await connection.execute(count)).scalar_one()
                assert suppressed == (day > 15), day
                at = begun + timedelta(days=day)
                await apply_outcome(connection, alice, OutcomeKind.SOFT_BOUNCE, source="smtp", now=at)
        async with system.reading() as connection:
            (reason,) = (await connection.execute(select(t.suppression.c.reason))).scalars()
            assert reason == "soft_bounces"
            (kept,) = (await connection.execute(select(t.bounce_count.c.failures))).scalars()
            assert len(kept) == 10
