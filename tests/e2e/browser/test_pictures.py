"""Pictures of every page, for eyes: light, dark, on phones and a desk, printed, enlarged fourfold, and in a
language from right to left. They are written to `screenshots/`, which git ignores.

What a picture can't show is checked beside it: nothing is cut off, and controls are large enough.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from service.languages import language, supported
from tests.e2e.browser.conftest import NARROW
from tests.e2e.journey.processes import Dev
from tests.e2e.journey.visitor import Visitor

FOLDER = Path(__file__).parents[3] / "screenshots"
TRIAL = "NCT04787263"
ADDRESS = "pictures@example.org"
RIGHT_TO_LEFT = [code for code in supported() if language(code).direction == "rtl"]

#: Name, width in CSS pixels, scheme, medium, and the language in the address.
LOOKS = [
    ("320-light", 320, "light", "screen", ""),
    ("320-dark", 320, "dark", "screen", ""),
    ("390-light", 390, "light", "screen", ""),
    ("1280-light", 1280, "light", "screen", ""),
    ("1280-dark", 1280, "dark", "screen", ""),
    ("printed", 794, "dark", "print", ""),
    *((f"390-{code}", 390, "light", "screen", f"/{code}") for code in RIGHT_TO_LEFT),
]


@dataclass(frozen=True)
class Walk:
    """The pages by a name for their files."""

    paths: dict[str, str]


@pytest.fixture(scope="module")
def walk(running: Dev) -> Walk:
    """Somebody signs up, confirms and follows; the addresses of the pages on the way."""
    visitor = Visitor(running.url)
    visitor.submit(
        visitor.get(f"/demo/trials/{TRIAL}"), "/v1/subscriptions", email=ADDRESS, accept_terms="yes"
    )
    links = running.mail(ADDRESS)["links"]
    confirm, decline = (
        next(link for link in links if f"/{part}/" in link) for part in ("confirm", "decline")
    )
    other = "others@example.org"
    visitor.submit(visitor.get(f"/demo/trials/{TRIAL}"), "/v1/subscriptions", email=other, accept_terms="yes")
    pending = next(link for link in running.mail(other)["links"] if "/confirm/" in link)
    done = visitor.submit(visitor.get(confirm), "/confirm/")
    found = re.search(r'href="(/preferences/[^"]+)"', done.text)
    assert found is not None
    preferences = found[1]
    visitor.close()
    own = {
        name: link.removeprefix(running.url)
        for name, link in {"confirmed": confirm, "decline": decline, "confirm": pending}.items()
    }
    return Walk(
        {
            "subscribe": f"/subscribe?topic=trial:{TRIAL}&topic=condition:MONDO:0004967",
            "search": "/subscribe?topic=condition:leukemai",
            "sent": "/subscribe/sent",
            **own,
            "preferences-ask": "/preferences",
            "preferences": preferences,
            "follow": f"{preferences}/follow",
            "erase": f"{preferences}/erase",
            "bad-link": "/unsubscribe/nothing",
            "nothing-there": "/nothing/here",
            "embed": "/embed",
        }
    )


def violations(page: Page) -> list[str]:
    """What axe finds."""
    response = Axe().run(page).response
    return [f"{found['id']}: {found['nodes'][0]['html'][:120]}" for found in response["violations"]]


def shown(page: Page, path: str) -> None:
    """Opens a page as a picture shows it: with everything that is folded open."""
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")


@pytest.mark.parametrize("look", LOOKS, ids=[look[0] for look in LOOKS])
def test_every_page_as_a_picture(
    open_page: Callable[..., Page], walk: Walk, look: tuple[str, int, str, str, str]
) -> None:
    name, width, scheme, medium, prefix = look
    page = open_page("/demo/terms", width=width, color_scheme=scheme, expected="404")
    page.emulate_media(media=medium, color_scheme=scheme)  # type: ignore[arg-type]
    wrong: dict[str, list[str]] = {}
    for page_name, path in walk.paths.items():
        shown(page, prefix + path)
        (FOLDER / name).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=FOLDER / name / f"{page_name}.png", full_page=True)
        found = [] if medium == "print" or (width > NARROW and not prefix) else violations(page)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append("scrolls sideways")
        if found:
            wrong[page_name] = found
    assert wrong == {}


SMALL = """() => [...document.querySelectorAll("button, input, select, summary, nav a, a.button, .choice")]
  .filter((control) => control.checkVisibility() && !control.closest(".trap, .spoken, [aria-hidden=true]")
    && !control.matches("[type=hidden], .skip"))
  .map((control) => [control.textContent.trim() || control.name, control.getBoundingClientRect()])
  .filter(([, { width, height }]) => Math.min(width, height) < 24).map(([name]) => name.slice(0, 30))"""


def test_every_control_can_be_hit(open_page: Callable[..., Page], walk: Walk) -> None:
    """24 by 24 pixels at least (WCAG 2.5.8)."""
    page = open_page("/demo/terms", width=320, expected="404")
    small = {}
    for name, path in walk.paths.items():
        shown(page, path)
        if found := page.evaluate(SMALL):
            small[name] = found
    assert small == {}


def test_a_page_enlarged_fourfold_still_reads_from_top_to_bottom(
    browser: Browser, running: Dev, walk: Walk
) -> None:
    """1280 pixels at 400 % are 320 CSS pixels (WCAG 1.4.10), drawn four times as large."""
    context = browser.new_context(
        viewport={"width": 320, "height": 256}, device_scale_factor=4, base_url=running.url
    )
    page = context.new_page()
    for name, path in walk.paths.items():
        shown(page, path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    context.close()
