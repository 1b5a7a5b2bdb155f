"""Workers whose machines' clocks differ share the work, send nothing twice, and say so."""

import asyncio
import re
import socket
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from service.cli.doctor.installation import clock as check_clock
from service.configuration.settings import Settings
from service.digests.planner import plan
from service.domain.buckets import BUCKETS
from service.system import open_system
from tests.conftest import client_of
from tests.integration.web.operating import sign_in
from tests.integration.workers.world import TRIAL, open_world, snapshot
from tests.machines import AHEAD, machines
from tests.smtp_server import On
from tests.waiting import until
from workers.bucket_leases import BucketLeases
from workers.deliver.deliver import deliver
from workers.deliver.mailer import open_mailer
from workers.heartbeat import Heartbeat
from workers.release_stale_claims import release_stale_claims

__all__ = ["machines"]

#: SQLite is on the machine of its workers: it has their clock.
pytestmark = [pytest.mark.parametrize("database_url", ["postgresql"], indirect=True), pytest.mark.slow]

PEOPLE = [f"person{number}@example.org" for number in range(60)]


async def work(settings: Settings, ahead: float, done: asyncio.Event, served: dict[float, set[int]]) -> None:
    """A worker on a machine whose clock is `ahead` by so many seconds; `served`: the buckets that it has."""
    AHEAD.set(timedelta(seconds=ahead))
    async with open_system(settings) as system, open_mailer(system) as mailer:
        heartbeat = Heartbeat(mailer)
        await heartbeat.begin()
        leases = BucketLeases(system, heartbeat.id)
        await leases.renew()

        async def send() -> None:
            while not done.is_set():
                await deliver(mailer, leases.buckets)
                await asyncio.sleep(0.1)

        async def sweep() -> None:
            while not done.is_set():  # all buckets: as right after one changed hands
                await release_stale_claims(system, BUCKETS)
                await asyncio.sleep(0.1)

        working = [asyncio.create_task(task()) for task in (send, sweep)]
        while not done.is_set():
            await heartbeat.beat()
            await leases.renew()
            served[ahead] = set(leases.buckets)
            await asyncio.sleep(0.3)
        await asyncio.gather(*working)


async def test_two_workers_a_minute_apart_share_the_work_and_send_nothing_twice(
    settings: Settings, machines: None
) -> None:
    short = settings.model_copy(update={"lease_seconds": 3, "smtp_connections": 2})
    async with open_system(short) as system, open_world(system, On("BODY", delay=0.2)) as world:
        before = snapshot()
        await world.hold(before)
        for person in PEOPLE:
            await world.follow(person, f"trial:{TRIAL}")
        await world.change(before, status="RECRUITING")
        await plan(system)
        done, served = asyncio.Event(), dict[float, set[int]]()
        working = [asyncio.create_task(work(world.system.settings, ahead, done, served)) for ahead in (0, 60)]

        def shared() -> bool:
            whole = sorted(number for buckets in served.values() for number in buckets)
            halves = [len(buckets) for buckets in served.values()] == [len(BUCKETS) // 2] * 2
            return halves and whole == sorted(BUCKETS)

        await until(lambda: len(world.smtp.mails) >= len(PEOPLE) and shared())
        await asyncio.sleep(4)  # longer than a lease: what would be sent twice is
        await until(shared, "that they share the buckets")
        done.set()
        await asyncio.gather(*working)
    assert sorted(mail.rcpt_to for mail in world.smtp.mails) == sorted(PEOPLE)


def without_number(words: str, ahead: float) -> str:
    """A sentence without the number of seconds, which is smaller on a machine that stood still just then."""
    (seconds,) = re.findall(r"(\d+) s ", words)
    assert abs(ahead) - 30 < int(seconds) <= abs(ahead)
    return words.replace(f"{seconds} s ", "")


@pytest.mark.parametrize(("ahead", "words"), [(61, "ahead of"), (-95, "behind")])
async def test_a_differing_clock_is_named_in_log_health_check_dashboard_and_doctor(
    ahead: float, words: str, settings: Settings, machines: None
) -> None:
    AHEAD.set(timedelta(seconds=ahead))
    with capture_logs() as logged:
        async with open_system(settings) as system, open_world(system) as world:
            heartbeat = Heartbeat(world.mailer)
            for _ in range(3):
                await heartbeat.beat()
    lines = [line["clock"] for line in logged if line["event"] == "clock_differs"]
    assert len(lines) == 1
    differs = f"{words} that of the database"
    assert without_number(lines[0], ahead) == differs
    AHEAD.set(timedelta())
    async with client_of(settings) as client:
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
        worker = ready.json()["checks"]["clock"]
        assert without_number(worker, ahead) == f"that of worker {socket.gethostname()} is {differs}"
        assert "none is running" not in ready.text
        await sign_in(client)
        page = (await client.get("/admin")).text
        assert f"A clock is wrong: {worker}." in page
        assert "Synchronise the clocks (NTP)" in page
        doctor = await check_clock(settings)
        assert (doctor.ok, doctor.text) == (False, f"clocks differ: {worker}")
        AHEAD.set(timedelta(seconds=ahead))
        own = await check_clock(settings)
        assert own.text.startswith("clocks differ: ")
        await asyncio.sleep(0.3)
        ready = await client.get("/health/ready")
        assert without_number(ready.json()["checks"]["clock"], ahead) == f"this machine's is {differs}"
