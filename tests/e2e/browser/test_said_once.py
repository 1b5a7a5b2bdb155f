"""What was done is said once: a page that is loaded again does not repeat it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.journey.processes import Dev
from tests.e2e.journey.visitor import Visitor

Open = Callable[..., Page]
ADDRESS = "once@example.org"


def test_a_page_of_preferences_that_is_loaded_again_does_not_repeat_what_was_done(
    open_page: Open, running: Dev
) -> None:
    visitor = Visitor(running.url)
    form = visitor.get("/subscribe?topic=trial:NCT04787263")
    visitor.submit(form, "/v1/subscriptions", email=ADDRESS, accept_terms="yes")
    visitor.close()
    page = open_page(next(link for link in running.mail(ADDRESS)["links"] if "/confirm/" in link))
    page.get_by_role("button", name="Yes, send me these emails").click()
    page.get_by_role("link", name="See or change your preferences").click()
    page.get_by_label("Discreet emails").check()
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("status")).to_have_text("Your changes have been saved.")
    page.reload()
    expect(page.get_by_label("Discreet emails")).to_be_checked()
    expect(page.get_by_role("status")).to_have_count(0)
