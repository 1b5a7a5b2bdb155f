"""Figures by day, counted while the rows of the day are there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import delete, func, select, update

from service.digests.planner import plan_now
from service.domain.delivery.states import DeliveryState
from service.store.admin import daily
from service.store.admin.daily import DailyName
from service.store.digests import runs
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.integration.workers.world import TRIAL, open_world, snapshot
from workers.daily_figures import count_days, count_figures
from workers.deliver.deliver import deliver
from workers.retention import sweep_retention

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


async def figures(system: System, day: date) -> dict[str, int]:
    async with system.reading() as connection:
        found = await daily.since(connection, day)
    return {name: number for (of, name), number in found.items() if of == day}


@pytest.mark.slow
async def test_a_days_mails_and_subscriptions_are_counted_and_counting_again_changes_nothing(
    system: System,
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        async with open_world(system) as world:
            for name in ("anna", "bob", "carol"):
                await world.follow(f"{name}@example.org", f"trial:{TRIAL}")
            await world.change(snapshot(), status="RECRUITING")
            await plan_now(world.system)
            await deliver(world.mailer)
            assert len(world.mails()) == 3
        await count_days(system)
        assert await figures(system, MONDAY.date()) == {
            DailyName.MAILS_SENT: 3,
            DailyName.MAILS_BOUNCED: 0,
            DailyName.MAILS_FAILED: 0,
            DailyName.COMPLAINTS: 0,
            DailyName.EVENTS: 0,
        }

    async with writing(system.database) as connection:
        await connection.execute(
            update(t.delivery)
            .where(t.delivery.c.id == select(func.min(t.delivery.c.id)).scalar_subquery())
            .values(state=DeliveryState.BOUNCED)
        )
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        for _ in range(2):
            await count_days(system)
    counted = await figures(system, MONDAY.date())
    assert counted[DailyName.MAILS_SENT] == 2
    assert counted[DailyName.MAILS_BOUNCED] == 1
    assert counted[DailyName.CONFIRMED] == 3
    assert counted[DailyName.ENDED] == 0


async def test_days_without_a_worker_are_counted_when_one_runs_again(system: System) -> None:
    """Only yesterday was counted: the people of the days before were missing from the charts for ever."""
    with time_machine.travel(MONDAY, tick=False):
        await count_days(system)
    with time_machine.travel(MONDAY + timedelta(days=2), tick=False):
        async with open_world(system) as world:
            for name in ("anna", "bob"):
                await world.follow(f"{name}@example.org", f"trial:{TRIAL}")
    with time_machine.travel(MONDAY + timedelta(days=5), tick=False):
        await count_days(system)
    confirmed = [
        (await figures(system, (MONDAY + timedelta(days=days)).date())).get(DailyName.CONFIRMED)
        for days in range(-2, 6)
    ]
    assert confirmed == [None, 0, 0, 0, 2, 0, 0, None]


async def test_a_day_some_of_whose_mails_were_deleted_keeps_its_figures(system: System) -> None:
    system = replace(system, settings=system.settings.model_copy(update={"keep_deliveries_days": 1}))
    with time_machine.travel(MONDAY, tick=False):
        async with open_world(system) as world:
            await world.follow("anna@example.org", f"trial:{TRIAL}")
            await world.change(snapshot(), status="RECRUITING")
            await plan_now(world.system)
            await deliver(world.mailer)
        await count_days(system)
    with time_machine.travel(MONDAY + timedelta(days=1, hours=1), tick=False):
        await sweep_retention(system)
        await count_days(system)
    assert (await figures(system, MONDAY.date()))[DailyName.MAILS_SENT] == 1
    assert (await figures(system, MONDAY.date()))[DailyName.CONFIRMED] == 1


async def test_the_mails_of_a_run_stay_listed_after_they_were_deleted(system: System) -> None:
    async with open_world(system) as world:
        await world.follow("anna@example.org", f"trial:{TRIAL}")
        await world.change(snapshot(), status="RECRUITING")
        await plan_now(world.system)
        await count_figures(system)
        assert await listed(system) == [{DeliveryState.QUEUED: 1}]
        await deliver(world.mailer)
        await count_figures(system)
    async with writing(system.database) as connection:
        await connection.execute(delete(t.delivery).where(t.delivery.c.run_id.is_not(None)))
    assert await listed(system) == [{DeliveryState.SENT: 1}]


async def listed(system: System) -> list[Mapping[str, int]]:
    async with system.reading() as connection:
        return [run.mails for run in await runs.page(connection)]


async def test_seconds_from_planning_to_acceptance_are_those_of_immediate_digests(system: System) -> None:
    async with open_world(system) as world:
        await world.follow("anna@example.org", f"trial:{TRIAL}")
        await world.follow("bob@example.org", f"trial:{TRIAL}", frequency="weekly")
        await world.change(snapshot(), status="RECRUITING")
        await plan_now(world.system)
        await deliver(world.mailer)
        assert len(world.mails()) == 2
    async with system.reading() as connection:
        spans = await daily.immediate_seconds(connection, datetime.now(UTC) - timedelta(hours=1), 100)
    assert len(spans) == 1
    assert spans[0] == pytest.approx(0, abs=60)
