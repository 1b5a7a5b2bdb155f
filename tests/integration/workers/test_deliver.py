"""From the log to the inbox: each reader is notified once, and mail that must not or cannot be sent ends."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from service.crypto.sealed_json import CONTEXT, seal_json
from service.digests.planner import plan, plan_now
from service.mail.smtp.throttle import DomainThrottle
from service.store.mail import deliveries
from service.store.people import address_changes, cursors, subscriptions, suppressions
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.workers.world import TRIAL, open_world, snapshot, text_of
from tests.smtp_server import On
from workers.deliver.deliver import deliver

pytestmark = pytest.mark.on_both_databases

ALICE, BOB = "alice@example.org", "bob@example.org"
TOPIC = f"trial:{TRIAL}"


async def states(system: System) -> list[tuple[str, str | None]]:
    """Every delivery's state and outcome, in the order in which their readers came."""
    async with reading(system.database) as connection:
        rows = await connection.execute(
            select(t.delivery.c.state, t.delivery.c.outcome).order_by(
                t.delivery.c.subscriber_id, t.delivery.c.id
            )
        )
        return [(row.state, row.outcome) for row in rows]


async def test_a_change_reaches_its_follower_once(system: System) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow(ALICE, TOPIC)
        await world.change(before, status="RECRUITING")
        assert await plan(world.system) == 1
        await deliver(world.mailer)
        (mail,) = world.mails(ALICE)
        assert "The registry now says this study is looking for participants." in text_of(mail)
        assert "You follow this study." in text_of(mail)
        assert await plan(world.system) == 0
        assert await plan_now(world.system) == 0
        await deliver(world.mailer)
        assert len(world.mails()) == 1
        assert await states(system) == [("sent", "sent")]


async def test_changes_before_the_confirmation_are_not_reported(system: System) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        after = await world.change(before, status="RECRUITING")
        await world.follow(ALICE, TOPIC)
        assert await plan_now(world.system) == 0
        await world.change(after, status="SUSPENDED")
        assert await plan_now(world.system) == 1


async def test_a_digest_emptied_by_filters_ends_without_a_mail(
    system: System,
) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow(ALICE, TOPIC, filters={"kinds": ["sponsor"]})
        await world.change(before, status="RECRUITING")
        assert await plan_now(world.system) == 1
        await deliver(world.mailer)
        assert world.mails() == []
        assert await states(system) == [("empty", "nothing_to_tell")]
        assert await plan_now(world.system) == 0


async def test_a_change_that_was_reversed_is_not_reported(system: System) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow(ALICE, TOPIC)
        after = await world.change(before, status="RECRUITING")
        await world.change(after, status="NOT_YET_RECRUITING")
        await plan_now(world.system)
        await deliver(world.mailer)
        assert world.mails() == []
        assert await states(system) == [("empty", "nothing_to_tell")]


async def test_an_unconfirmed_reader_gets_nothing(system: System) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow(ALICE, TOPIC, confirmed=False)
        await world.change(before, status="RECRUITING")
        assert await plan_now(world.system) == 0


async def test_a_reader_who_unsubscribes_between_planning_and_sending_gets_nothing(system: System) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        alice = await world.follow(ALICE, TOPIC)
        await world.change(before, status="RECRUITING")
        assert await plan_now(world.system) == 1
        async with writing(system.database) as connection:
            await subscriptions.end(connection, alice, reason="unsubscribed", now=datetime.now(UTC))
        await deliver(world.mailer)
        assert world.mails() == []
        assert await states(system) == [("cancelled", "unsubscribed")]


@pytest.mark.parametrize(
    ("column", "reason"), [("suppressed", "suppressed"), ("paused", "paused"), ("erased", "erased")]
)
async def test_a_suppression_pause_or_erasure_since_planning_cancels_the_mail(
    system: System, column: str, reason: str
) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        alice = await world.follow(ALICE, TOPIC)
        await world.change(before, status="RECRUITING")
        await plan_now(world.system)
        now = datetime.now(UTC)
        async with writing(system.database) as connection:
            if column == "suppressed":
                index = system.addresses.of(ALICE)
                await suppressions.add(connection, index, "operator", source="test", now=now)
            elif column == "paused":
                until = {"paused_until": now + timedelta(days=3)}
                await connection.execute(update(t.subscriber).values(**until))
            else:
                for table in (t.cursor, t.subscription, t.digest):
                    await connection.execute(table.delete().where(table.c.subscriber_id == alice))
                await connection.execute(t.subscriber.delete())
        await deliver(world.mailer)
        assert world.mails() == []
        assert await states(system) == [("cancelled", reason)]


async def test_changes_during_a_pause_are_reported_after_it(system: System) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        alice = await world.follow(ALICE, TOPIC)
        after = await world.change(before, status="RECRUITING")
        await plan_now(world.system)
        async with writing(system.database) as connection:
            until = datetime.now(UTC) + timedelta(days=3)
            await connection.execute(update(t.subscriber).values(paused_until=until))
            await cursors.mark_behind(connection, alice)
        await deliver(world.mailer)
        await world.change(after, status="ACTIVE_NOT_RECRUITING")
        assert await plan(world.system) == 0
        async with writing(system.database) as connection:
            await connection.execute(update(t.subscriber).values(paused_until=None))
        assert await plan(world.system) == 1
        await deliver(world.mailer)
        (mail,) = world.mails(ALICE)
        assert "is not taking new participants" in text_of(mail)


@pytest.mark.slow
async def test_a_hard_bounce_suppresses_the_address(system: System) -> None:
    async with open_world(system, On("RCPT", "550 5.1.1 no such user", match=ALICE)) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow(ALICE, TOPIC)
        await world.follow(BOB, TOPIC)
        after = await world.change(before, status="RECRUITING")
        await plan_now(world.system)
        await deliver(world.mailer)
        assert len(world.mails(BOB)) == 1
        assert await states(system) == [("bounced", "hard_bounce"), ("sent", "sent")]
        await world.change(after, status="SUSPENDED")
        assert await plan_now(world.system) == 1


@pytest.mark.slow
async def test_a_refusal_for_our_reputation_suppresses_nobody_and_loses_no_news(system: System) -> None:
    refusal = On("RCPT", "550 5.7.1 message refused by policy", times=1)
    async with open_world(system, refusal) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow(ALICE, TOPIC)
        await world.change(before, status="RECRUITING")
        await plan_now(world.system)
        await deliver(world.mailer)
        assert world.mails() == []
        async with reading(system.database) as connection:
            assert (await connection.execute(select(t.suppression))).first() is None
        world.mailer.sender.domains = DomainThrottle()  # the provider's pause is over
        assert await plan_now(world.system) == 1
        await deliver(world.mailer)
        assert len(world.mails(ALICE)) == 1


async def test_a_deferred_mail_goes_later_under_the_same_message_id(system: System) -> None:
    async with open_world(system, On("BODY", "451 4.3.0 later, please", times=1)) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow(ALICE, TOPIC)
        await world.change(before, status="RECRUITING")
        await plan_now(world.system)
        await deliver(world.mailer)
        assert world.mails() == []
        async with writing(system.database) as connection:
            row = (await connection.execute(select(t.delivery))).one()
            assert row.state == "queued"
            assert row.due_at >= datetime.now(UTC) + timedelta(minutes=29)
            await connection.execute(update(t.delivery).values(due_at=datetime.now(UTC)))
        await deliver(world.mailer)
        (mail,) = world.mails(ALICE)
        assert mail["Message-ID"] == f"<{row.message_key}@mail.example.org>"


@pytest.mark.slow
async def test_a_digest_that_cannot_be_rendered_delays_no_other_and_is_planned_again(system: System) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        for reader in (ALICE, BOB):
            await world.follow(reader, TOPIC)
        await world.change(before, status="RECRUITING")
        await plan(world.system)
        async with writing(system.database) as connection:
            first = select(t.delivery.c.id).order_by(t.delivery.c.id).limit(1).scalar_subquery()
            broken = update(t.delivery).where(t.delivery.c.id == first)
            await connection.execute(broken.values(message_key="no key"))
        await deliver(world.mailer)
        assert sorted(await states(system)) == [("failed", "unwritable"), ("sent", "sent")]
        assert len(world.mails()) == 1
        assert await plan_now(world.system) == 1
        await deliver(world.mailer)
        assert sorted(mail["To"] for mail in world.mails()) == [ALICE, BOB]


async def test_a_wrong_new_address_does_not_suppress_the_persons_own(system: System) -> None:
    async with open_world(system, On("RCPT", "550 5.1.1 no such user")) as world:
        person = await world.follow(ALICE, TOPIC)
        now = datetime.now(UTC)
        async with writing(system.database) as connection:
            change = await address_changes.create(connection, person, b"", now)
            context = seal_json(
                system.keyring, CONTEXT, person, {"address": "typo@example.org", "change_id": change}
            )
            await deliveries.queue(connection, person, "address_change", now=now, context=context)
        await deliver(world.mailer)
        assert await states(system) == [("bounced", "hard_bounce")]
        async with reading(system.database) as connection:
            assert await suppressions.reason_of(connection, system.addresses.of(ALICE)) is None
