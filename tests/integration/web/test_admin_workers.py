"""A worker that stands still is named though others work; one that stopped in order is not."""

from datetime import UTC, datetime, timedelta

import httpx

from service.store.admin import workers
from service.store.admin.workers import WorkerReport
from service.system import System
from tests.integration.web.operating import report_worker, sign_in
from tests.integration.web.test_admin_overview import needs
from tests.integration.workers.world import open_world
from workers.heartbeat import Heartbeat


async def report(system: System, process: int, began: float, seen: float) -> None:
    """A worker that began and last reported so many minutes ago."""
    now = datetime.now(UTC)
    at = [now - timedelta(minutes=minutes) for minutes in (began, seen)]
    async with system.writing() as connection:
        await workers.report(connection, WorkerReport(f"host:{process}:a", "host", *at, {}))


async def named(client: httpx.AsyncClient) -> list[str]:
    await sign_in(client)
    return [words for words in needs((await client.get("/admin")).text) if "reports no more" in words]


async def test_a_stalled_worker_beside_another_is_named(client: httpx.AsyncClient, system: System) -> None:
    await report(system, 11, began=60, seen=0)
    await report(system, 12, began=60, seen=0)
    assert await named(client) == []
    await report(system, 12, began=60, seen=1)
    (found,) = await named(client)
    assert found.startswith("Worker host (process 12) reports no more since ")
    assert found.endswith(" UTC: it stands still, or was killed. The others do its work meanwhile.")
    await report(system, 12, began=60, seen=0)
    assert await named(client) == [], "it goes on"


async def test_a_worker_stopped_in_order_or_replaced_is_not_named(
    client: httpx.AsyncClient, system: System
) -> None:
    await report_worker(system, "other")
    async with open_world(system) as world:
        heartbeat = Heartbeat(world.mailer)
        await heartbeat.beat()
        await heartbeat.end()
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)
    async with system.reading() as connection:
        silent = await workers.silent(connection, in_an_hour)
    assert [worker.host for worker in silent] == ["other"], "the row of the one that stopped is gone"
    await report(system, 11, began=60, seen=10)
    assert await named(client) == [], "the other one began after it"


async def test_a_process_on_a_host_with_colons_in_its_name_is_named(
    client: httpx.AsyncClient, system: System
) -> None:
    now = datetime.now(UTC)
    async with system.writing() as connection:
        await workers.report(connection, WorkerReport("2001:db8::7:11:a", "2001:db8::7", now, now, {}))
    await sign_in(client)
    page = (await client.get("/admin")).text
    assert "2001:db8::7 <span>11</span>" in page


async def test_each_replacement_stands_for_one(client: httpx.AsyncClient, system: System) -> None:
    await report(system, 11, began=60, seen=10)
    await report(system, 12, began=60, seen=9)
    assert len(await named(client)) == 2
    await report(system, 13, began=8, seen=5)
    assert len(await named(client)) == 2, "it replaced one, and fell silent itself"
    await report(system, 14, began=4, seen=0)
    (found,) = await named(client)
    assert "process 13" in found, "one is missing: the last that fell silent"


async def test_only_silent_workers_are_named_while_none_runs(
    client: httpx.AsyncClient, system: System
) -> None:
    await report(system, 11, began=60, seen=10)
    (found,) = await named(client)
    assert found.endswith("it stands still, or was killed.")
