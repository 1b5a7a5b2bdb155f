"""Every mail as a browser draws it: in light and dark, on a phone and wide, from either side.

`make pictures` writes pictures of them to `var/pictures/mails`.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from service.dev.mail_samples import SAMPLES, Sample, links_of
from service.languages import language, supported
from service.mail.compose import render
from tests.e2e.browser.axe import CONTRAST, violations
from tests.e2e.browser.pictures import keep
from tests.unit.mail.cast import FRAME

PICTURES = Path(__file__).parents[3] / "var" / "pictures" / "mails"

#: The rules of axe that are for pages: a mail has no landmarks of its own.
FOR_PAGES = ["landmark-one-main", "region"]


def opened(browser: Browser, width: int, scheme: str) -> Page:
    return browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]


def html_of(sample: Sample, code: str) -> str:
    mail = sample.make(links_of("https://alerts.example.org"), language(code))
    return render(mail, frame=FRAME, language=code).html


@pytest.mark.parametrize("code", ["en", "ar"])
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (600, "light")])
def test_every_mail_fits_and_axe_finds_nothing(browser: Browser, code: str, width: int, scheme: str) -> None:
    wrong = {}
    left_out = FOR_PAGES if code == "en" else [*FOR_PAGES, CONTRAST]
    page = opened(browser, width, scheme)
    for sample in SAMPLES:
        page.set_content(html_of(sample, code))
        found = violations(page, without=left_out)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append("scrolls sideways")
        if found:
            wrong[sample.slug] = found
        keep(page, PICTURES / f"{sample.slug}-{code}-{scheme}-{width}.png")
    page.close()
    assert wrong == {}


def test_paper_has_the_colours_of_the_light_scheme(browser: Browser) -> None:
    """Backgrounds are not printed: on paper, light letters could not be read."""
    page = opened(browser, 600, "light")
    page.set_content(html_of(SAMPLES[0], "en"))
    colours = """[...document.querySelectorAll("body *")]
      .filter((part) => [...part.childNodes].some((node) => node.nodeName === "#text" && node.data.trim()))
      .map((part) => getComputedStyle(part).color)"""
    light = page.evaluate(colours)
    page.emulate_media(media="screen", color_scheme="dark")
    assert page.evaluate(colours) != light
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(colours) == light
    page.close()


@pytest.mark.parametrize("code", supported())
def test_a_mail_is_aligned_to_the_side_of_its_language(browser: Browser, code: str) -> None:
    page = opened(browser, 600, "light")
    page.set_content(html_of(SAMPLES[0], code))
    heading, button = (page.locator(part).first.bounding_box() for part in ("h1", ".button a"))
    assert heading
    assert button
    begins_left = button["x"] < 600 - button["x"] - button["width"]
    assert begins_left == (language(code).direction == "ltr")
    assert page.locator("h1").evaluate("part => getComputedStyle(part).direction") == language(code).direction
    page.close()
