"""The dashboard's first look, its pictures and its lists."""

import re
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from service.configuration.settings import Settings
from service.domain.delivery.kinds import MailKind
from service.domain.delivery.quota import Quota
from service.domain.delivery.suppression import Reason
from service.store.admin import daily
from service.store.admin.daily import DailyName
from service.store.mail import deliveries, sent_counts
from service.store.people import suppressions, terms
from service.store.sql.database import writing
from service.system import System
from service.web.admin import charts
from tests.conftest import client_of
from tests.integration.web.operating import ALICE, BOB, add_event, csrf, held_run, report_worker, sign_in
from tests.integration.workers.world import TRIAL, open_world
from tests.smtp_server import SmtpServer
from workers.deliver.deliver import deliver

LISTS = ["runs", "events", "deliveries", "suppressions", "terms", "audit"]


def needs(page: str) -> list[str]:
    """The findings of the overview, in its order."""
    verdict = re.search(r'<section class="verdict.*?</section>', page, re.DOTALL)
    assert verdict
    return re.findall(r"<(?:a href=[^>]*|strong)>([^<]+)</", verdict[0])


async def publish(system: System) -> None:
    async with writing(system.database) as connection:
        await terms.publish(connection, "2026-11", "Be kind.", now=datetime.now(UTC))


async def test_all_is_well(settings: Settings, system: System) -> None:
    await publish(system)
    await add_event(system, 1, "processed")
    await report_worker(system)
    async with (
        SmtpServer() as smtp,
        client_of(settings.model_copy(update={"smtp_url": smtp.url()})) as client,
    ):
        await sign_in(client)
        page = (await client.get("/admin")).text
    assert "Everybody is being notified" in page
    assert needs(page) == []


@pytest.mark.slow
async def test_everything_is_wrong(client: httpx.AsyncClient, system: System) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=5)
    await add_event(system, 1, "dead", received_at=long_ago)
    await add_event(system, 2, "received", received_at=long_ago)
    now = datetime.now(UTC)
    async with open_world(system) as world:
        person = await world.follow(ALICE, "trial:NCT00000009")
        number = await held_run(world, BOB)
    async with writing(system.database) as connection:
        due = now - timedelta(minutes=25)
        await deliveries.queue(connection, person, MailKind.DIGEST, now=now, due_at=due)
    since = f"{due:%H:%M} UTC" if due.date() == now.date() else f"{due:%d %b, %H:%M} UTC"
    await sign_in(client)
    assert needs((await client.get("/admin")).text) == [
        f"No worker is running: nothing is read, planned or sent. 1 mail waits since {since}.",
        f"The mail server: away. 1 mail waits since {since}.",
        "A mail that is due has waited for 25 minutes.",
        "No terms are published: nobody can sign up.",
        f"Run {number} is held: it would send 1 mail, far more than usual.",
        "An event has waited for 5 days.",
        "The ingestor has sent nothing for 5 days.",
        "1 event could not be processed.",
    ]


async def test_a_quota_that_is_used_up_is_named_where_mail_waits(settings: Settings, system: System) -> None:
    await publish(system)
    await add_event(system, 1, "processed")
    await report_worker(system)
    now = datetime.now(UTC)
    async with SmtpServer() as smtp, open_world(system) as world:
        person = await world.follow(ALICE, "trial:NCT00000009")
        async with writing(system.database) as connection:
            due = now - timedelta(minutes=25)
            await deliveries.queue(connection, person, MailKind.DIGEST, now=now, due_at=due)
            await sent_counts.add(connection, (10, 0), 10, now)
        limited = settings.model_copy(update={"smtp_url": smtp.url(), "smtp_quota": Quota(10, 0)})
        async with client_of(limited) as client:
            await sign_in(client)
            page = (await client.get("/admin")).text
    assert needs(page) == [
        "A mail that is due has waited for 25 minutes: the quota of ALERTS_SMTP_QUOTA is used up."
    ]
    assert "Raise the quota if the provider allows more." in page


async def test_a_long_weekend_without_updates_of_the_registry_is_no_fault(
    client: httpx.AsyncClient, system: System
) -> None:
    await sign_in(client)
    friday = datetime.now(UTC) - timedelta(days=3, hours=20)
    await add_event(system, 1, "processed", received_at=friday)
    assert not any("sent nothing" in fault for fault in needs((await client.get("/admin")).text))


async def test_events_in_trouble_are_worded_by_their_fault(client: httpx.AsyncClient, system: System) -> None:
    for number, state in enumerate(("dead", "dead", "conflict"), start=1):
        await add_event(system, number, state)
    await sign_in(client)
    assert needs((await client.get("/admin")).text)[-2:] == [
        "2 events could not be processed.",
        "1 event contradicts an earlier one.",
    ]
    await add_event(system, 4, "conflict")
    assert needs((await client.get("/admin")).text)[-1] == "2 events contradict earlier ones."


async def test_a_refusing_mail_server_and_a_paused_domain_are_named(
    client: httpx.AsyncClient, system: System
) -> None:
    since = datetime.now(UTC) - timedelta(days=2)
    failing = {
        "server": "mail.example.org:587",
        "reason": "login",
        "since": since.isoformat(),
        "reply": "535 no",
    }
    soon = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
    await report_worker(system, failing=[failing], paused={"gmail.com": soon})
    await sign_in(client)
    page = (await client.get("/admin")).text
    assert (
        f"Worker host can’t use the mail server mail.example.org:587 since {since:%d %b, %H:%M} UTC:"
        " it refuses the login, “535 no”."
    ) in needs(page)
    assert "Mail to gmail.com is paused: the provider refuses or defers it." in needs(page)


async def test_a_server_that_several_workers_cannot_use_is_named_once(
    client: httpx.AsyncClient, system: System
) -> None:
    now = datetime.now(UTC)
    problem = {"server": "mail.example.org:25", "reason": "reply", "reply": "554 5.7.1 " + "no " * 100}
    for number in range(3):
        failing = [problem | {"since": (now - timedelta(days=3 - number)).isoformat()}] if number else []
        await report_worker(system, f"host{number}", failing=failing)
    await sign_in(client)
    (found,) = [words for words in needs((await client.get("/admin")).text) if "mail.example.org" in words]
    assert found.startswith(
        "2 of 3 workers can’t use the mail server mail.example.org:25"
        f" since {now - timedelta(days=2):%d %b, %H:%M} UTC: it refuses the session or our mails"
        " as such, “554 5.7.1 no"
    )
    assert found.endswith("…”.")
    assert len(found) < 320


@pytest.mark.parametrize("page", LISTS)
async def test_lists_are_for_operators_alone_and_name_nobody(
    client: httpx.AsyncClient, system: System, page: str
) -> None:
    await publish(system)
    async with open_world(system) as world:
        number = await held_run(world, ALICE)
        await client.post(f"/v1/admin/runs/{number}/release", headers={"authorization": "Bearer x"})
        await deliver(world.mailer)
    asked = await client.get(f"/admin/{page}")
    assert 'action="/admin/sign-in"' in asked.text
    await sign_in(client)
    shown = await client.get(f"/admin/{page}")
    assert shown.status_code == 200
    assert 'aria-current="page"' in shown.text
    assert "@" not in shown.text
    assert shown.headers["cache-control"] == "no-store"


async def test_events_are_filtered_paged_and_searched(client: httpx.AsyncClient, system: System) -> None:
    for number in range(1, 61):
        await add_event(system, number, "processed", subject=TRIAL if number % 2 else "NCT00000002")
    await add_event(system, 61, "dead", reason="KeyError")
    await sign_in(client)
    numbers = re.compile(r"why\?event=(\d+)")
    first = (await client.get("/admin/events")).text
    assert list(map(int, numbers.findall(first))) == list(range(61, 11, -1))
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = (await client.get(older[1])).text
    assert list(map(int, numbers.findall(second))) == list(range(11, 0, -1))
    assert numbers.findall((await client.get("/admin/events?state=dead")).text) == ["61"]
    assert len(numbers.findall((await client.get("/admin/events?state=nonsense")).text)) == 50
    found = await client.post("/admin/events/search", data=await csrf(client) | {"subject": "NCT00000002"})
    assert list(map(int, numbers.findall(found.text))) == list(range(60, 0, -2))
    for odd in ("before=x", "before=-1", f"before={10**23 - 1}", f"before={1:020}{10**30}", "before=%00"):
        assert (await client.get(f"/admin/events?{odd}")).status_code == 200


async def test_suppressions_are_filtered_and_paged(client: httpx.AsyncClient, system: System) -> None:
    async with writing(system.database) as connection:
        for number in range(60):
            reason = Reason.COMPLAINT if number == 7 else Reason.DECLINED
            moment = datetime.now(UTC) - timedelta(minutes=number)
            await suppressions.add(connection, b"%d" % number, reason, source="test", now=moment)
    await sign_in(client)
    first = (await client.get("/admin/suppressions")).text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = (await client.get(older[1])).text
    assert [page.count('<th scope="row">') for page in (first, second)] == [50, 10]
    assert (await client.get("/admin/suppressions?reason=complaint")).text.count('<th scope="row">') == 1
    assert (await client.get("/admin/suppressions?before=nonsense")).status_code == 200


async def test_pictures_hide_small_counts(client: httpx.AsyncClient, system: System) -> None:
    today = datetime.now(UTC).date()
    async with writing(system.database) as connection:
        await daily.save(connection, today - timedelta(days=1), {DailyName.MAILS_SENT: 1200})
        await daily.save(connection, today, {DailyName.MAILS_SENT: 7, DailyName.COMPLAINTS: 3})
    await sign_in(client)
    page = (await client.get("/admin")).text
    assert "At most 1,200" in page
    assert "10 or fewer today." in page
    assert 'class="small"' in page
    assert not re.search(r"\b(7|3) today", page)


def test_small_counts_look_alike() -> None:
    today = date(2026, 11, 28)
    drawn = [charts.chart("x", DailyName.ENDED, {(today, "ended"): number}, today) for number in (1, 5, 10)]
    assert len({str(picture) for picture in drawn}) == 1
    empty = charts.chart("x", DailyName.ENDED, {}, today)
    assert empty.summary == "None in 30 days."
    assert not any(bar.height for bar in empty.bars)
