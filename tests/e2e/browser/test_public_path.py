"""The service below a path of its host, in a browser: scripts, styles, proofs of work and links work."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.test_journey import link
from tests.e2e.journey.processes import Dev, dev
from tests.servers import free_port

BASE = "/news/alerts"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    """A development system that browsers see below BASE, and that asks for a proof of work."""
    data: Path = tmp_path_factory.mktemp("below") / "data"
    port = free_port()
    environ = {"ALERTS_PUBLIC_URL": f"http://127.0.0.1:{port}{BASE}", "ALERTS_CHALLENGE": "always"}
    with dev(data, environ, port=port) as system:
        yield system


def test_a_form_on_another_page_and_the_hosted_one(open_page: Callable[..., Page], running: Dev) -> None:
    page = open_page(f"{BASE}/demo/trials/NCT04787263?script=true")
    form = page.locator("body trial-alerts-signup")
    form.get_by_label("Your email address").fill("embedded@example.org")
    form.get_by_label("I agree to the").check()
    form.get_by_role("button", name="Sign up").click()
    expect(form.get_by_role("status")).to_contain_text("check your email")

    confirmation = link(running, "embedded@example.org", "/confirm/")
    assert confirmation.startswith(f"{running.url}{BASE}/confirm/")
    page.goto(confirmation)
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed up")

    page.goto(f"{BASE}/subscribe?topic=trial:NCT04787263")
    page.get_by_label("Your email address").fill("hosted@example.org")
    page.get_by_label("I agree to the").check()
    expect(page.locator("[data-challenge] [role=status]")).to_have_text("Checked. You can continue now.")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    assert page.url == f"{running.url}{BASE}/subscribe/sent"
