"""From the mail's link to the page that explains the next step, on the smallest phone, and back out."""

from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.axe import violations
from tests.e2e.journey.processes import Dev, eventually
from tests.e2e.journey.visitor import Visitor

Open = Callable[..., Page]
TRIAL_PAGE = "/demo/trials/NCT04787263"
_numbers = count(1)


@pytest.fixture
def address() -> str:
    """Somebody new."""
    return f"step{next(_numbers)}@example.org"


@pytest.fixture
def links(running: Dev, address: str) -> dict[str, str]:
    """The links of the person's confirmation mail, by their kind."""
    visitor = Visitor(running.url)
    visitor.submit(visitor.get(TRIAL_PAGE), "/v1/subscriptions", email=address, accept_terms="yes")
    visitor.close()
    found = running.mail(address)["links"]
    return {part: link for part in ("confirm", "decline") for link in found if f"/{part}/" in link}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_button_stands_on_the_first_screen(open_page: Open, links: dict[str, str], scheme: str) -> None:
    page = open_page(width=320, color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto(links["confirm"])
    expect(page.get_by_role("heading", level=1)).to_have_text("One last step")
    button = page.get_by_role("button", name="Yes, send me these emails")
    box = button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 568
    assert "http" not in page.locator("main").inner_text()
    assert violations(page) == []
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed up")
    expect(page.get_by_text("The first email can arrive on")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Back to Example Updates").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_unsubscribe_is_named_and_undone_by_keyboard(
    open_page: Open, running: Dev, address: str, links: dict[str, str]
) -> None:
    page = open_page()
    page.goto(links["confirm"])
    page.get_by_role("button", name="Yes, send me these emails").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed up")
    page.goto("/dev/events")
    page.get_by_role("button", name="The ages who can join change").first.click()
    eventually(lambda: _digest_arrived(page, running, address), what="the digest")
    page.goto(next(link for link in running.mail(address, 2)["links"] if "/unsubscribe/" in link))
    press(page, "Stop all emails")
    expect(page.get_by_role("heading", level=1)).to_have_text("Done")
    expect(page.get_by_role("heading", name="You no longer follow")).to_be_visible()
    assert violations(page) == []
    press(page, "Undo: follow them again")
    expect(page.get_by_role("heading", level=1)).to_have_text("You follow it again")
    assert violations(page) == []


def press(page: Page, name: str) -> None:
    """Goes to a button by the Tab key alone, sees where the focus is, and presses it."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == name:
            break
    expect(page.get_by_role("button", name=name)).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")


def _digest_arrived(page: Page, running: Dev, address: str) -> bool:
    page.goto("/dev/mailbox")
    page.get_by_role("button", name="Send the digests now").click()
    return len(running.mails(address)) > 1
