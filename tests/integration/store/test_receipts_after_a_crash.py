"""Outcomes recorded with asynchronous commit are durable once their batch is over."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from service.configuration.settings import read
from service.digests.planner import plan
from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import open_system
from tests.chaos.crowd import change_trial, gather_people
from tests.chaos.databases import Postgres, fresh_database
from tests.conftest import ENVIRONMENT
from tests.integration.workers.world import open_world, snapshot
from workers.deliver.deliver import deliver

PEOPLE = 50


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A PostgreSQL that this test may crash."""
    with fresh_database("postgresql") as (_, server):
        assert server is not None
        yield server


@pytest.mark.postgresql
async def test_a_crash_of_postgresql_right_after_a_batch_forgets_no_mail(
    server: Postgres, redis_url: str
) -> None:
    settings = read(ENVIRONMENT | {"ALERTS_DATABASE_URL": server.url, "ALERTS_REDIS_URL": redis_url})
    async with open_system(settings) as system, open_world(system) as world:
        await world.hold(snapshot(status="SUSPENDED"))
        await gather_people(system, 0, PEOPLE)
        await change_trial(system, 1)
        await plan(system)
        await deliver(world.mailer)
        server.crash()
        counted = select(t.delivery.c.state, func.count()).group_by(t.delivery.c.state)
        async with reading(system.database) as connection:
            states = [tuple(row) for row in await connection.execute(counted)]
        assert states == [("sent", PEOPLE)]
        assert len(world.smtp.mails) == PEOPLE
