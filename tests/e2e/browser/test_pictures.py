"""Every page in light, dark, on phones and a desk, printed, enlarged fourfold, and in languages of long words
and from right to left: axe finds nothing, nothing is cut off, and controls are large enough.

`make pictures` writes a picture of each to `screenshots/`, which git ignores.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Page

from service.languages import language, supported
from tests.e2e.browser.axe import CONTRAST, violations
from tests.e2e.browser.every_page import Kept, walked
from tests.e2e.browser.pictures import FOLDER, keep
from tests.e2e.journey.processes import Dev
from tests.waiting import PATIENCE

RIGHT_TO_LEFT = [code for code in supported() if language(code).direction == "rtl"]

#: Name, width in CSS pixels, scheme, medium, and the reader's language.
LOOKS = [
    ("320-light", 320, "light", "screen", "en"),
    ("320-dark", 320, "dark", "screen", "en"),
    ("320-de", 320, "light", "screen", "de"),
    ("390-light", 390, "light", "screen", "en"),
    ("1280-light", 1280, "light", "screen", "en"),
    ("1280-dark", 1280, "dark", "screen", "en"),
    ("printed", 794, "dark", "print", "en"),
    *((f"390-{code}", 390, "light", "screen", code) for code in RIGHT_TO_LEFT),
]

#: The looks in which axe looks at each page: what it finds depends on colours, words and direction.
FOR_AXE = {"320-light", "320-dark", *(f"390-{code}" for code in RIGHT_TO_LEFT)}

#: The pages with something folded, which is opened for the picture; others that have the same are left.
UNFOLDED = {"subscribe", "preferences"}

#: Pages of the API, for operators and of the development system, in English.
OTHERS = {
    "dev": "/",
    "demo": "/demo/trials/NCT04787263",
    "demo-script": "/demo/trials/NCT04787263?script=true",
    "demo-history": "/demo/history",
    "events": "/dev/events",
    "mailbox": "/dev/mailbox",
    "mails": "/dev/mails",
    "design": "/dev/design",
    "operators": "/admin",
    "api": "/docs",
}

Walks = Callable[[str], Mapping[str, Kept]]


@pytest.fixture(scope="module")
def walks(running: Dev) -> Walks:
    """Every page in a language, walked once."""
    known: dict[str, Mapping[str, Kept]] = {}

    def walk(code: str) -> Mapping[str, Kept]:
        if code not in known:
            known[code] = walked(running, code)
        return known[code]

    return walk


def show(page: Page, kept: Kept) -> None:
    """Draws a kept page in place of the one that is open, whose styles and scripts it finds."""
    page.set_content(kept.html, timeout=PATIENCE * 1000)


def unfold(page: Page) -> None:
    """Opens everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")


def scrolls_sideways(page: Page) -> bool:
    """Whether something is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.mark.parametrize("look", LOOKS, ids=[look[0] for look in LOOKS])
def test_every_page_fits_and_axe_finds_nothing(
    open_page: Callable[..., Page], walks: Walks, look: tuple[str, int, str, str, str]
) -> None:
    name, width, scheme, medium, code = look
    page = open_page("/subscribe", width=width, color_scheme=scheme)
    page.emulate_media(media=medium, color_scheme=scheme)  # type: ignore[arg-type]
    left_out = [] if code == "en" else [CONTRAST]
    wrong: dict[str, list[str]] = {}
    for page_name, kept in walks(code).items():
        show(page, kept)
        if page_name in UNFOLDED:
            unfold(page)
        keep(page, FOLDER / name / f"{page_name}.png")
        found = violations(page, without=left_out) if name in FOR_AXE else []
        if scrolls_sideways(page):
            found.append("scrolls sideways")
        if found:
            wrong[page_name] = found
    assert wrong == {}


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_pages_of_developers_and_operators_fit(
    open_page: Callable[..., Page], width: int, scheme: str
) -> None:
    page = open_page("/subscribe", width=width, color_scheme=scheme)
    wide = []
    for name, path in OTHERS.items():
        page.goto(path, timeout=PATIENCE * 1000)
        if page.locator("trial-alerts-signup").count():
            page.locator("trial-alerts-signup form").first.wait_for()
        unfold(page)
        keep(page, FOLDER / f"{width}-{scheme}" / f"{name}.png")
        if scrolls_sideways(page):
            wide.append(name)
    assert wide == []


SMALL = """() => [...document.querySelectorAll("button, input, select, summary, nav a, a.button, .choice")]
  .filter((control) => control.checkVisibility() && !control.closest(".trap, .spoken, [aria-hidden=true]")
    && !control.matches("[type=hidden], .skip"))
  .map((control) => [control.textContent.trim() || control.name, control.getBoundingClientRect()])
  .filter(([, { width, height }]) => Math.min(width, height) < 24).map(([name]) => name.slice(0, 30))"""


def test_every_control_can_be_hit(open_page: Callable[..., Page], walks: Walks) -> None:
    """24 by 24 pixels at least (WCAG 2.5.8)."""
    page = open_page("/subscribe", width=320)
    small = {}
    for name, kept in walks("en").items():
        show(page, kept)
        unfold(page)
        if found := page.evaluate(SMALL):
            small[name] = found
    assert small == {}


#: A control in the accessibility tree; and something around it that has a name.
CONTROL = re.compile(r' *- (?:button|link|textbox|combobox|checkbox|radio) "(.+?)"')
NAMED = re.compile(r' *- \'?(?:form|region|group|search|navigation|listitem) "(.+?)"')


def controls(tree: str) -> Iterator[tuple[str, ...]]:
    """The name of each control of an accessibility tree, after the names of what it stands in."""
    around: list[tuple[int, str]] = []
    for line in tree.split("\n"):
        depth = len(line) - len(line.lstrip())
        around = [(outer, name) for outer, name in around if outer < depth]
        if found := NAMED.match(line):
            around.append((depth, found[1]))
        if found := CONTROL.match(line):
            yield (*(name for _, name in around), found[1])


def test_a_screen_reader_can_tell_all_controls_of_a_page_apart(
    open_page: Callable[..., Page], walks: Walks
) -> None:
    """By their name and that of the part around (WCAG 2.4.6); buttons, which are listed too, by their own."""
    page = open_page("/subscribe")
    alike = {}
    for name, kept in walks("en").items():
        show(page, kept)
        unfold(page)
        tree = page.locator("body").aria_snapshot()
        buttons = [("button", button) for button in re.findall(r'- button "(.+?)"', tree)]
        again = {control for control, times in Counter([*controls(tree), *buttons]).items() if times > 1}
        if again:
            alike[name] = again
    assert alike == {}


def test_a_page_enlarged_fourfold_still_reads_from_top_to_bottom(
    browser: Browser, running: Dev, walks: Walks
) -> None:
    """1280 pixels at 400 % are 320 CSS pixels (WCAG 1.4.10), drawn four times as large."""
    context = browser.new_context(
        viewport={"width": 320, "height": 256}, device_scale_factor=4, base_url=running.url
    )
    page = context.new_page()
    page.goto("/subscribe")
    for name, kept in walks("en").items():
        show(page, kept)
        unfold(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    context.close()


#: The distances that a reader may set (WCAG 1.4.12).
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    + " word-spacing: .16em !important } p { margin-bottom: 2em !important }");
  document.adoptedStyleSheets = [sheet];
}"""


def test_long_words_with_space_between_their_letters_fit(
    open_page: Callable[..., Page], walks: Walks
) -> None:
    page = open_page("/subscribe", width=320)
    wide = []
    for name, kept in walks("de").items():
        show(page, kept)
        unfold(page)
        page.evaluate(SPACED)
        if scrolls_sideways(page):
            wide.append(name)
    assert wide == []


def test_paper_shows_the_choices_of_a_page_in_light_colours_and_no_button(
    open_page: Callable[..., Page], walks: Walks
) -> None:
    page = open_page("/subscribe", width=794, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    show(page, walks("en")["unsubscribe"])
    assert page.get_by_role("checkbox").count() == 2
    assert page.get_by_role("checkbox").first.is_visible()
    assert not page.get_by_role("button", include_hidden=True).first.is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
