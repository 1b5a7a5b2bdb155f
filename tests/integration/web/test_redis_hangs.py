"""A Redis that hangs (SIGSTOP) takes connections and answers nothing: it holds up nothing that we do."""

import asyncio
import secrets
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpx
import pytest

from service import rate_limit
from service.configuration.settings import Settings
from service.redis import pool
from service.redis.job_queue import Job
from service.system import System, open_system
from tests.chaos.targets import RestartedRedis
from tests.conftest import client_of
from tests.integration.web.signing_up import TERMS, post, publish_terms
from tests.waiting import Stopwatch, until

pytestmark = pytest.mark.slow

#: Seconds, as in production; the other tests are more patient.
WAIT = 0.5


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "WAIT", WAIT)


@pytest.fixture
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestartedRedis]:
    """A Redis of this test alone."""
    folder = tmp_path_factory.mktemp("r")
    server = RestartedRedis(folder)
    yield server
    server.kill()


@pytest.fixture
def settings(settings: Settings, redis: RestartedRedis) -> Settings:
    return settings.model_copy(update={"redis_url": redis.url})


@contextmanager
def hanging(redis: RestartedRedis) -> Iterator[None]:
    """Redis is stopped, and goes on afterwards."""
    assert redis.process is not None
    redis.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        redis.process.send_signal(signal.SIGCONT)


@pytest.fixture
async def client(settings: Settings, system: System) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose service has spoken with Redis already."""
    await publish_terms(system.database, TERMS)
    async with client_of(settings) as http:
        assert (await post(http)).status_code == 202
        yield http


async def test_a_process_waits_once_for_a_fraction_of_a_second(
    client: httpx.AsyncClient, redis: RestartedRedis
) -> None:
    with hanging(redis):
        with Stopwatch() as watch:
            answers = [await post(client, email=f"person{number}@example.org") for number in range(20)]
            answers += await asyncio.gather(*(client.get(path) for path in ("/v1/challenge", "/metrics")))
        ready = await client.get("/health/ready")
    assert {answer.status_code for answer in answers} == {202, 200}
    assert 'dependency_up{dependency="redis"} 0.0' in answers[-1].text
    assert (ready.status_code, ready.json()["checks"]["redis"]) == (200, "away")
    assert watch.seconds < 10 * WAIT, "not once for each of them"


async def test_many_concurrent_visitors_wait_no_longer(
    client: httpx.AsyncClient, redis: RestartedRedis
) -> None:
    with hanging(redis), Stopwatch() as watch:
        answers = await asyncio.gather(
            *(post(client, email=f"person{number}@example.org") for number in range(60)),
        )
    assert {answer.status_code for answer in answers} == {202}
    assert watch.seconds < 10 * WAIT


async def test_a_notification_does_not_wait_and_is_delivered_when_redis_resumes(
    system: System, redis: RestartedRedis
) -> None:
    assert await system.notifier.notify_now(Job.PLAN)
    with hanging(redis):
        with Stopwatch() as watch:
            system.notifier.notify(Job.DELIVER)
            assert not await system.notifier.notify_now(Job.PLAN, times=4)
            await rate_limit.count_hourly(system, "asked")
            challenge = secrets.token_hex(8)
            assert [await rate_limit.take_once(system, challenge, 60) for _ in range(2)] == [True, False]
        assert watch.seconds < 8 * WAIT

    async def is_delivered() -> bool:
        return "deliver" in await queued(system)

    await until(is_delivered, "the ring", pause=0.2)


async def queued(system: System) -> set[str]:
    """The jobs that were rung for."""
    try:
        return {job.function for job in await system.redis.queued_jobs()}
    except Exception:  # for some seconds nobody is sent there
        return set()


async def test_a_process_ends_while_redis_hangs(settings: Settings, redis: RestartedRedis) -> None:
    with Stopwatch() as watch:
        async with open_system(settings) as system:
            await system.notifier.notify_now(Job.PLAN)
            with hanging(redis):
                system.notifier.notify(Job.PLAN)
                await asyncio.sleep(0.1)
                await system.notifier.close()
    assert watch.seconds < 20 * WAIT
