"""A run is closed by a worker while a command that sleeps for long still plans it."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from service.digests import planner
from service.digests.planner import plan, plan_now
from service.digests.size import RunSize
from service.domain.digests.run import CancelledNews
from service.store.digests import runs
from service.store.digests.rows import PlannedRun
from service.store.sql import tables as t
from service.system import System
from tests.integration.workers.test_planning_in_buckets import PEOPLE, followers_with_news, planned
from tests.integration.workers.world import open_world
from workers.deliver.deliver import deliver

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]


@pytest.mark.parametrize("news", [None, *CancelledNews])
async def test_a_command_plans_nobody_for_its_run_once_that_is_closed(
    system: System, monkeypatch: pytest.MonkeyPatch, news: CancelledNews | None
) -> None:
    """A held run, closed as abandoned while the command sleeps, and then released or cancelled."""
    whole = planner._plan_chunks

    async def sleeps(system: System, run: PlannedRun, parts: Sequence[list[int]]) -> int:
        made = await whole(system, run, parts[:3])
        with monkeypatch.context() as later:
            later.setattr(planner, "ABANDONED_AFTER", -planner.ABANDONED_AFTER)
            await plan(system)
        async with system.writing() as connection:
            if news is None:
                assert await runs.release(connection, run.id) == made
            else:
                assert await runs.cancel(connection, run.id, news, system.now()) == made
        return made + await whole(system, run, parts[3:])

    async def size(*_: Any, **__: Any) -> RunSize:
        return RunSize("It is as large as never before.", 0)

    async with open_world(system) as world:
        ids = await followers_with_news(world, frequency="weekly")
        with monkeypatch.context() as slow:
            slow.setattr(planner, "size_of", size)
            slow.setattr(planner, "_plan_chunks", sleeps)
            await plan_now(system)
        first = await planned(system)
        assert 0 < len(first) < PEOPLE
        await plan_now(system)
        await deliver(world.mailer)
    mailed = ids if news is not CancelledNews.NEVER else sorted(set(ids) - set(first))
    mail = t.delivery.c
    async with system.reading() as connection:
        found = (await connection.execute(select(mail.subscriber_id, mail.state).order_by(mail.id))).all()
    assert sorted(row.subscriber_id for row in found if row.state == "sent") == sorted(mailed)
    assert {row.state for row in found} <= {"sent", "cancelled"}
