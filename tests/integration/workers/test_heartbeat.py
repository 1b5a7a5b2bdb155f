"""A worker's report on a database that it can't write: in its file, to doctor, readiness and dashboard."""

import os
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from service.cli.doctor.installation import workers_running
from service.runtime import worker_health
from service.store.sql import probe
from service.system import System
from tests.conftest import client_of
from tests.integration.web.operating import sign_in
from tests.integration.workers.world import World, open_world
from tests.unwritable import full_for_requests, read_only
from workers.heartbeat import Heartbeat

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def waits_for(world: World) -> list[str]:
    """The obstacles of this process, as `worker --check` reads them after a report."""
    await Heartbeat(world.mailer).beat()
    found = worker_health.read(world.system.settings.data_folder)
    return next(worker.waits_for for worker in found if worker.pid == os.getpid())


async def test_a_full_disk_is_named_everywhere(system: System) -> None:
    async with open_world(system) as world, full_for_requests(system.database):
        assert await waits_for(world) == []
        with pytest.raises(DBAPIError):
            await probe.write(world.system.database, datetime.now(UTC), 1, octets=100)
        assert await waits_for(world) == ["database (its disk is full)"]
        diagnosis = await workers_running(world.system.settings)
        assert (diagnosis.ok, diagnosis.text.partition(" ")[2]) == (
            False,
            "waits for the database (its disk is full)",
        )
        assert "space" in diagnosis.advice
        async with client_of(world.system.settings) as client:
            ready = (await client.get("/health/ready")).json()
            await sign_in(client)
            page = (await client.get("/admin")).text
    assert ready["checks"]["workers"] == "waiting for the database (its disk is full)"
    assert "The workers: waiting for the database (its disk is full)." in page
    assert "Free or add space" in page


async def test_a_process_with_the_number_of_a_killed_worker_is_not_taken_for_it(system: System) -> None:
    """After a reboot, say: `worker --check` said without end that a worker hangs."""
    folder = system.settings.data_folder
    worker_health.write(folder, datetime.now(UTC), [])
    ours = folder / "workers" / f"{os.getpid()}.json"
    killed = ours.with_name(f"{os.getppid()}.json")
    killed.write_text(ours.read_text())
    assert [worker.pid for worker in worker_health.read(folder)] == [os.getpid()]
    assert not killed.exists()
    worker_health.remove(folder)


async def test_a_read_only_database_is_named(system: System) -> None:
    async with open_world(system) as world, read_only(system.database):
        found = {(await waits_for(world))[0] for _ in range(5)}  # sessions of before were ended
        assert "database (it is read-only)" in found
    worker_health.remove(world.system.settings.data_folder)
