"""Buttons that a trembling hand presses twice: their form is sent once, on every page that has one."""

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.every_page import Kept, walked
from tests.e2e.browser.test_pictures import show
from tests.e2e.journey.processes import Dev

Open = Callable[..., Page]

#: What becomes of each press is noted, and nothing is sent.
LISTEN = """() => {
  window.presses = [];
  window.addEventListener("submit", (event) => {
    window.presses.push(event.defaultPrevented ? "nothing" : "sent");
    event.preventDefault();
  });
}"""
PAGES = (
    "subscribe",
    "confirm",
    "confirm-expired",
    "sign-in",
    "unsubscribe",
    "unsubscribed",
    "erase",
    "address",
)


@pytest.fixture(scope="module")
def kept(running: Dev) -> Mapping[str, Kept]:
    """Every page, walked once."""
    return walked(running, "en")


@pytest.fixture
def page(open_page: Open) -> Page:
    return open_page("/demo/terms", bypass_csp=True)


@pytest.mark.parametrize("name", PAGES)
def test_the_second_press_sends_nothing(page: Page, kept: Mapping[str, Kept], name: str) -> None:
    show(page, kept[name])
    page.wait_for_load_state()
    page.evaluate(LISTEN)
    buttons = page.locator("main form button:not(.spoken, [value=search])")
    first = buttons.first
    for _ in range(2):
        first.click()
    assert page.evaluate("presses") == ["sent", "nothing"]
    if buttons.count() > 1:  # who changes their mind is heard
        buttons.last.click()
        assert page.evaluate("presses")[-1] == "sent"
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    first.click()
    assert page.evaluate("presses")[-1] == "sent"


#: The place of a proof of work, and the script that solves it.
PROOF = (
    '<div data-challenge="/v1/challenge" data-checked="Checked."><p role="status"></p>'
    '<input type="hidden" name="challenge"></div><script src="/static/challenge.js" defer></script>'
)


def test_a_page_that_is_shown_as_it_was_left_gets_another_proof_of_work(
    page: Page, kept: Mapping[str, Kept]
) -> None:
    """A browser may keep a page and show it again: what was solved on it has been used up."""
    show(page, Kept(kept["sign-in"].html.replace('<button type="submit"', PROOF + '<button type="submit"')))
    expect(page.get_by_text("Checked.")).to_be_visible()
    solution = page.locator("[name=challenge]")
    before = solution.input_value()
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(solution).not_to_have_value(before)
