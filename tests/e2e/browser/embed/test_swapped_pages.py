"""The embedded form on pages that are swapped for their copies, or move it; in older browsers; and while
its requests hang or are answered by somebody else."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.embed.conftest import TRIAL, Open, script, sign_up
from tests.e2e.browser.embed.foreign_site import ForeignSite
from tests.e2e.journey.processes import Dev

CHALLENGE = "off"

#: As Turbo does when somebody goes back: the page's copy takes its place, and its scripts run again.
SWAP = """() => {
  const copy = document.body.cloneNode(true);
  for (const old of copy.querySelectorAll("script")) {
    const fresh = document.createElement("script");
    for (const { name, value } of old.attributes) fresh.setAttribute(name, value);
    old.replaceWith(fresh);
  }
  document.body.replaceWith(copy);
}"""

#: As in Safari before 16.4.
OLD = """
  window.CSSStyleSheet = function () { throw new TypeError("Illegal constructor"); };
  delete ShadowRoot.prototype.adoptedStyleSheets;
"""
READABLE = {"access-control-allow-origin": "*"}


def settle(page: Page, running: Dev) -> None:
    """Until what a script would ask for now, and draw, has been answered and drawn."""
    for path in ("embed.js", "v1/form") * 3:
        page.evaluate("async (url) => { await (await fetch(url)).text(); }", f"{running.url}/{path}")


@pytest.fixture
def study(open_page: Open, running: Dev, site: ForeignSite) -> Page:
    """A page with the form."""
    page = open_page(site.put("/study", script(running, f'data-topics="{TRIAL}"')), expected="/v1/")
    expect(page.get_by_role("button", name="Sign up")).to_be_visible()
    return page


@pytest.mark.parametrize("place", ["body", "target"])
def test_a_page_that_is_swapped_for_its_copy_has_one_form(
    open_page: Open, running: Dev, site: ForeignSite, place: str
) -> None:
    target = ' data-target="here"' if place == "target" else ""
    body = '<div id="here"></div>' + script(running, f'data-topics="{TRIAL}"{target}')
    page = open_page(site.put("/study", body))
    for _ in range(2):
        expect(page.get_by_role("button", name="Sign up")).to_have_count(1)
        page.evaluate(SWAP)
        settle(page, running)
    expect(page.get_by_role("button", name="Sign up")).to_have_count(1)
    page.locator("main script").evaluate("(tag) => { tag.dataset.topics = 'trial:NCT00000001'; }")
    expect(page.get_by_role("checkbox", name="NCT00000001")).to_be_checked()


def test_two_scripts_draw_two_forms(open_page: Open, running: Dev, site: ForeignSite) -> None:
    tags = [script(running, f'data-topics="{topic}"') for topic in (TRIAL, "trial:NCT00000001")]
    page = open_page(site.put("/study", "".join(tags)))
    expect(page.get_by_role("button", name="Sign up")).to_have_count(2)


def test_a_form_that_the_page_moves_keeps_what_was_typed_and_said(
    study: Page, running: Dev, address: str
) -> None:
    move = "(form) => document.querySelector('main').prepend(form)"
    form = study.locator("trial-alerts-signup")
    study.get_by_label("Your email address").fill(address)
    study.get_by_label("I agree to the").check()
    form.evaluate(move)
    settle(study, running)
    expect(study.get_by_label("I agree to the")).to_be_checked()
    expect(study.get_by_label("Your email address")).to_have_value(address)
    sign_up(study, address)
    form.evaluate(move)
    settle(study, running)
    expect(study.get_by_text("Almost done")).to_be_visible()


def test_an_older_browser_draws_the_form_too(
    open_page: Open, running: Dev, site: ForeignSite, address: str
) -> None:
    page = open_page(site.put("/nothing", ""))
    page.add_init_script(OLD)
    page.goto(site.put("/study", script(running, f'data-topics="{TRIAL}"')))
    expect(page.get_by_role("button", name="Sign up")).to_have_css("font-weight", "600")
    expect(page.get_by_role("button", name="Sign up")).to_have_css("background-color", "rgb(31, 95, 139)")
    sign_up(page, address)


@pytest.mark.parametrize("what", ["hangs", "a login page", "too many"])
def test_a_form_that_could_not_be_sent_says_so_and_keeps_the_focus(
    study: Page, address: str, what: str
) -> None:
    study.clock.install()
    problem = {"detail": "Too many sign-ups came from your network.", "status": 429}

    def answer(route: Any) -> None:
        if what == "a login page":
            route.fulfill(status=200, body="<h1>Welcome to our Wi-Fi</h1>", headers=READABLE)
        elif what == "too many":
            route.fulfill(status=429, json=problem, headers=READABLE)

    study.route("**/v1/subscriptions", answer)
    study.get_by_label("Your email address").fill(address)
    study.get_by_label("I agree to the").check()
    button = study.get_by_role("button", name="Sign up")
    button.focus()
    button.press("Enter")
    if what == "hangs":
        expect(button).to_be_disabled()
        study.clock.fast_forward(31_000)
    said = "Too many sign-ups" if what == "too many" else "This did not work"
    expect(study.get_by_role("alert").filter(has_text=said)).to_be_visible()
    expect(button).to_be_enabled()
    expect(button).to_be_focused()
    study.unroute("**/v1/subscriptions")
    button.press("Enter")
    expect(study.get_by_role("status").filter(has_text="Almost done")).to_be_visible()


def test_a_form_that_hangs_as_it_is_drawn_gives_way_to_the_sites_own_content(
    open_page: Open, running: Dev, site: ForeignSite
) -> None:
    page = open_page(site.put("/nothing", ""))
    page.clock.install()
    page.route("**/v1/form*", lambda route: None)
    with page.expect_request("**/v1/form*"):
        page.goto(site.put("/study", script(running, f'data-topics="{TRIAL}"')))
    page.clock.fast_forward(31_000)
    expect(page.get_by_text("be shown here at the moment")).to_be_visible()
    page.unroute("**/v1/form*")
    page.get_by_role("button", name="Try again").press("Enter")
    expect(page.get_by_role("button", name="Sign up")).to_be_visible()
    expect(page.get_by_role("group", name="What do you want to follow?")).to_be_focused()


def test_a_sentence_in_arabic_on_a_page_from_left_to_right_runs_from_the_right(
    open_page: Open, running: Dev, site: ForeignSite
) -> None:
    page = open_page(site.put("/nothing", ""), expected="/v1/form")
    page.route("**/v1/form*", lambda route: route.abort())
    element = f'<div lang="ar"><trial-alerts-signup topics="{TRIAL}"></trial-alerts-signup></div>'
    page.goto(site.put("/study", element, head=script(running, "async")))
    expect(page.get_by_role("status")).to_have_css("direction", "rtl")
    button = page.get_by_role("button")
    button.press("Enter")
    expect(page.get_by_role("button")).to_be_focused()
