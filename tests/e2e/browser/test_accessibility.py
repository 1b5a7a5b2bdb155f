"""Every page, in light and dark, wide and on a phone: axe finds nothing, and nothing is cut off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.browser.axe import violations
from tests.e2e.browser.conftest import NARROW, WIDE
from tests.e2e.journey.processes import Dev
from tests.e2e.journey.visitor import Visitor

Open = Callable[..., Page]
PAGES = (
    "/",
    "/demo/trials/NCT04787263",
    "/demo/terms",
    "/demo/privacy",
    "/dev/mailbox",
    "/dev/mails",
    "/dev/mails/digest?scheme=dark&width=320",
    "/dev/design",
    "/dev/events",
    "/docs",
    "/subscribe?topic=trial:NCT04787263",
    "/subscribe/sent",
    "/confirm/nothing",
    "/unsubscribe/nothing",
    "/decline/nothing",
)


@pytest.fixture(scope="module")
def mailed(running: Dev) -> list[str]:
    """The pages behind the links of a real mail."""
    visitor = Visitor(running.url)
    page = visitor.get("/demo/trials/NCT04787263")
    visitor.submit(page, "/v1/subscriptions", email="anna@example.org", accept_terms="yes")
    links = running.mail("anna@example.org")["links"]
    visitor.close()
    name = running.mails("anna@example.org")[0]["id"]
    return [*(link for link in links if "/confirm/" in link or "/decline/" in link), f"/dev/mailbox/{name}"]


def wrong_with(page: Page) -> list[str]:
    """Axe's findings, and whether anything is wider than the window."""
    found = violations(page)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("scrolls sideways")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_can_be_used_by_everyone(
    open_page: Open, mailed: list[str], scheme: str, width: int
) -> None:
    page = open_page("/demo/terms", width=width, color_scheme=scheme)
    wrong = {}
    for path in (*PAGES, *mailed):
        with page.expect_response(lambda _: True):
            page.goto(path)
        if found := wrong_with(page):
            wrong[path.split("?")[0][:30]] = found
    assert wrong == {}


def test_every_page_has_a_title_a_language_and_one_heading(open_page: Open, mailed: list[str]) -> None:
    page = open_page("/demo/terms")
    for path in (*PAGES, *mailed):
        page.goto(path)
        assert page.title(), path
        assert page.get_attribute("html", "lang"), path
        assert page.locator("h1").count() == 1, path


def test_no_page_requests_anything_of_another_host(open_page: Open, running: Dev, mailed: list[str]) -> None:
    asked: set[str] = set()
    page = open_page("/demo/terms")
    page.on("request", lambda request: asked.add(request.url))
    for path in (*PAGES, *mailed):
        page.goto(path)
    assert {url for url in asked if not url.startswith((running.url, "data:"))} == set()
