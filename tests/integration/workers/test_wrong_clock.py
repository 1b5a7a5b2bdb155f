"""A worker whose machine's clock is wrong plans, limits, retries and deletes by the database's clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import update

from service import request_queue
from service.cli.digests import send_due
from service.configuration.settings import Settings
from service.digests.planner import plan_now
from service.domain.buckets import BUCKETS
from service.store.mail import quota
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System, open_system
from tests.integration.privacy import cast
from tests.integration.web.signing_up import publish_terms, rows
from tests.integration.workers.world import TRIAL, World, open_world, snapshot
from tests.machines import AHEAD, machines
from tests.smtp_server import On
from workers.deliver.deliver import deliver
from workers.heartbeat import Heartbeat
from workers.retention import sweep_retention
from workers.visitor_requests import process_requests
from workers.worker import plan_on_time

__all__ = ["machines"]

#: SQLite is on the machine of its workers: it has their clock.
pytestmark = [pytest.mark.parametrize("database_url", ["postgresql"], indirect=True), pytest.mark.slow]

HOUR, TWO_DAYS = timedelta(hours=1), timedelta(days=2)
WRONG = [HOUR, TWO_DAYS, -HOUR, -TWO_DAYS]

#: How much time may pass within a test.
SLACK = timedelta(minutes=2)


@asynccontextmanager
async def worker_with(settings: Settings, ahead: timedelta, *rules: On) -> AsyncIterator[World]:
    """A worker that has begun, on a machine whose clock is ahead by so much."""
    AHEAD.set(ahead)
    async with open_system(settings) as system, open_world(system, *rules) as world:
        await Heartbeat(world.mailer).beat()
        yield world
    AHEAD.set(timedelta())


async def news_for(world: World, frequency: str, due_in: timedelta) -> None:
    """A person of this frequency has news, and its slot is due in so long."""
    before = snapshot()
    await world.hold(before)
    await world.follow("otto@example.org", f"trial:{TRIAL}", frequency=frequency)
    await world.change(before, status="RECRUITING")
    async with writing(world.system.database) as connection:
        await connection.execute(update(t.slot).values(due_at=datetime.now(UTC) + due_in))


async def digests(system: System) -> int:
    return len(await rows(system.database, t.digest))


@pytest.mark.parametrize("ahead", WRONG)
@pytest.mark.parametrize("frequency", ["daily", "weekly", "monthly"])
async def test_a_digest_is_planned_at_its_due_time_and_not_before(
    frequency: str, ahead: timedelta, settings: Settings, machines: None
) -> None:
    async with worker_with(settings, ahead) as world:
        await news_for(world, frequency, 2 * SLACK)
        await plan_on_time(world.system, BUCKETS)
        assert (await send_due(world.system)).queued == 0
        assert await digests(world.system) == 0, "too early"
        async with writing(world.system.database) as connection:
            await connection.execute(update(t.slot).values(due_at=datetime.now(UTC) - SLACK))
        await plan_on_time(world.system, BUCKETS)
        assert await digests(world.system) == 1
        (slot,) = await rows(world.system.database, t.slot, t.slot.c.frequency == frequency)
        assert slot.due_at > datetime.now(UTC), "the next one"
        await deliver(world.mailer)
        assert len(world.smtp.mails) == 1


async def test_a_clock_that_is_set_between_two_rounds_plans_nothing_early(
    settings: Settings, machines: None
) -> None:
    async with worker_with(settings, -TWO_DAYS) as world:
        await news_for(world, "daily", HOUR)
        AHEAD.set(timedelta())
        await plan_on_time(world.system, BUCKETS)
        assert await digests(world.system) == 0


@pytest.mark.parametrize("ahead", WRONG)
async def test_the_limits_of_a_mailbox_are_kept(ahead: timedelta, settings: Settings, machines: None) -> None:
    now = datetime.now(UTC)
    async with worker_with(settings, ahead) as world:
        system = world.system
        await publish_terms(system.database)
        for _ in range(5):  # a worker with the right clock, then one with the wrong one, in turn
            await ask_for_a_link(system, now)
            AHEAD.set(ahead - AHEAD.get())
            async with open_system(settings) as other, open_world(other) as elsewhere:
                await Heartbeat(elsewhere.mailer).beat()
                await process_requests(other)
            async with writing(system.database) as connection:  # or the next request is answered by it
                await connection.execute(update(t.delivery).values(state="sent"))
    due = sorted({row.due_at for row in await rows(system.database, t.delivery)})  # a moment may be inherited
    assert now - SLACK <= due[0] <= now + SLACK, "the first at once"
    assert all(later - earlier >= quota.PAUSE for earlier, later in pairwise(due))
    assert sum(at < now + quota.DAY - SLACK for at in due) == quota.MOST_A_DAY
    assert due[-1] < now + quota.DAY + HOUR


async def ask_for_a_link(system: System, now: datetime) -> None:
    """Bob, a follower, requests a link to the preferences."""
    if not await rows(system.database, t.subscriber):
        await cast.follower(system, cast.BOB)
    async with writing(system.database) as connection:
        request = request_queue.PreferencesLinkRequest(cast.BOB)
        kind = request_queue.RequestKind.PREFERENCES_LINK
        await request_queue.enqueue(connection, system.keyring, 0, kind, request, now)


@pytest.mark.parametrize("ahead", [HOUR, TWO_DAYS])
async def test_a_mail_that_no_server_accepted_is_retried_soon(
    ahead: timedelta, settings: Settings, machines: None
) -> None:
    async with worker_with(settings, ahead, On("CONNECT", drop=True)) as world:
        await news_for(world, "daily", -SLACK)
        await plan_now(world.system)
        await deliver(world.mailer)
        (mail,) = await rows(world.system.database, t.delivery)
    assert mail.state == "queued"
    assert mail.due_at < datetime.now(UTC) + SLACK


async def test_a_sign_up_that_can_still_be_confirmed_is_not_deleted(
    settings: Settings, machines: None
) -> None:
    async with worker_with(settings, timedelta(days=30)) as world:
        async with writing(world.system.database) as connection:
            await cast.sign_up(connection, world.system, cast.ALICE)
        await sweep_retention(world.system)
        assert len(await rows(world.system.database, t.subscriber)) == 1
        assert await rows(world.system.database, t.subscription)
