"""A mail server that refuses every mail is named everywhere; one domain that does is not its fault."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import ColumnElement, case, select, true, update
from structlog.testing import capture_logs

from service.configuration.settings import Settings
from service.digests.planner import plan_now
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.conftest import client_of
from tests.integration.web.operating import report_worker, sign_in
from tests.integration.web.test_admin_overview import needs
from tests.integration.workers.test_engine import states
from tests.integration.workers.world import TRIAL, World, open_world, snapshot
from tests.smtp_server import On
from workers.deliver.deliver import deliver
from workers.deliver.mailer import Mailer, open_mailer
from workers.heartbeat import Heartbeat

pytestmark = pytest.mark.slow

PEOPLE = ("anna@example.org", "otto@example.net", "mia@example.com", "max@example.org")
FULL = On("RCPT", "452 4.3.1 <anna@example.org>: Insufficient system storage")


async def send_digests(world: World, *people: str) -> None:
    """Plans a digest for each of them, and tries to send it."""
    await plan_digests(world, *people)
    await deliver(world.mailer)


async def plan_digests(world: World, *people: str) -> None:
    """Plans a digest for each of them."""
    before = snapshot()
    await world.hold(before)
    for address in people:
        await world.follow(address, f"trial:{TRIAL}")
    await world.change(before, status="RECRUITING")
    await plan_now(world.system)


@asynccontextmanager
async def three_workers(world: World) -> AsyncIterator[list[tuple[Mailer, Heartbeat]]]:
    """Three workers, each of which has been refused one mail, and all have reported that."""
    async with open_mailer(world.system) as second, open_mailer(world.system) as third:
        workers = [(mailer, Heartbeat(mailer)) for mailer in (world.mailer, second, third)]
        await plan_digests(world, *PEOPLE[:3])
        async with world.system.reading() as connection:
            planned = list((await connection.scalars(select(t.delivery.c.id))).all())
        for (mailer, _), delivery in zip(workers, planned, strict=True):
            await make_due(world, t.delivery.c.id == delivery)
            await deliver(mailer)
        await report(workers)
        yield workers


async def report(workers: list[tuple[Mailer, Heartbeat]]) -> None:
    """Each reports its own evidence, learns that of the others, and reports its conclusion."""
    for _, heartbeat in 3 * workers:
        await heartbeat.beat()


async def make_due(world: World, these: ColumnElement[bool]) -> None:
    """Makes these of the queued mails due now, and no others."""
    now = datetime.now(UTC)
    due_at = case((these, now - timedelta(minutes=1)), else_=now + timedelta(hours=1))
    async with writing(world.system.database) as connection:
        await connection.execute(
            update(t.delivery).values(due_at=due_at).where(t.delivery.c.state == "queued")
        )


async def seen(world: World, heartbeat: Heartbeat) -> tuple[dict[str, Any], list[str], str]:
    """After a report: readiness, the dashboard's lines on the mail server, and the metrics."""
    await heartbeat.beat()
    async with client_of(with_server(world)) as client:
        await sign_in(client)
        ready = (await client.get("/health/ready")).json()
        page = [unescape(words) for words in needs((await client.get("/admin")).text)]
        metrics = (await client.get("/metrics")).text
    return ready, [words for words in page if "mail server" in words], metrics


def with_server(world: World) -> Settings:
    return world.system.settings.model_copy(update={"smtp_url": world.smtp.url()})


async def test_a_server_that_defers_every_mail_is_named_with_its_reply_and_the_number(
    system: System,
) -> None:
    with capture_logs() as logged:
        async with open_world(system, FULL) as world:
            heartbeat = Heartbeat(world.mailer)
            await send_digests(world, *PEOPLE)
            ready, (found,), metrics = await seen(world, heartbeat)
            await heartbeat.beat()
            assert ready["status"] == "degraded"
            assert ready["checks"]["mail"] == "workers can't use it: defers_every_mail"
            assert "it puts off every mail, “452 4.3.1 <(address)>: Insufficient system storage”." in found
            assert found.endswith(" 4 mails were put off.")
            assert 'trial_alerts_mail_servers_failing{reason="defers_every_mail"} 1' in metrics
            world.smtp.rules = ()
            await try_again(world)
            ready, page, _ = await seen(world, heartbeat)
    assert (ready["status"], page) == ("ok", [])
    assert len(world.smtp.mails) == len(PEOPLE)
    (line,) = [line for line in logged if line["event"] == "mail_server_defers"]
    assert line["log_level"] == "error"
    assert "anna" not in line["reply"]
    assert [line["event"] for line in logged].count("mail_server_back") == 1


async def test_a_server_that_denies_every_mail_is_named_and_most_mails_wait_for_it(system: System) -> None:
    people = [f"person{number}@example{number % 5}.org" for number in range(40)]
    async with open_world(system, On("RCPT", "554 5.7.1 Relay access denied")) as world:
        heartbeat = Heartbeat(world.mailer)
        await send_digests(world, *people)
        ready, (found,), metrics = await seen(world, heartbeat)
        ended = (await states(world.system)).count("failed")
        assert 3 <= ended <= 3 + world.system.settings.smtp_connections
        assert set(await states(world.system)) == {"failed", "queued"}
        assert ready["status"] == "degraded"
        assert ready["checks"]["mail"] == "workers can't use it: denies_every_mail"
        assert "it refuses every mail, “554 5.7.1 Relay access denied”." in found
        assert f" {len(people) - ended} mails wait, the first since " in found
        assert 'trial_alerts_mail_servers_failing{reason="denies_every_mail"} 1' in metrics
        world.smtp.rules = ()
        world.mailer.sender.routes.all[0].down_until = datetime.now(UTC)
        await try_again(world)
        ready, page, _ = await seen(world, heartbeat)
    assert (ready["status"], page) == ("ok", [])
    assert len(world.smtp.mails) == len(people) - ended


async def test_workers_detect_together_that_a_server_defers_every_mail(system: System) -> None:
    async with open_world(system, FULL) as world, three_workers(world) as workers:
        ready, (found,), metrics = await seen(world, workers[0][1])
        assert ready["checks"]["mail"] == "workers can't use it: defers_every_mail"
        assert found.startswith("3 of 3 workers can’t use the mail server ")
        assert 'trial_alerts_mail_servers_failing{reason="defers_every_mail"} 3' in metrics
        world.smtp.rules = ()
        await try_again(world)
        await report(workers)
        ready, page, _ = await seen(world, workers[0][1])
        assert (ready["status"], page) == ("ok", []), "one of them had its mails taken"


async def test_workers_detect_together_that_a_server_denies_every_mail(system: System) -> None:
    people = [f"person{number}@example{number % 5}.org" for number in range(40)]
    denied = On("RCPT", "554 5.7.1 Relay access denied")
    async with open_world(system, denied) as world, three_workers(world) as workers:
        ready, (found,), _ = await seen(world, workers[0][1])
        assert ready["checks"]["mail"] == "workers can't use it: denies_every_mail"
        assert found.startswith("3 of 3 workers can’t use the mail server ")
        await plan_digests(world, *people)
        for mailer, heartbeat in workers:
            await try_again(world, mailer)
            await heartbeat.beat()
        assert (await states(world.system)).count("failed") == 3, "no further one is offered"
        assert set(await states(world.system)) == {"failed", "queued"}


async def test_a_worker_that_begins_offers_one_mail_to_a_server_that_denied_all_of_others(
    system: System,
) -> None:
    people = [f"person{number}@example{number % 5}.org" for number in range(40)]
    denied = On("RCPT", "554 5.7.1 Relay access denied")
    async with open_world(system, denied) as world, three_workers(world):
        async with open_mailer(world.system) as mailer:
            await Heartbeat(mailer).begin()
            await plan_digests(world, *people)
            await deliver(mailer)
        assert (await states(world.system)).count("failed") == 3 + 1


async def test_reports_on_servers_by_another_version_are_ignored(system: System) -> None:
    async with open_world(system) as world:
        heartbeat = Heartbeat(world.mailer)
        for number, answers in enumerate(([], {"x": {}}, {"127.0.0.1:25": [["yesterday"]]})):
            await report_worker(world.system, f"other{number}", answers=answers)
        assert await heartbeat.beat()


async def try_again(world: World, mailer: Mailer | None = None) -> None:
    """Makes the deferred mails due now."""
    await make_due(world, true())
    await deliver(mailer or world.mailer)


async def test_one_domain_that_defers_every_mail_is_no_fault_of_the_server(system: System) -> None:
    rule = On("RCPT", "452 4.3.1 Insufficient system storage", match="@example.org")
    async with open_world(system, rule) as world:
        await send_digests(world, *(f"person{number}@example.org" for number in range(6)))
        ready, page, _ = await seen(world, Heartbeat(world.mailer))
    assert (ready["checks"]["mail"], page) == ("ok", [])


async def test_several_deferring_domains_beside_accepting_ones_are_no_fault_of_the_server(
    system: System,
) -> None:
    rules = [On("RCPT", "451 4.2.0 later", match=domain) for domain in ("@example.org", "@example.com")]
    async with open_world(system, *rules) as world:
        await send_digests(world, *PEOPLE, *(f"person{number}@example.edu" for number in range(30)))
        ready, page, _ = await seen(world, Heartbeat(world.mailer))
    assert (ready["checks"]["mail"], page) == ("ok", [])
