"""A reader unsubscribes while the email about the end of a study is on its way: no other one follows."""

from datetime import UTC, datetime
from typing import Any

import pytest

from service.digests.planner import plan_now
from service.domain.subscription import EndReason
from service.store.people import subscribers, subscriptions
from service.system import System
from tests.events import merged, removed, upserted
from tests.integration.workers.ingested import OTHER, TRIAL, received
from tests.integration.workers.test_bounced_later import bounce
from tests.integration.workers.world import open_world
from workers.deliver.deliver import deliver

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]

ALICE = "alice@example.org"


async def unsubscribe(system: System, person: int) -> None:
    """The person unsubscribes from everything."""
    async with system.writing() as connection:
        await subscribers.lock(connection, person)
        await subscriptions.end(connection, person, reason=EndReason.UNSUBSCRIBED, now=datetime.now(UTC))


@pytest.mark.parametrize("end", [removed(TRIAL, 2), merged(TRIAL, 2, OTHER)], ids=["removed", "merged"])
@pytest.mark.parametrize("topics", [[TRIAL], [TRIAL, OTHER]], ids=["one topic", "two topics"])
async def test_the_end_of_a_study_that_bounced_is_not_reported_again_after_an_unsubscribe(
    system: System, end: dict[str, Any], topics: list[str]
) -> None:
    async with open_world(system) as world:
        await received(system, upserted(TRIAL, 1), upserted(OTHER, 1))
        alice = await world.follow(ALICE, *(f"trial:{nct_id}" for nct_id in topics))
        await received(system, end)
        await world.send_all()
        await unsubscribe(system, alice)
        await bounce(world)
        assert await plan_now(world.system) == 0
        await deliver(world.mailer)
        assert len(world.texts(ALICE)) == 1
