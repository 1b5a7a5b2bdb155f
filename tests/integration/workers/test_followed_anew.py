"""A reader who follows a study anew, before the news of their first subscription to it was reported."""

import pytest

from service.system import System
from tests.events import removed, upserted
from tests.integration.workers.ingested import TRIAL, received
from tests.integration.workers.world import open_world

ALICE = "alice@example.org"


@pytest.mark.slow
@pytest.mark.parametrize("frequency", ["immediate", "weekly"])
async def test_news_of_both_subscriptions_to_a_study_is_reported_once(system: System, frequency: str) -> None:
    topic = f"trial:{TRIAL}"
    async with open_world(system) as world:
        await received(system, upserted(TRIAL, 1, has_results=False))
        alice = await world.follow(ALICE, topic, frequency=frequency)
        await received(
            system, upserted(TRIAL, 2, status="SUSPENDED", why_stopped="No staff", has_results=False)
        )
        await received(system, removed(TRIAL, 3))
        await world.follow_too(alice, topic, frequency=frequency)
        await received(
            system, upserted(TRIAL, 4, status="SUSPENDED", why_stopped="No staff", has_results=True)
        )
        await world.send_all()
        await world.send_all()
        (text,) = world.texts(ALICE)
    assert "No staff" in text
    assert "results" in text.lower()
