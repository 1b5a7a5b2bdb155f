"""A Redis user with the documented rights suffices; a refusal is logged as a refusal."""

import asyncio
import contextlib
import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from sqlalchemy import text
from structlog.testing import capture_logs

from service import rate_limit
from service.cli.doctor import checks
from service.configuration.settings import Settings, SettingsError
from service.configuration.settings import read as read_settings
from service.redis import permissions
from service.redis.job_queue import Job, connect
from service.store.sql.database import reading
from service.system import System, open_system
from tests.conftest import client_of
from tests.integration.web.operating import sign_in
from tests.integration.workers.world import open_world
from tests.waiting import PATIENCE
from workers.heartbeat import Heartbeat
from workers.wake import WakeRelay
from workers.worker import listen_for_notifications, stop_listening

GUIDE = Path(__file__).parents[3] / "docs" / "operating.md"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def documented_rights() -> list[str]:
    """The rights in the ACL command of the operators' guide."""
    found = re.search(r"^ACL SETUSER alerts on >PASSWORD (.+)$", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert found
    return found[1].split()


@pytest.fixture
async def limited(settings: Settings, redis_url: str) -> AsyncIterator[System]:
    """A system whose Redis user has these rights alone."""
    with redis.Redis.from_url(redis_url) as admin:
        admin.execute_command("ACL", "SETUSER", "alerts", "on", ">secret", *documented_rights())
    url = redis_url.replace("://", "://alerts:secret@", 1)
    async with open_system(settings.model_copy(update={"redis_url": url})) as system:
        yield system
    with redis.Redis.from_url(redis_url) as admin:
        admin.execute_command("ACL", "DELUSER", "alerts")


@pytest.mark.slow
async def test_workers_call_each_other_with_the_documented_rights(limited: System) -> None:
    received = asyncio.Queue[Job]()
    listening = asyncio.create_task(WakeRelay(limited, "a").listen(received.put))
    calling = WakeRelay(limited, "b")
    async with asyncio.timeout(PATIENCE):
        while received.empty():
            await permissions.check(limited.redis)  # what that sends wakes nobody
            await calling.pass_on(Job.DELIVER)
            await asyncio.sleep(0.05)
    assert {received.get_nowait() for _ in range(received.qsize())} == {Job.DELIVER}
    limited.stopping.set()
    await listening


async def test_the_documented_rights_suffice(limited: System) -> None:
    received = asyncio.Event()

    async def on_notification(_: object) -> None:
        received.set()

    with capture_logs() as logged:
        listening = asyncio.create_task(listen_for_notifications(limited, {Job.SWEEP: on_notification}))
        await permissions.check(limited.redis)
        assert await limited.notifier.notify_now(Job.SWEEP)
        async with asyncio.timeout(PATIENCE):
            await received.wait()
        limited.stopping.set()
        await stop_listening(listening)
        assert (await limited.counters.count("192.0.2.0/24", increment=True)).network == 1
        assert await rate_limit.take_once(limited, "x", 60)
        await rate_limit.count_hourly(limited, "asked")
    assert [line for line in logged if line["log_level"] in ("warning", "error")] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rights", "missing"),
    [
        ("+ping", "+eval +psetex +zadd +zcard +publish"),
        ("~* +ping +info", "+eval +psetex +zadd +zcard +publish"),
        ("~trial-alerts:* +@all resetchannels", "~arq:* &trial-alerts:*"),
        ("~arq:* &trial-alerts:* +@all", "~trial-alerts:*"),
        ("~trial-alerts:* ~arq:* &trial-alerts:* +@all -@scripting", "+eval"),
        ("~trial-alerts:* ~arq:* &trial-alerts:* +@all -expire", "+expire"),
        ("~trial-alerts:* ~arq:* resetchannels +@all -@dangerous +info", "&trial-alerts:*"),
        ("~trial-alerts:* ~arq:* resetchannels &other:* +@all -@dangerous +info", "&trial-alerts:*"),
        ("~* +@read", "+eval +psetex +zadd +publish"),
    ],
)
async def test_a_login_without_the_rights_is_reported_with_the_missing_ones(
    settings: Settings, environ: dict[str, str], redis_url: str, rights: str, missing: str
) -> None:
    words, command = f"refuses rights: its user poor lacks {missing}", f"ACL SETUSER poor {missing}"
    with redis.Redis.from_url(redis_url) as admin:
        admin.execute_command("ACL", "SETUSER", "poor", "reset", "on", ">secret", *rights.split())
        url = redis_url.replace("://", "://poor:secret@", 1)
        poor = settings.model_copy(update={"redis_url": url})
        async with client_of(poor) as client:
            ready = await client.get("/health/ready")
            await sign_in(client)
            page = html.unescape((await client.get("/admin")).text)
        diagnosis = {name: each async for name, each in checks(environ | {"ALERTS_REDIS_URL": url})}["redis"]
        with capture_logs() as logged:
            async with open_system(poor) as system, open_world(system) as world:
                await Heartbeat(world.mailer).beat()
        admin.execute_command("ACL", "DELUSER", "poor")
    assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
    assert ready.json()["checks"]["redis"] == words
    assert f"Redis {words}: work is found with a delay" in page
    assert command in page
    assert (diagnosis.ok, diagnosis.text) == (False, words)
    assert command in diagnosis.advice
    (line,) = [line for line in logged if line["event"] == "redis_refuses" and "missing" in line]
    assert line["missing"] == missing
    assert command in line["advice"]


async def test_a_full_redis_is_not_reported_as_unavailable(settings: Settings, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as admin:
        admin.config_set("maxmemory", "1")
        async with client_of(settings) as client:
            ready = await client.get("/health/ready")
            await sign_in(client)
            page = (await client.get("/admin")).text
        admin.config_set("maxmemory", "0")
    assert ready.json()["checks"]["redis"] == "is out of memory"
    assert "Redis is out of memory: work is found with a delay" in page
    assert "Raise its maxmemory" in page


async def test_a_refusal_is_not_logged_as_an_outage(system: System, redis_url: str) -> None:
    wrong = connect(redis_url.replace("://", "://nobody:wrong@", 1))
    with capture_logs() as logged, contextlib.suppress(redis.RedisError):
        await wrong.ping()
    await wrong.aclose()
    assert [line["event"] for line in logged] == ["redis_refuses"]
    away = replace(system, redis=connect("redis://127.0.0.1:1"))
    with capture_logs() as logged:
        await rate_limit.count_hourly(away, "asked")
    await away.redis.aclose()
    assert {line["event"] for line in logged} == {"redis_away"}


@pytest.mark.parametrize(
    "url", ["redis+sentinel://h:26379/mymaster", "sentinel://h:26379", "redis-cluster://h:6379"]
)
async def test_sentinel_is_refused_in_one_sentence(environ: dict[str, str], url: str) -> None:
    with pytest.raises(SettingsError, match="ALERTS_REDIS_URL can't be a URL of Sentinel"):
        read_settings(environ | {"ALERTS_REDIS_URL": url})
    with pytest.raises(SettingsError, match="must be a URL that begins with redis://"):
        read_settings(environ | {"ALERTS_REDIS_URL": "redis+odd://h"})


async def test_sessions_of_postgresql_have_a_name(postgresql_template: str, environ: dict[str, str]) -> None:
    from service.store.sql.database import create_database

    engine = create_database(postgresql_template)
    async with reading(engine) as connection:
        name = (await connection.execute(text("SHOW application_name"))).scalar_one()
    await engine.dispose()
    assert name == "trial-alerts"
