"""Fixtures for websites that embed the form: a site of another origin, and a system that lets it in."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.embed.foreign_site import ForeignSite, foreign_site
from tests.e2e.journey.processes import Dev, dev

Open = Callable[..., Page]
TRIAL, CONDITION = "trial:NCT04787263", "condition:MONDO:0004967"
_numbers = count(1)


@pytest.fixture(scope="module")
def site() -> Iterator[ForeignSite]:
    with foreign_site() as opened:
        yield opened


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, site: ForeignSite, request: pytest.FixtureRequest
) -> Iterator[Dev]:
    """A development system that lets the site in; the file of the tests says whether it asks for a proof of
    work (CHALLENGE)."""
    folder: Path = tmp_path_factory.mktemp("embed")
    environ = {
        "ALERTS_CHALLENGE": request.module.CHALLENGE,
        "ALERTS_SIGNUP_LIMIT": "100000",
        "ALERTS_WEBSITE_ORIGINS": site.url,
        "ALERTS_SITE_URL": site.url,
    }
    with dev(folder / "data", environ) as system:
        yield system


@pytest.fixture
def address() -> str:
    """Somebody new."""
    return f"visitor{next(_numbers)}@example.org"


def script(running: Dev, attributes: str) -> str:
    """A script line of the service."""
    return f'<script src="{running.url}/embed.js" {attributes}></script>'


def sign_up(page: Page, address: str) -> None:
    """Fills the form in and sends it."""
    page.get_by_label("Your email address").fill(address)
    page.get_by_label("I agree to the").check()
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("status").filter(has_text="Almost done")).to_be_visible()
