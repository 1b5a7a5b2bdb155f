"""A mailbox that refuses every mail for good: how often it is written to, and when no more."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from service.actions import change_address
from service.crypto.link_tokens import Purpose, make_token, short_index
from service.digests.planner import plan, plan_now
from service.domain.buckets import bucket_of
from service.domain.delivery.retry import DIGEST_POLICY
from service.domain.delivery.smtp_reply import OutcomeKind, SessionStage, classify
from service.request_queue import AddressChangeRequest
from service.store.mail.claim_names import new_claim
from service.store.people.bounces import apply_outcome
from service.store.sql import tables as t
from service.system import System
from tests.integration.workers.world import TRIAL, World, open_world, snapshot, text_of
from tests.smtp_server import On
from workers.deliver.batch import render_batch
from workers.deliver.claiming import claim_due
from workers.deliver.deliver import deliver
from workers.deliver.outcomes import OutcomeRecorder

ALICE, BOB = "alice@example.org", "bob@example.org"
TOPIC = f"trial:{TRIAL}"
FULL = "552 5.2.2 The mailbox is full\r\n"


async def rounds(world: World, number: int = 3) -> int:
    """Workers plan and send so many times; how often Alice's mailbox was asked so far."""
    for _ in range(number):
        await plan(world.system)
        await deliver(world.mailer)
    return sum(command.startswith(f"RCPT TO:<{ALICE}>") for command in world.smtp.commands)


@pytest.mark.slow
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


async def test_two_immediate_digests_a_day_are_refused_at_most(system: System) -> None:
    refused = On("BODY", "554 5.7.1 This looks like spam\r\n", match=ALICE)
    with time_machine.travel(datetime.now(UTC)) as clock:
        async with open_world(system, refused) as world:
            before = snapshot(has_results=False)
            await world.hold(before)
            await world.follow(ALICE, TOPIC)
            await world.change(before, status="RECRUITING")
            asked = []
            for _ in range(7):  # one after four hours, the next when a day has passed since the first
                asked.append(await rounds(world, 1))
                clock.shift(timedelta(hours=4, minutes=1))
            assert asked == [1, 2, 2, 2, 2, 2, 3]


@pytest.mark.slow
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


async def move(system: System, person: int, old: str, new: str) -> None:
    """A person changes their address, and confirms it from the new one."""
    now = datetime.now(UTC)
    request = AddressChangeRequest(person, new, short_index(system.addresses.of(old)))
    async with system.writing() as connection:
        await change_address.queue_confirmation(connection, system, request, now)
        (change,) = (await connection.execute(select(t.address_change.c.id))).scalars()
        expires, index = now + timedelta(hours=1), system.addresses.of(new)
        token = make_token(system.keyring, Purpose.ADDRESS, change, expires, email_index=index)
        assert await change_address.confirm(connection, system, token, now)


@pytest.mark.slow
@pytest.mark.parametrize("reply", ["5.1.1 No such user", "5.7.17 Mailbox owner has changed"])
async def test_a_refusal_by_a_former_address_does_not_concern_the_present_one(
    system: System, reply: str
) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        alice = await world.follow(ALICE, TOPIC)
        await world.change(before, status="RECRUITING")
        await plan(world.system)
        claim, now = new_claim(bucket_of(alice)), datetime.now(UTC)
        ids = await claim_due(world.system, claim, 1, now=now, lease_until=now + timedelta(hours=1))
        mails, rows = await render_batch(world.mailer, claim, ids, now)
        await move(world.system, alice, ALICE, BOB)  # while a worker sends to the former address
        recorder = OutcomeRecorder(world.mailer, claim, rows, {mail.id: mail.domain for mail in mails})
        await recorder.record(ids[0], classify(SessionStage.RCPT, 550, None, reply))
        await recorder.close()
        async with system.reading() as connection:
            assert (await connection.execute(select(t.suppression))).all() == []
            states = (await connection.execute(select(t.subscription.c.state))).scalars().all()
        assert states == ["active"]
        await plan_now(world.system)
        await deliver(world.mailer)
        assert any("looking for participants" in text_of(mail) for mail in world.mails(BOB))
