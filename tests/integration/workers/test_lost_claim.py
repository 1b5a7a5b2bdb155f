"""A worker whose claim was lost, and who ends late, undoes nothing that another worker has done."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from service.actions import personal_data
from service.digests.planner import plan
from service.domain.buckets import bucket_of
from service.domain.delivery.smtp_reply import SessionStage, classify
from service.domain.subscription import EndReason
from service.store.digests import digests
from service.store.mail import deliveries
from service.store.mail.claim_names import new_claim
from service.store.people import subscribers, subscriptions
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.conftest import POSTGRESQL
from tests.integration.workers.test_late_followers import waits
from tests.integration.workers.world import TRIAL, World, open_world, snapshot
from workers.deliver.batch import render_batch
from workers.deliver.claiming import claim_due
from workers.deliver.deliver import deliver
from workers.deliver.outcomes import OutcomeRecorder

ALICE, TOPIC = "alice@example.org", f"trial:{TRIAL}"


async def planned(world: World, *topics: str) -> int:
    """Plans a mail to Alice, who follows these studies and learns of a change of each; returns her number."""
    alice = await world.follow(ALICE, *topics)
    for key in topics:
        before = snapshot(key.partition(":")[2])
        await world.hold(before)
        await world.change(before, status="RECRUITING")
    assert await plan(world.system) == 1
    return alice


async def claimed(
    world: World, alice: int, lease: timedelta = timedelta(0)
) -> tuple[str, list[int], datetime]:
    """The claim that a worker has on her mail for this time from now; the mail; and now."""
    claim, now = new_claim(bucket_of(alice)), datetime.now(UTC)
    return claim, await claim_due(world.system, claim, 1, now=now, lease_until=now + lease), now


@pytest.mark.on_both_databases
@pytest.mark.parametrize("late", ["refused by the server", "paused"])
async def test_a_mail_that_another_worker_has_sent_is_not_reported_again(system: System, late: str) -> None:
    async with open_world(system) as world:
        alice = await planned(world, TOPIC)
        claim, ids, now = await claimed(world, alice)
        mails, rows = await render_batch(world.mailer, claim, ids, now)
        async with writing(system.database) as connection:
            assert await deliveries.release_expired(connection, [claim], now + timedelta(seconds=1)) == 1
        await deliver(world.mailer)
        assert len(world.mails(ALICE)) == 1
        if late == "paused":
            async with writing(system.database) as connection:
                await connection.execute(update(t.subscriber).values(paused_until=now + timedelta(days=1)))
            await render_batch(world.mailer, claim, ids, now)
        else:
            recorder = OutcomeRecorder(world.mailer, claim, rows, {mail.id: mail.domain for mail in mails})
            await recorder.record(ids[0], classify(SessionStage.RCPT, 550, None, "5.1.1 No such user"))
            await recorder.close()
        async with system.reading() as connection:
            assert (await connection.execute(select(t.delivery.c.state))).scalars().all() == ["sent"]
            assert (await connection.execute(select(t.digest.c.rolled_back))).scalars().all() == [False]
            assert (await connection.execute(select(t.suppression))).all() == []


@pytest.mark.slow
@pytest.mark.on_both_databases
async def test_the_links_of_a_mail_that_another_worker_has_sent_stay_those_of_its_topics(
    system: System,
) -> None:
    """Each link that stops a topic carries its place among the topics that the mail told of."""
    topics = ["trial:NCT00000002", TOPIC]
    async with open_world(system) as world:
        alice = await planned(world, *topics)
        claim, (mail,), now = await claimed(world, alice)
        async with writing(system.database) as connection:
            assert await deliveries.release_expired(connection, [claim], now + timedelta(seconds=1)) == 1
        await deliver(world.mailer)
        async with writing(system.database) as connection:
            await subscribers.lock(connection, alice)
            (first, _) = await subscriptions.active(connection, alice)
            stopped = {"reason": EndReason.UNFOLLOWED, "now": now, "topic_ids": [first.topic_id]}
            await subscriptions.end(connection, alice, **stopped)
        await render_batch(world.mailer, claim, [mail], now)
        async with system.reading() as connection:
            assert await digests.topics_of_mail(connection, mail, alice) == topics


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_a_person_who_is_erased_while_their_mail_is_written_gets_none(system: System) -> None:
    """The worker has found whom to write to, and waits for a lock."""
    async with open_world(system) as world:
        alice = await planned(world, TOPIC)
        claim, ids, now = await claimed(world, alice, timedelta(hours=1))
        async with writing(system.database) as connection:
            await connection.execute(text("LOCK TABLE topic"))
            rendering = asyncio.create_task(render_batch(world.mailer, claim, ids, now))
            await waits(connection, system, rendering)
            await personal_data.erase(connection, system, alice)
        mails, _ = await rendering
    assert mails == []
