"""The operators' dashboard in a browser: by everyone, by keyboard, on a phone, empty and with a lot in it."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import NARROW, WIDE
from tests.e2e.browser.test_accessibility import wrong_with
from tests.e2e.journey.processes import Dev, eventually

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
    """A month of figures, suppressions and events, written straight into the file."""
    today = datetime.now(UTC).date()
    with sqlite3.connect(running.data / "trial-alerts.sqlite3", timeout=30) as database:
        database.executemany(
            "INSERT OR REPLACE INTO daily_figure VALUES (?, ?, ?)",
            [
                ((today - timedelta(days=back)).isoformat(), name, (back * 37) % 900)
                for back in range(1, 30)
                for name in ("mails_sent", "mails_bounced", "complaints", "events", "confirmed", "ended")
            ],
        )
        database.executemany(
            "INSERT INTO suppression (address_index, reason, source, created_at) VALUES (?, ?, 'test', ?)",
            [(b"%d" % number, "complaint", "2026-11-01 00:00:00") for number in range(120)],
        )
        database.executemany(
            "INSERT INTO event (source, event_id, type, subject, received_at, state, reason, body)"
            " VALUES ('https://ingest.example.org', ?, 'trial.upserted', 'NCT00000001', ?, 'dead', ?, '{}')",
            [(f"lot{number}", "2026-11-01 00:00:00", "KeyError" * 8) for number in range(120)],
        )
    return running


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
        if found := wrong_with(page):
            wrong[path] = found
    assert wrong == {}


def test_a_fault_is_found_explained_and_replayed_from_the_overview(open_page: Open, with_a_lot: Dev) -> None:
    page = open_page("/admin", width=WIDE)
    sign_in(page, with_a_lot)
    page.get_by_role("link", name="120 events are dead.").click()
    expect(page.get_by_role("heading", name="Events")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(50)
    page.get_by_role("link", name="Older ones").click()
    expect(page.locator("tbody tr")).to_have_count(50)
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="Why")).to_be_visible()
    page.goto("/admin/events?state=dead")
    page.locator("button", has_text="Replay").first.click()
    expect(page.get_by_role("status")).to_have_text("The event is processed again.")


def test_without_a_worker_the_overview_says_so_first(open_page: Open, running: Dev) -> None:
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
