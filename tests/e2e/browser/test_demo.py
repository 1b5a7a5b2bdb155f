"""The demo explains itself: each button shows its effect, or the reason why there is none."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.browser.axe import violations
from tests.e2e.browser.conftest import NARROW

Open = Callable[..., Page]


def test_a_real_study_is_played_forward(open_page: Open) -> None:
    page = open_page("/")
    page.get_by_role("link", name="See it in two minutes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two minutes with a real study")
    expect(page.get_by_text("to come")).to_have_count(12)
    page.get_by_role("button", name="Play update 1 of 12").click()
    expect(page.get_by_text("to come")).to_have_count(11)
    expect(page.locator("#update-1")).to_contain_text("Followers get an email")
    page.get_by_role("button", name="Play all that are left").click()
    expect(page.get_by_role("status")).to_contain_text("All 12 updates are played.")
    expect(page.locator("#update-11")).to_contain_text("Nobody is notified")


def test_a_button_that_changes_nothing_explains_itself(open_page: Open) -> None:
    page = open_page("/dev/events")
    page.get_by_role("button", name="Results are posted").last.click()
    expect(page.get_by_role("status")).to_contain_text("Followers get an email")
    page.get_by_role("button", name="Results are posted").last.click()
    expect(page.get_by_role("status")).to_contain_text("Nothing was sent: the study was like that already.")
    page.get_by_role("button", name="Only the website's own words").last.click()
    expect(page.get_by_role("status")).to_contain_text("Nobody is notified")
    page.get_by_role("button", name="Send the digests now").click()
    expect(page.get_by_role("status")).to_contain_text("There was nothing to send")


def test_the_history_fits_a_phone_and_axe_finds_nothing(open_page: Open) -> None:
    for scheme in ("light", "dark"):
        page = open_page("/demo/history", width=NARROW, color_scheme=scheme)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
