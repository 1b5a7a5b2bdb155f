"""A reader stops a study while an operator cancels the run of digests that has its news."""

import asyncio
from datetime import UTC, datetime

import pytest

from service.domain.digests.run import CancelledNews
from service.domain.subscription import EndReason
from service.store.digests import runs
from service.store.people import subscribers, subscriptions
from service.store.sql import tables as t
from service.system import System
from tests.events import upserted
from tests.integration.web.operating import plan_held
from tests.integration.workers.ingested import TRIAL, received
from tests.integration.workers.test_late_followers import waits
from tests.integration.workers.world import open_world

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]

ALICE, TOPIC = "alice@example.org", f"trial:{TRIAL}"


async def test_a_study_stopped_while_a_run_is_cancelled_is_not_planned_again(system: System) -> None:
    async with open_world(system) as world:
        await received(system, upserted(TRIAL, 1, status="NOT_YET_RECRUITING"))
        alice = await world.follow(ALICE, TOPIC)
        await received(system, upserted(TRIAL, 2, status="RECRUITING"))
        run, now = await plan_held(system), datetime.now(UTC)

        async def cancel() -> None:
            async with system.writing() as other:
                await runs.cancel(other, run, CancelledNews.LATER, now)

        async with system.writing() as connection:
            await subscribers.lock(connection, alice)
            topic = (await connection.execute(t.topic.select().where(t.topic.c.key == TOPIC))).one()
            stopped = {"reason": EndReason.UNFOLLOWED, "now": now, "topic_ids": [topic.id]}
            await subscriptions.end(connection, alice, **stopped)
            task = asyncio.create_task(cancel())
            await waits(connection, system, task)
        await task
        async with system.reading() as connection:
            (row,) = await connection.execute(t.subscription.select())
    assert (row.state, row.in_planning) == ("ended", False)
