"""A digest fails for good after a newer one: the newer part is reported once, and nothing is lost."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from service.digests.planner import plan
from service.digests.preview import preview
from service.domain.digests.run import CancelledNews
from service.store.digests import rollback, runs
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.web.operating import plan_held
from tests.integration.workers.world import TRIAL, open_world, snapshot, text_of
from workers.deliver.deliver import deliver

ALICE, TOPIC = "alice@example.org", f"trial:{TRIAL}"
RECRUITING, RESULTS = "looking for participants", "Results are now posted"


async def lose_first(system: System) -> None:
    """Alice's first digest, which waits for another attempt, fails for good."""
    async with writing(system.database) as connection:
        first = (await connection.execute(select(func.min(t.delivery.c.id)))).scalar_one()
        failed = update(t.delivery).where(t.delivery.c.id == first).values(state="failed")
        digest = (await connection.execute(failed.returning(t.delivery.c.digest_id))).scalar_one()
        await rollback.roll_back_digest(connection, digest)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["failed", "cancelled run"])
async def test_a_change_reported_by_a_newer_digest_is_not_reported_again(system: System, ending: str) -> None:
    async with open_world(system) as world:
        before = snapshot(has_results=False)
        await world.hold(before)
        alice = await world.follow(ALICE, TOPIC)
        after = await world.change(before, status="RECRUITING")
        held = await plan_held(system)  # the first digest waits
        after = await world.change(after, has_results=True)
        assert await plan(world.system) == 1
        await deliver(world.mailer)
        (newer,) = world.mails(ALICE)
        assert (RECRUITING in text_of(newer), RESULTS in text_of(newer)) == (False, True)
        if ending == "failed":
            await lose_first(system)
        else:
            async with writing(system.database) as connection:
                await runs.cancel(connection, held, CancelledNews.LATER, datetime.now(UTC))
        shown = [
            sentence.text
            for digest in await preview(system, alice, datetime.now(UTC))
            for sentence in digest.blocks[0].sentences
        ]
        assert len(shown) == 1
        assert await plan(world.system) == 1
        await deliver(world.mailer)
        last = world.mails(ALICE)[-1]
        assert (RECRUITING in text_of(last), RESULTS in text_of(last)) == (True, False)
        assert await plan(world.system) == 0
        assert len(world.mails(ALICE)) == 2


async def test_a_state_that_a_newer_digest_overtook_is_not_reported_afterwards(system: System) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow(ALICE, TOPIC)
        after = await world.change(before, status="RECRUITING")
        await plan_held(system)
        await world.change(after, status="SUSPENDED")
        await plan(world.system)
        await deliver(world.mailer)
        await lose_first(system)
        await plan(world.system)
        await deliver(world.mailer)
        assert len(world.mails(ALICE)) == 1, "that the study takes participants would be wrong by now"
    async with reading(system.database) as connection:
        outcomes = (await connection.execute(select(t.delivery.c.state).order_by(t.delivery.c.id))).scalars()
        assert list(outcomes) == ["failed", "sent", "empty"]
