"""Workers share the buckets: each serves its own, takes over after a death, and wakes the one that serves."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from service.digests.planner import plan
from service.domain.buckets import BUCKETS, bucket_of
from service.redis.job_queue import Job
from service.store.admin import workers
from service.store.admin.workers import WorkerReport
from service.store.sql import tables as t
from service.system import System
from tests.integration.workers.world import TRIAL, open_world, snapshot
from tests.waiting import PATIENCE, until
from workers.bucket_leases import LEASE, BucketLeases
from workers.deliver.deliver import deliver
from workers.wake import WakeRelay

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]

PEOPLE = [f"person{number}@example.org" for number in range(40)]


async def reported(system: System, *names: str) -> list[BucketLeases]:
    """Workers that run, the first of which began with all buckets."""
    now = datetime.now(UTC)
    async with system.writing() as connection:
        for name in names:
            await workers.report(connection, WorkerReport(name, "host", now, now, {}))
    return [BucketLeases(system, name) for name in names]


async def test_workers_come_to_equal_parts_and_one_that_stops_leaves_its_part(system: System) -> None:
    (alone,) = await reported(system, "a")
    await alone.renew()
    assert list(alone.buckets) == list(BUCKETS)
    _, other = await reported(system, "a", "b")
    for leases in (alone, other, alone, other):
        await leases.renew()
    assert len(alone.buckets) == len(other.buckets) == len(BUCKETS) // 2
    assert set(alone.buckets) | set(other.buckets) == set(BUCKETS)
    await other.end()
    async with system.writing() as connection:
        await workers.retire(connection, "b")
    await alone.renew()
    assert list(alone.buckets) == list(BUCKETS)


async def test_the_part_of_a_worker_that_died_is_taken_over(system: System) -> None:
    one, other = await reported(system, "a", "b")
    for leases in (one, other, one, other):
        await leases.renew()
    long_ago = datetime.now(UTC) - 2 * LEASE
    async with system.writing() as connection:
        silent = t.worker.update().where(t.worker.c.id == "b").values(seen_at=long_ago)
        await connection.execute(silent)
        expired = t.bucket_lease.update().where(t.bucket_lease.c.worker == "b").values(lease_until=long_ago)
        await connection.execute(expired)
    await one.renew()
    assert list(one.buckets) == list(BUCKETS)


async def test_a_worker_sends_to_the_people_of_its_buckets(system: System) -> None:
    own = BUCKETS[: len(BUCKETS) // 2]
    async with open_world(system) as world:
        await world.hold(snapshot(status="SUSPENDED"))
        ids = [await world.follow(address, f"trial:{TRIAL}") for address in PEOPLE]
        await world.change(snapshot(status="SUSPENDED"), status="RECRUITING")
        assert await plan(system) == len(PEOPLE)
        await deliver(world.mailer, own)
        async with system.reading() as connection:
            sent = select(t.delivery.c.subscriber_id).where(t.delivery.c.state == "sent")
            written_to = set((await connection.execute(sent)).scalars())
        assert written_to == {number for number in ids if bucket_of(number) in own}
        await deliver(world.mailer, BUCKETS[len(own) :])
        async with system.reading() as connection:
            all_sent = select(func.count()).where(t.delivery.c.state == "sent")
            assert (await connection.execute(all_sent)).scalar_one() == len(PEOPLE)


async def test_a_notification_that_reaches_one_worker_wakes_the_others(system: System) -> None:
    woken: asyncio.Queue[tuple[str, Job]] = asyncio.Queue()
    relays = {name: WakeRelay(system, name) for name in ("a", "b")}

    def listening(name: str) -> asyncio.Task[None]:
        async def wake(job: Job) -> None:
            await woken.put((name, job))

        return asyncio.create_task(relays[name].listen(wake))

    tasks = [listening(name) for name in relays]

    async def listened_to() -> bool:
        return (await system.redis.pubsub_numsub("trial-alerts:wake"))[0][1] == len(relays)

    await until(listened_to)
    await system.redis.publish("trial-alerts:wake", b"\xff no message of ours")
    await relays["a"].pass_on(Job.INGEST)
    await relays["a"].pass_on(Job.DELIVER)
    assert await asyncio.wait_for(woken.get(), PATIENCE) == ("b", Job.DELIVER)
    await asyncio.sleep(0.2)
    assert woken.empty(), "neither the worker itself, nor for what any worker can do"
    system.stopping.set()
    await asyncio.gather(*tasks)
