"""A dead worker's mails go out through another one, a living worker's are left to it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from service.digests.planner import plan
from service.store.mail import deliveries
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.chaos.crowd import change_trial, gather_people
from tests.integration.workers.world import World, open_world, snapshot
from tests.unwritable import read_only
from tests.waiting import PATIENCE
from workers import release_stale_claims as sweep
from workers.deliver.deliver import deliver
from workers.release_stale_claims import release_stale_claims

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases, pytest.mark.usefixtures("one_bucket")]

PEOPLE = 20


async def claimed_long_ago(world: World, name: str) -> None:
    """Everything due is claimed by a worker that has not reported since its lease expired."""
    await world.hold(snapshot(status="SUSPENDED"))
    await gather_people(world.system, 0, PEOPLE)
    await change_trial(world.system, 1)
    await plan(world.system)
    now = datetime.now(UTC)
    async with writing(world.system.database) as connection:
        over = now - timedelta(seconds=1)
        await deliveries.claim(connection, claim=name, limit=PEOPLE, now=now, lease_until=over)


async def claims(system: System) -> set[tuple[str, str | None]]:
    """The states and claims of all mails."""
    async with reading(system.database) as connection:
        rows = await connection.execute(select(t.delivery.c.state, t.delivery.c.claim))
        return {(row.state, row.claim) for row in rows}


Between = Callable[[], Awaitable[None]]


@pytest.fixture
def between_the_checks(monkeypatch: pytest.MonkeyPatch) -> Callable[[Between], None]:
    """The sweep does something between its two checks instead of waiting for half a lease."""

    def instead(act: Between) -> None:
        async def wait(system: System, seconds: float) -> bool:
            assert seconds == system.settings.lease_seconds / 2
            await act()
            return False

        monkeypatch.setattr(sweep, "_stops_within", wait)

    return instead


async def nothing() -> None:
    """Nobody renews a lease."""


async def test_the_mails_of_a_dead_worker_are_sent_by_another(
    system: System, between_the_checks: Callable[[Between], None]
) -> None:
    between_the_checks(nothing)
    async with open_world(system) as world:
        await claimed_long_ago(world, "00dead")
        await deliver(world.mailer)
        assert world.smtp.mails == []
        assert await release_stale_claims(world.system) == PEOPLE
        await deliver(world.mailer)
        assert len({mail.rcpt_to for mail in world.smtp.mails}) == len(world.smtp.mails) == PEOPLE


async def test_a_worker_that_renews_its_lease_after_an_outage_keeps_its_mails(
    system: System, between_the_checks: Callable[[Between], None]
) -> None:
    async def renew() -> None:
        async with writing(system.database) as connection:
            later = datetime.now(UTC) + timedelta(hours=1)
            await deliveries.extend_leases(connection, ["00alive"], later)

    between_the_checks(renew)
    async with open_world(system) as world:
        await claimed_long_ago(world, "00alive")
        assert await release_stale_claims(world.system) == 0
        assert await claims(system) == {("claimed", "00alive")}


async def test_a_temporarily_read_only_database_releases_no_living_workers_claims(system: System) -> None:
    """Its lease is over because it could not be renewed; the time for that begins when it can be."""
    async with open_world(system) as world:
        await claimed_long_ago(world, "00alive")
        async with read_only(system.database):
            with pytest.raises(DBAPIError):
                await release_stale_claims(world.system)
        await system.database.dispose()  # its sessions of before
        assert await claims(system) == {("claimed", "00alive")}


async def test_only_a_claim_found_expired_twice_is_released(
    system: System, between_the_checks: Callable[[Between], None]
) -> None:
    """A lease that expires between the two checks has not been found expired twice."""

    async def other_claim_until(lease_until: datetime) -> None:
        async with writing(system.database) as connection:
            some = select(t.delivery.c.id).order_by(t.delivery.c.id).limit(1).scalar_subquery()
            values = {"claim": "other", "lease_until": lease_until}
            await connection.execute(update(t.delivery).where(t.delivery.c.id == some).values(**values))

    async with open_world(system) as world:
        await claimed_long_ago(world, "00dead")
        await other_claim_until(datetime.now(UTC) + timedelta(hours=1))
        between_the_checks(lambda: other_claim_until(datetime.now(UTC) - timedelta(seconds=1)))
        assert await release_stale_claims(world.system) == PEOPLE - 1
        assert await claims(system) == {("queued", None), ("claimed", "other")}


async def test_a_stopping_worker_does_not_wait_for_the_second_check(system: System) -> None:
    patient = replace(system, settings=system.settings.model_copy(update={"lease_seconds": 3600}))
    async with open_world(patient) as world:
        await claimed_long_ago(world, "00dead")
        sweeping = asyncio.create_task(release_stale_claims(world.system))
        await asyncio.sleep(0.2)
        world.system.stopping.set()
        async with asyncio.timeout(PATIENCE):
            assert await sweeping == 0
        assert await claims(system) == {("claimed", "00dead")}
