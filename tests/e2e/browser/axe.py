"""Axe's findings on a page: rules of WCAG and good practice that a program can check."""

from collections.abc import Iterable

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

#: Takes three quarters of axe's time, and finds the same in every language of a page.
CONTRAST = "color-contrast"

#: Only violations are looked at; nothing is fetched again for the rule on audio that plays by itself.
_OPTIONS = {"resultTypes": ["violations"], "preload": False}

_FIND = """async (options) => {
  const { violations } = await axe.run(document, options);
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`);
}"""


def violations(page: Page, *, without: Iterable[str] = ()) -> list[str]:
    """The rules that the page breaks, each with the first element that does, but for those in `without`.

    A page drawn by `set_content` keeps the axe of the one before it, which takes longer to load than to run.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    rules = {rule: {"enabled": False} for rule in without}
    found: list[str] = page.evaluate(_FIND, _OPTIONS | {"rules": rules})
    return found
