"""What happens to a person's subscriptions while a run is planned is reported by the next one."""

from typing import Any

import pytest

from service.digests import planner
from service.digests.planner import plan_now
from service.system import System
from tests.events import merged, removed, upserted
from tests.integration.workers.ingested import OTHER, TRIAL, received
from tests.integration.workers.world import open_world
from workers.deliver.deliver import deliver

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]

ALICE = "alice@example.org"


@pytest.mark.parametrize(
    ("end", "told"),
    [(removed(TRIAL, 3), "removed"), (merged(TRIAL, 3, OTHER), OTHER)],
    ids=["removed", "merged"],
)
async def test_a_trial_that_ends_while_a_run_is_planned_is_reported_by_the_next_one(
    system: System, monkeypatch: pytest.MonkeyPatch, end: dict[str, Any], told: str
) -> None:
    whole = planner._plan_chunks

    async def ends_before(*arguments: Any, **options: Any) -> int:
        await received(system, end)
        return await whole(*arguments, **options)

    async with open_world(system) as world:
        await received(system, upserted(TRIAL, 1, status="NOT_YET_RECRUITING"), upserted(OTHER, 1))
        await world.follow(ALICE, f"trial:{TRIAL}")
        await received(system, upserted(TRIAL, 2, status="RECRUITING"))
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(planner, "_plan_chunks", ends_before)
            assert await plan_now(world.system) == 1
        await deliver(world.mailer)
        await plan_now(world.system)
        await deliver(world.mailer)
        texts = world.texts(ALICE)
    assert len(texts) == 2
    assert sum(told in text for text in texts) == 1
