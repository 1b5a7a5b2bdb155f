"""A mail server that is away: waiting mails are counted, the reason is named, another server takes over."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from service.configuration.settings import Settings
from service.mail.smtp import routes
from service.mail.smtp.connection import Timeouts
from service.mail.smtp.sender import SmtpPool, SmtpUrl
from service.store.admin import stats, workers
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.smtp.conftest import Outcomes, mails
from tests.integration.workers.test_engine import crowd
from tests.integration.workers.world import World, open_world
from tests.smtp_server import On, SmtpServer
from tests.waiting import until
from workers.deliver.deliver import deliver
from workers.deliver.mailer import open_mailer
from workers.heartbeat import Heartbeat

NOWHERE = "smtp://127.0.0.1:1?tls=none"


async def queues(system: System) -> dict[str, stats.Queue]:
    async with reading(system.database) as connection:
        return await stats.queues(connection, datetime.now(UTC))


@pytest.mark.slow
async def test_the_age_of_waiting_mails_counts_from_their_first_attempt(system: System) -> None:
    async with open_world(system) as world, open_mailer(system) as cut_off:
        await crowd(world, 3)
        await plan_and_deliver(world, cut_off)
        an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
        async with writing(system.database) as connection:
            await connection.execute(update(t.delivery).values(first_attempt_at=an_hour_ago))
            rows = (await connection.execute(select(t.delivery.c.state, t.delivery.c.due_at))).all()
        waiting = await queues(system)
    assert all(row.state == "queued" and row.due_at > an_hour_ago for row in rows)
    assert waiting["deliveries"].depth == 3
    assert waiting["deliveries"].age(datetime.now(UTC)) >= 3600
    assert waiting["deferred"].depth == 0


@pytest.mark.slow
async def test_mails_deferred_by_recipients_are_a_queue_of_their_own(system: System) -> None:
    async with open_world(system, On("RCPT", "450 4.2.0 greylisted")) as world:
        await crowd(world, 2)
        await plan_and_deliver(world, world.mailer)
        waiting = await queues(system)
    assert (waiting["deliveries"].depth, waiting["deferred"].depth) == (0, 2)


async def plan_and_deliver(world: World, mailer: object) -> None:
    from service.digests.planner import plan

    await plan(world.system)
    await deliver(mailer)  # type: ignore[arg-type]


@pytest.mark.slow
async def test_the_reason_is_logged_once_a_minute_and_reported(system: System) -> None:
    with capture_logs() as logged:
        async with open_world(system) as world, open_mailer(system) as cut_off:
            await crowd(world, 3)
            await plan_and_deliver(world, cut_off)
            await deliver(cut_off)
            await Heartbeat(cut_off).beat()
    async with reading(system.database) as connection:
        (worker,) = await workers.running(connection, datetime.now(UTC))
    found = [line for line in logged if line["event"] == "mail_server_away"]
    assert len(found) == 1
    assert (found[0]["server"], found[0]["reason"]) == ("127.0.0.1:1", "refused")
    assert "ALERTS_SMTP_URL" in found[0]["advice"]
    assert worker.status["mail"]["reason"] == "refused"
    assert worker.status["waits_for"] == ["mail server (refused)"]


@pytest.mark.slow
@pytest.mark.parametrize("rule", [On("CONNECT", "554 5.7.1 go away"), On("MAIL", "550 5.7.1 no")])
async def test_a_server_that_refuses_us_is_logged_once_and_not_for_each_mail(
    system: System, rule: On
) -> None:
    with capture_logs() as logged:
        async with open_world(system, rule) as world:
            await crowd(world, 5)
            await plan_and_deliver(world, world.mailer)
    serious = [line for line in logged if line["log_level"] in ("warning", "error")]
    assert [line["event"] for line in serious] == ["mail_server_away"]
    assert rule.reply == serious[0]["reply"]


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "AUTH"])
async def test_a_server_silent_from_the_start_is_reported_before_the_timeout(
    stage: str, outcomes: Outcomes, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "SILENT_SECONDS", 3600.0)
    server = SmtpServer(On(stage, stall=True), users={"service": "right"})
    async with server:
        target = SmtpUrl.parse(server.url("tls=none", "service:right@"))
        async with SmtpPool(target, 2, local_hostname="x.example") as pool, asyncio.TaskGroup() as group:
            sending = group.create_task(pool.send(mails(3), outcomes, grace=0.1))
            await until(lambda: server.connections == 2)
            assert pool.routes.problems() == [], "it may only be slow"
            monkeypatch.setattr(routes, "SILENT_SECONDS", 0.2)
            await until(lambda: bool(pool.routes.problems()))
            (problem,) = pool.routes.problems()
            async with open_mailer(system) as mailer:
                await Heartbeat(replace(mailer, sender=pool)).beat()
            assert not outcomes, "it is still waited for"
            sending.cancel()
    assert problem["reason"] == "timeout"
    assert problem["reply"].endswith(f"at {stage.lower()}")
    async with reading(system.database) as connection:
        (worker,) = await workers.running(connection, datetime.now(UTC))
    assert worker.status["waits_for"] == ["mail server (timeout)"]
    assert pool.routes.problems() == [], "no connection is being opened any more"


@pytest.mark.parametrize("stage", ["MAIL", "DATA", "BODY"])
async def test_a_server_that_falls_silent_is_reported_long_before_the_timeout(
    stage: str, outcomes: Outcomes, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "SILENT_SECONDS", 3600.0)
    async with SmtpServer(On(stage, stall=True, skip=1)) as server:
        pool = SmtpPool(SmtpUrl.parse(server.url()), 1, local_hostname="x.example")
        async with pool, asyncio.TaskGroup() as group:
            sending = group.create_task(pool.send(mails(3), outcomes, grace=0.1))
            await until(lambda: len(outcomes) == 1)
            assert pool.routes.problems() == [], "it may only be slow"
            monkeypatch.setattr(routes, "SILENT_SECONDS", 0.2)
            with capture_logs() as logged:
                await until(lambda: bool(pool.routes.problems()))
            (problem,) = pool.routes.problems()
            async with open_mailer(system) as mailer:
                await Heartbeat(replace(mailer, sender=pool)).beat()
            sending.cancel()
    assert (problem["server"], problem["reason"]) == (urlsplit(server.url()).netloc, "timeout")
    assert problem["reply"].startswith("no answer for ")
    assert [line["event"] for line in logged] == ["mail_server_silent"]
    async with reading(system.database) as connection:
        (worker,) = await workers.running(connection, datetime.now(UTC))
    assert worker.status["waits_for"] == ["mail server (timeout)"]
    assert pool.routes.problems() == [], "no connection waits any more"


@pytest.mark.parametrize(
    ("rules", "query", "login", "reason"),
    [
        ((On("CONNECT", "554 5.7.1 go away"),), "tls=none", "", "reply"),
        ((On("CONNECT", stall=True),), "tls=none", "", "timeout"),
        ((On("EHLO", stall=True),), "tls=none", "", "timeout"),
        ((), "tls=required", "", "tls"),
        ((), "tls=none", "service:wrong@", "login"),
    ],
)
async def test_each_reason_has_its_name(
    rules: tuple[On, ...], query: str, login: str, reason: str, outcomes: Outcomes
) -> None:
    server = SmtpServer(*rules, users={"service": "right"} if login else None)
    async with server:
        target = SmtpUrl.parse(server.url(query, login))
        impatient = Timeouts(connect=0.3)
        async with SmtpPool(target, 1, local_hostname="x.example", timeouts=impatient) as pool:
            await pool.send(mails(1), outcomes)
            assert pool.routes.failing is not None
            assert pool.routes.failing.reason == reason


@pytest.fixture
def outcomes() -> Outcomes:
    return Outcomes()


async def test_a_host_that_has_no_address_is_named_so(outcomes: Outcomes) -> None:
    target = SmtpUrl.parse("smtp://no-such-host.invalid?tls=none")
    async with SmtpPool(target, 1, local_hostname="x.example") as pool:
        await pool.send(mails(1), outcomes)
        assert pool.routes.failing is not None
        assert pool.routes.failing.reason == "unknown_host"


async def test_another_server_takes_over_and_the_first_one_is_tried_again(outcomes: Outcomes) -> None:
    async with SmtpServer() as second:
        targets = [SmtpUrl.parse(NOWHERE), SmtpUrl.parse(second.url())]
        async with SmtpPool(targets, 2, local_hostname="x.example") as pool:
            await pool.send(mails(20), outcomes)
            assert pool.routes.failing is None, "mail leaves"
            assert pool.routes.all[0].reason == "refused"
            assert pool.down_until is None
    assert len(second.mails) == 20
    assert {outcome.kind for outcome in outcomes.by_id.values()} == {"sent"}


@pytest.mark.slow
async def test_the_first_server_is_used_again_once_it_is_back(settings: Settings, system: System) -> None:
    async with SmtpServer() as first, SmtpServer() as second:
        both = settings.model_copy(update={"smtp_url": f"{first.url()},{second.url()}"})
        async with open_world(system) as world, open_mailer(replace(system, settings=both)) as mailer:
            mailer.sender.routes.all[0].down_until = datetime.now(UTC) + timedelta(seconds=60)
            await crowd(world, 2)
            await plan_and_deliver(world, mailer)
            assert (len(first.mails), len(second.mails)) == (0, 2)
            mailer.sender.routes.all[0].down_until = None
            assert mailer.sender.routes.usable() is mailer.sender.routes.all[0]


@pytest.mark.slow
async def test_a_server_that_refuses_every_mail_is_named_until_it_accepts_one(
    system: System,
) -> None:
    blocked = On("MAIL", "550 5.7.1 your host is blocked", times=2)
    with capture_logs() as logged:
        async with open_world(system, blocked) as world:
            await crowd(world, 2)
            await plan_and_deliver(world, world.mailer)
            heartbeat = Heartbeat(world.mailer)
            await heartbeat.beat()
            async with reading(system.database) as connection:
                (refused,) = await workers.running(connection, datetime.now(UTC))
            async with writing(system.database) as connection:
                await connection.execute(update(t.delivery).values(due_at=datetime.now(UTC)))
            await deliver(world.mailer)
            await heartbeat.beat()
            async with reading(system.database) as connection:
                (well,) = await workers.running(connection, datetime.now(UTC))
    (failing,) = refused.status["failing"]
    assert (failing["reason"], failing["reply"]) == ("reply", "550 5.7.1 your host is blocked")
    assert refused.status["mail"] is not None
    assert (well.status["failing"], well.status["mail"]) == ([], None)
    away = [line for line in logged if line["event"] == "mail_server_away"]
    assert [(line["reason"], "its reply says why" in line["advice"]) for line in away] == [("reply", True)]
