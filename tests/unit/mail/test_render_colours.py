"""Contrast of every colour pair that a reader can meet, light and dark (WCAG 2.2, 1.4.3)."""

import re
from html.parser import HTMLParser

import pytest

from service.mail.compose import render
from tests.unit.mail.cast import FRAME, MAILS

VOID = {"meta", "br", "link", "img", "hr"}


class Painted(HTMLParser):
    """The (text, background) colours in which words stand, by the inline styles alone: the light scheme."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pairs: set[tuple[str, str]] = set()
        self._stack = [("html", "#000000", "#ffffff")]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        _, colour, background = self._stack[-1]
        style = dict(attrs).get("style") or ""
        if found := re.search(r"(?:^|;)\s*color:\s*(#[0-9a-f]{6})", style):
            colour = found[1]
        if found := re.search(r"background(?:-color)?:\s*(#[0-9a-f]{6})", style):
            background = found[1]
        if "display:none" in style:
            colour = background = ""
        if tag not in VOID:
            self._stack.append((tag, colour, background))

    def handle_endtag(self, tag: str) -> None:
        while len(self._stack) > 1 and self._stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self._stack[-1][1] and not {"style", "title"} & {tag for tag, *_ in self._stack}:
            self.pairs.add(self._stack[-1][1:])


def dark_pairs(html: str) -> set[tuple[str, str]]:
    """The colours of the dark scheme: each rule's own text and background, or text on the page's."""
    style = html.split("@media screen and (prefers-color-scheme: dark)")[1].split("</style>")[0]
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", style.partition("{")[2])
    page = next(found[1] for _, rule in rules if (found := re.search(r"background-color:\s*(#\w{6})", rule)))
    pairs = set()
    for _, rule in rules:
        if text := re.search(r"(?:^|[;\s])color:\s*(#\w{6})", rule):
            background = re.search(r"background-color:\s*(#\w{6})", rule)
            pairs.add((text[1], background[1] if background else page))
    return pairs


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", MAILS)
def test_every_colour_is_readable_in_light_and_in_dark(name: str) -> None:
    html = render(MAILS[name], frame=FRAME, language="en").html
    light, dark = Painted(html).pairs, dark_pairs(html)
    assert len(light) >= 2
    assert len(dark) >= 3
    assert {pair: round(contrast(*pair), 1) for pair in light | dark if contrast(*pair) < 4.5} == {}


@pytest.mark.parametrize("name", MAILS)
def test_mail_programs_learn_that_both_colour_schemes_are_designed(name: str) -> None:
    html = render(MAILS[name], frame=FRAME, language="en").html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "color-scheme: light dark" in html


def test_the_measure_of_contrast_is_that_of_wcag() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
