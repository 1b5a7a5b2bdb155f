"""A run is cancelled while its readers unsubscribe: one waits for the other, and both succeed."""

import asyncio
import contextlib
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from service.actions import runs as run_actions
from service.domain.digests.run import CancelledNews
from service.domain.subscription import EndReason
from service.store.audit import Operator
from service.store.digests import runs
from service.store.people import subscribers, subscriptions
from service.store.sql import tables as t
from service.system import System
from tests.conftest import POSTGRESQL
from tests.integration.web.operating import plan_held
from tests.integration.workers.world import TRIAL, open_world, snapshot
from tests.lock_waits import somebody_waits
from tests.waiting import PATIENCE, until


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
@pytest.mark.parametrize("news", list(CancelledNews))
async def test_a_reader_who_unsubscribes_and_an_operator_meet_in_no_deadlock(
    system: System, news: CancelledNews
) -> None:
    now = datetime.now(UTC)
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        alice = await world.follow("alice@example.org", f"trial:{TRIAL}")
        await world.change(before, status="RECRUITING")
        run = await plan_held(system)

        async def cancel() -> int:
            async with system.writing() as connection:
                return await runs.cancel(connection, run, news, now)

        async with system.writing() as connection:
            await subscribers.lock(connection, alice)
            cancelling = asyncio.create_task(cancel())
            await until(lambda: cancelling.done() or somebody_waits(system))
            await subscriptions.end(connection, alice, reason=EndReason.UNSUBSCRIBED, now=now)
        await asyncio.wait_for(cancelling, PATIENCE)
        async with system.reading() as connection:
            assert (await connection.execute(select(t.delivery.c.state))).scalars().all() == ["cancelled"]
            assert await subscriptions.active(connection, alice) == []


@pytest.mark.slow
@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
@pytest.mark.usefixtures("one_bucket")
async def test_a_cancelled_run_that_meets_its_readers_requests_in_a_deadlock_is_cancelled(
    system: System,
) -> None:
    """Requests of several readers are processed in one transaction, in the order in which they came."""
    now = datetime.now(UTC)
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        people = [await world.follow(f"{name}@example.org", f"trial:{TRIAL}") for name in ("alice", "bob")]
        await world.change(before, status="RECRUITING")
        run = await plan_held(system)
        operator = Operator("tests", "command")
        # Where the machine is busy, the requests may be ended instead: as the worker does, they are given up.
        with contextlib.suppress(OperationalError):
            async with system.writing() as connection:
                await subscribers.lock(connection, max(people))
                cancelling = asyncio.create_task(
                    run_actions.cancel(system, operator, run, CancelledNews.LATER, now)
                )
                await until(lambda: cancelling.done() or somebody_waits(system))
                await subscribers.lock(connection, min(people))
        assert await asyncio.wait_for(cancelling, PATIENCE) == 2
        async with system.reading() as connection:
            assert (await connection.execute(select(t.delivery.c.state))).scalars().all() == ["cancelled"] * 2
