"""The journey as somebody goes it with a mouse, a phone, a keyboard, or without JavaScript."""

from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import NARROW, WIDE
from tests.e2e.journey.processes import Dev, eventually

TRIAL_PAGE = "/demo/trials/NCT04787263"
_numbers = count(1)

Open = Callable[..., Page]


@pytest.fixture
def address() -> str:
    """Somebody new."""
    return f"reader{next(_numbers)}@example.org"


def link(running: Dev, address: str, part: str, number: int = 1) -> str:
    """The link of that kind in the person's mail."""
    return next(str(url) for url in running.mail(address, number)["links"] if part in url)


def confirm_by_mouse(page: Page, running: Dev, address: str) -> None:
    page.goto(link(running, address, "/confirm/"))
    page.locator("form[action*='/confirm/'] button, main form button").first.click()
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize(("width", "script"), [(WIDE, True), (NARROW, True), (NARROW, False)])
def test_from_the_trial_page_to_a_digest_and_out(
    open_page: Open, running: Dev, address: str, width: int, script: bool
) -> None:
    page = open_page(TRIAL_PAGE, width=width, java_script_enabled=script)
    page.get_by_label("Your email address").fill(address)
    page.get_by_label("How often?").select_option("weekly")
    page.get_by_label("I agree to the").check()
    page.get_by_role("button", name="Get updates").click()
    expect(page.get_by_role("status")).to_contain_text("Almost done")
    expect(page.get_by_role("status")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Get updates")).to_have_count(0)

    confirm_by_mouse(page, running, address)

    page.goto("/dev/events")
    page.get_by_role("button", name="The ages who can join change").first.click()
    expect(page.get_by_role("status")).to_contain_text("NCT04787263: Followers get an email")
    eventually(lambda: _digest_arrived(page, running, address), what="the digest")

    page.goto("/dev/mailbox")
    page.get_by_role("link", name=running.mails(address)[0]["subject"]).first.click()
    framed = page.frame_locator("iframe.mail")
    expect(framed.get_by_role("heading").first).to_be_visible()

    page.goto(link(running, address, "/unsubscribe/", 2))
    page.locator("main form button").last.click()
    expect(page.locator("main")).to_be_visible()


def _digest_arrived(page: Page, running: Dev, address: str) -> bool:
    page.goto("/dev/mailbox")
    page.get_by_role("button", name="Send the digests now").click()
    return len(running.mails(address)) > 1


def test_the_keyboard_is_enough(open_page: Open, running: Dev, address: str) -> None:
    page = open_page(TRIAL_PAGE)
    page.get_by_label("Your email address").focus()
    page.keyboard.type(address)
    page.keyboard.press("Tab")  # the safety recommendation
    page.keyboard.press("Tab")  # how often
    page.keyboard.press("Tab")  # the agreement
    page.keyboard.press("Space")
    expect(page.get_by_label("I agree to the")).to_be_checked()
    page.get_by_label("Your email address").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Almost done")
    page.goto(link(running, address, "/confirm/"))
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('form button')"):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_visible()


def test_mail_that_arrives_shows_itself(open_page: Open, running: Dev, address: str) -> None:
    mailbox = open_page("/dev/mailbox")
    page = open_page(TRIAL_PAGE)
    page.get_by_label("Your email address").fill(address)
    page.get_by_label("I agree to the").check()
    page.get_by_role("button", name="Get updates").click()
    expect(mailbox.get_by_text(f"to {address}")).to_be_visible()
