"""The operators' dashboard in a browser: by everyone, by keyboard, on a phone, empty and with a lot in it."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dotenv import dotenv_values
from playwright.sync_api import Page, expect

from service.actions.events import row_of
from service.configuration.settings import Settings, read
from service.domain.trials.events.cloudevents import read_envelope, read_event
from service.domain.trials.lifecycle import EventState
from service.store.admin import daily, workers
from service.store.admin.daily import DailyName
from service.store.admin.workers import WorkerReport
from service.store.changes import events
from service.system import open_system
from tests.e2e.browser.conftest import NARROW, WIDE
from tests.e2e.browser.pictures import FOLDER, keep
from tests.e2e.browser.test_accessibility import wrong_with
from tests.e2e.journey.processes import Dev, eventually
from tests.events import upserted
from tests.integration.web.operating import held_run
from tests.integration.workers.world import open_world

Open = Callable[..., Page]
PAGES = ("", "/runs", "/events", "/deliveries", "/suppressions", "/terms", "/audit")


def token(running: Dev) -> str:
    """The operators' token that the development system made."""
    lines = (running.data / "secrets.env").read_text(encoding="utf-8").splitlines()
    return next(
        line.partition("=")[2].strip("\"'") for line in lines if line.startswith("ALERTS_ADMIN_TOKEN=")
    )


def sign_in(page: Page, running: Dev) -> None:
    """By keyboard alone."""
    page.goto("/admin")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.locator("#token").focus()
    page.keyboard.type(token(running))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="At a glance")).to_be_visible()


@pytest.fixture(scope="module")
def with_a_lot(running: Dev) -> Dev:
    """Imported suppressions, a month of figures, and events that could not be processed."""
    addresses = running.data / "suppressed.csv"
    addresses.write_text("email\n" + "".join(f"person{number}@example.org\n" for number in range(120)))
    imported = running.command("suppressions", "import", str(addresses))
    assert imported.returncode == 0, imported.stderr
    apart(running, a_month_of_figures_and_dead_events)
    return running


async def a_month_of_figures_and_dead_events(settings: Settings) -> None:
    """As the workers store them, in one transaction: no worker processes the events meanwhile."""
    now = datetime.now(UTC)
    sent = [upserted(f"NCT0999{number:04}", 1) for number in range(120)]
    rows = [
        row_of(read_event(read_envelope(event), event), json.dumps(event), now - timedelta(days=20))
        for event in sent
    ]
    async with open_system(settings) as system, system.writing() as connection:
        for back in range(1, 30):
            counts = dict.fromkeys(DailyName, (back * 37) % 900)
            await daily.save(connection, now.date() - timedelta(days=back), counts)
        assert await events.add(connection, rows) == len(rows)
        waiting = await events.waiting(connection, 1000)
        dead = [event.id for event in waiting if "NCT0999" in event.body]
        await events.finish(connection, dead, EventState.DEAD, now, "KeyError" * 8)


def apart(running: Dev, prepare: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    """Prepares the data of the development system; in a thread, since the browser has a loop in this one."""
    values = dotenv_values(running.data / "dev.env")
    environ = {name: value for name, value in values.items() if value}
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, prepare(read(environ))).result()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_can_be_used_by_everyone(
    open_page: Open, with_a_lot: Dev, scheme: str, width: int
) -> None:
    page = open_page("/admin", width=width, color_scheme=scheme)
    wrong = {"sign in": found} if (found := wrong_with(page)) else {}
    sign_in(page, with_a_lot)
    for path in PAGES:
        page.goto(f"/admin{path}")
        assert page.locator("h1").count() == 1
        keep(page, FOLDER / f"{width}-{scheme}" / f"operators{path.replace('/', '-')}.png")
        if found := wrong_with(page):
            wrong[path] = found
    assert wrong == {}


def test_a_fault_is_found_explained_and_replayed_from_the_overview(open_page: Open, with_a_lot: Dev) -> None:
    page = open_page("/admin", width=WIDE)
    sign_in(page, with_a_lot)
    page.get_by_role("link", name="120 events could not be processed.").click()
    expect(page.get_by_role("heading", name="Events")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(50)
    page.get_by_role("link", name="Older ones").click()
    expect(page.locator("tbody tr")).to_have_count(50)
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="Why")).to_be_visible()
    page.goto("/admin/events?state=dead")
    page.locator("button", has_text="Replay").first.click()
    expect(page.get_by_role("status")).to_have_text("The event is processed again.")


async def three_held_runs(settings: Settings) -> None:
    async with open_system(settings) as system, open_world(system) as world:
        for number in range(3):
            await held_run(world, f"reader{number}@example.org", trial=f"NCT0000000{number}")


@pytest.fixture(scope="module")
def held(running: Dev) -> Dev:
    """Three held runs, each of one digest."""
    apart(running, three_held_runs)
    return running


@pytest.mark.parametrize(
    ("button", "done", "arrives"),
    [
        ("Cancel, never tell", "no mail of it leaves, and its news is never sent", False),
        ("Cancel, tell later", "no mail of it leaves, and the next digests report its news", True),
        ("Release", "its mails leave now", True),
    ],
)
def test_a_held_run_is_inspected_and_decided_on_by_keyboard(
    open_page: Open, held: Dev, button: str, done: str, arrives: bool
) -> None:
    page = open_page("/admin", width=NARROW, color_scheme="dark")
    sign_in(page, held)
    page.locator(".verdict a", has_text="is held").last.click()
    page.locator("tr", has_text="held").last.get_by_role("link").click()
    expect(page.locator("#sample")).to_have_text("One of its mails, which reports 1 trial")
    reader = f"reader{int(page.url.rsplit('/', 1)[1]) - 1}@example.org"
    page.get_by_role("button", name=button).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(done)
    if arrives:
        assert held.mail(reader)["subject"] == "Your updates (1)"
    assert len(held.mails(reader)) == arrives
    page.goto("/admin/audit")
    expect(page.locator("tbody tr").first).to_contain_text("runs ")


SERVER, OTHER = "mail.example.org:587", "relay-two.mail.example.org:25"


async def faults_everywhere(settings: Settings) -> None:
    """Two further workers report faults of two mail servers, and one that its clock is wrong."""
    now = datetime.now(UTC)
    since = (now - timedelta(hours=3)).isoformat()
    reply = "550 5.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]; ask the postmaster"
    denies = {"server": SERVER, "reason": "denies_every_mail", "reply": reply, "since": since}
    refused = {"server": OTHER, "reason": "certificate", "reply": "", "since": since}
    async with open_system(settings) as system, system.writing() as connection:
        status = (await workers.running(connection))[0].status | {"mail": None}
        for host, failing, ahead in (("worker-a", [denies, refused], 0.0), ("worker-b", [denies], 900.0)):
            found = status | {"failing": failing, "clock_ahead": ahead}
            report = WorkerReport(f"{host}:17:x", host, now - timedelta(days=2), now, found)
            await workers.report(connection, report)


async def no_faults(settings: Settings) -> None:
    """Its workers stop in order."""
    async with open_system(settings) as system, system.writing() as connection:
        for host in ("worker-a", "worker-b"):
            await workers.retire(connection, f"{host}:17:x")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_many_faults_are_named_readably_in_every_width_and_scheme(
    open_page: Open, with_a_lot: Dev, scheme: str, width: int
) -> None:
    page = open_page("/admin", width=width, color_scheme=scheme)
    sign_in(page, with_a_lot)
    apart(with_a_lot, faults_everywhere)
    try:
        page.goto("/admin")
        words = page.locator(".verdict").inner_text()
        keep(page, FOLDER / f"{width}-{scheme}" / "operators-faults.png")
        wrong = wrong_with(page)
    finally:
        apart(with_a_lot, no_faults)
    assert f"2 of 3 workers can’t use the mail server {SERVER}" in words
    assert f"Worker worker-a can’t use the mail server {OTHER}" in words
    assert "that of worker worker-b is 900 s ahead" in words
    assert wrong == []


def test_the_overview_reports_a_missing_worker_first(open_page: Open, running: Dev) -> None:
    page = open_page("/admin", width=WIDE)
    sign_in(page, running)

    def silent() -> bool:
        """Whether the overview says so of a worker that last reported long ago: it reports anew soon."""
        with sqlite3.connect(running.data / "trial-alerts.sqlite3", timeout=30) as database:
            database.execute("UPDATE worker SET seen_at = '2026-11-01 00:00:00'")
        page.reload()
        return "No worker is running" in page.locator(".verdict").inner_text()

    eventually(silent, what="a word on the worker")
    assert "No worker is running" in page.locator(".verdict li").first.inner_text()


def test_an_address_with_letters_beyond_ascii_is_looked_up(open_page: Open, running: Dev) -> None:
    page = open_page("/admin", width=WIDE)
    sign_in(page, running)
    heading, address = page.get_by_role("heading", level=1), "jörg@example.org"
    page.locator("#why-email").fill(address)
    page.get_by_role("button", name="Explain").click()
    expect(heading).to_contain_text("Why:")
    for path in ("/admin", "/admin/suppressions"):
        page.goto(path)
        page.locator("#email").fill(address)
        page.get_by_role("button", name="Search").click()
        expect(heading).to_have_text(address)
