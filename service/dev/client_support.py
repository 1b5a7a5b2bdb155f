"""Which mail programs understand the HTML and CSS of a mail: a check against the tables of Can I email."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

_TABLES = Path(__file__).parent / "data" / "client_support.json"

_DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;{}]+)")
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_UNIT = re.compile(r"(?<![\w#.])\d*\.?\d+(px|em|rem|%|pt|vh|vw|ch|ex)(?![\w])")
_UNITS = {"%": "percent"}
_MEDIA = re.compile(r"@media[^{]*\(([a-z-]+)")

#: Elements that one feature of the tables stands for.
_ELEMENTS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "html-h1-h6"),
    **dict.fromkeys(("ul", "ol", "li", "dl", "dt", "dd"), "html-lists"),
    **dict.fromkeys(("table", "tbody", "tr", "td", "th"), "html-table"),
}
_SHORTHANDS = ("padding", "margin", "border")


@dataclass(frozen=True, slots=True)
class SupportGap:
    """A feature that a mail uses, and the programs that do not, or only partly, support it."""

    title: str
    url: str
    without: tuple[str, ...]
    partly: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SupportReport:
    """The check of one mail: `supported` is the mean share of programs that support a feature, in percent."""

    features: int
    clients: int
    supported: float
    gaps: tuple[SupportGap, ...]


@cache
def _tables() -> tuple[list[str], dict[str, tuple[str, str]]]:
    read = json.loads(_TABLES.read_text("utf-8"))
    return read["clients"], {slug: tuple(row) for slug, row in read["features"].items()}


def check(html: str) -> SupportReport:
    """Checks the features that the HTML uses; features missing in the tables are left out."""
    clients, features = _tables()
    used = sorted(
        (slug for slug in features_of(html) if slug in features),
        key=lambda slug: (-features[slug][1].count("n"), -features[slug][1].count("a"), slug),
    )
    gaps, shares = [], []
    for slug in used:
        title, letters = features[slug]
        known = [letter for letter in letters if letter != "u"]
        shares.append(sum(letter == "y" for letter in known) / len(known) if known else 1)
        without, partly = (_named(clients, letters, wanted) for wanted in "na")
        if without or partly:
            url = f"https://www.caniemail.com/features/{slug}/"
            gaps.append(SupportGap(title, url, without, partly))
    share = 100 * sum(shares) / len(shares) if shares else 100.0
    return SupportReport(len(used), len(clients), share, tuple(gaps))


def _named(clients: list[str], letters: str, wanted: str) -> tuple[str, ...]:
    """The programs with that letter: "Gmail", or with some of its platforms: "Gmail (iOS, Android)"."""
    families: dict[str, list[tuple[str, bool]]] = {}
    for client, letter in zip(clients, letters, strict=True):
        family, platform = client.split(", ")
        families.setdefault(family, []).append((platform, letter == wanted))
    return tuple(
        family
        if all(has for _, has in platforms)
        else f"{family} ({', '.join(platform for platform, has in platforms if has)})"
        for family, platforms in families.items()
        if any(has for _, has in platforms)
    )


def features_of(html: str) -> set[str]:
    """The features that the HTML uses, by their names in the tables (`css-border-radius`, `html-style`)."""
    page = _Page()
    page.feed(html)
    page.close()
    found = set(page.found)
    for style in page.styles:
        found.update(_of_sheet(_COMMENT.sub("", style)))
    for declarations in page.inline:
        found.update(_of_declarations(declarations))
    return found


class _Page(HTMLParser):
    """Collects elements, attributes, style sheets and inline styles; conditional comments are for Outlook."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.styles: list[str] = []
        self.inline: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(_ELEMENTS.get(tag, f"html-{tag}"))
        self._in_style = tag == "style"
        for name, value in attrs:
            if name == "style":
                self.inline.append(value or "")
            else:
                self.found.add(f"html-{name}")
        if tag == "meta" and dict(attrs).get("name") == "color-scheme":
            self.found.add("html-meta-color-scheme")

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.styles.append(data)


def _of_sheet(sheet: str) -> Iterator[str]:
    for feature in _MEDIA.findall(sheet):
        yield "css-at-media"
        yield f"css-at-media-{feature}"
    for at_rule in re.findall(r"@(font-face|import|keyframes|supports)", sheet):
        yield f"css-at-{at_rule}"
    for selector, declarations in _RULE.findall(re.sub(r"@media[^{]*\{", "", sheet)):
        yield from _of_selector(selector.strip())
        yield from _of_declarations(declarations)


def _of_selector(selector: str) -> Iterator[str]:
    if "." in selector:
        yield "css-selector-class"
    if "," in selector:
        yield "css-selector-grouping"
    if "#" in selector:
        yield "css-selector-id"
    if "[" in selector:
        yield "css-selector-attribute"
    if any(len(part.split()) > 1 for part in selector.split(",")):
        yield "css-selector-descendant"
    for pseudo in re.findall(r"(?<!:):([a-z-]+)", selector):
        yield f"css-pseudo-class-{pseudo}"


def _of_declarations(declarations: str) -> Iterator[str]:
    for name, value in _DECLARATION.findall(declarations.lower()):
        shorthand = next((short for short in _SHORTHANDS if name.startswith(f"{short}-")), None)
        yield f"css-{name}"
        if shorthand and name != "border-radius":
            yield f"css-{shorthand}"
        if name == "display":
            yield f"css-display-{value.strip()}"
        if "!important" in value:
            yield "css-important"
        for unit in _UNIT.findall(value):
            yield f"css-unit-{_UNITS.get(unit, unit)}"
        for function in re.findall(r"\b(calc|rgba|rgb|var)\(", value):
            yield {"calc": "css-unit-calc", "var": "css-variables"}.get(function, f"css-{function}")
