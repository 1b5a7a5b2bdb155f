"""What was done is said once, and what is wrong is said where the focus is."""

import re
from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.every_page import Kept, walked
from tests.e2e.browser.test_pictures import show
from tests.e2e.journey.processes import Dev
from tests.e2e.journey.visitor import Visitor

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def kept(running: Dev) -> Mapping[str, Kept]:
    """Every page, walked once."""
    return walked(running, "en")


def own_page(open_page: Open, running: Dev, address: str) -> Page:
    """The preferences of somebody who has just signed up and confirmed."""
    visitor = Visitor(running.url)
    form = visitor.get("/subscribe?topic=trial:NCT04787263")
    visitor.submit(form, "/v1/subscriptions", email=address, accept_terms="yes")
    visitor.close()
    page = open_page(
        next(link for link in running.mail(address)["links"] if "/confirm/" in link), expected="410"
    )
    page.get_by_role("button", name="Yes, send me these emails").click()
    page.get_by_role("link", name="See or change your preferences").click()
    return page


def test_a_page_of_preferences_that_is_loaded_again_does_not_repeat_what_was_done(
    open_page: Open, running: Dev
) -> None:
    page = own_page(open_page, running, "once@example.org")
    page.get_by_label("Discreet emails").check()
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("status")).to_have_text("Your changes have been saved.")
    # The page's script runs only after what it says is to be seen.
    expect(page).not_to_have_url(re.compile("said="))
    page.reload()
    expect(page.get_by_label("Discreet emails")).to_be_checked()
    expect(page.get_by_role("status")).to_have_count(0)


def test_a_file_that_is_not_there_any_more_is_a_page_that_says_so(open_page: Open, running: Dev) -> None:
    page = own_page(open_page, running, "erased@example.org")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download my data").click()
    assert download.value.suggested_filename == "my-data.json"
    other = page.context.new_page()
    other.goto(f"{page.url}/erase")
    other.get_by_role("button", name="Erase everything now").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Everything has been erased")
    page.get_by_role("link", name="Download my data").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This link no longer works")


def test_an_error_of_any_form_is_named_in_the_title_and_has_the_focus(
    open_page: Open, running: Dev, kept: Mapping[str, Kept]
) -> None:
    page = open_page("/preferences", expected="422")
    page.get_by_label("Your email address").fill("nobody")
    page.locator("main").get_by_role("button").click()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_label("Your email address")).to_be_focused()
    show(page, kept["unsubscribe-none-chosen"])
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator("fieldset")).to_be_focused()
