"""The design system: with any colour of a website, everything can be read, in light and in dark."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.colours import contrast, parse_colour, readable_on
from service.domain.design import CALM_BLUE, Colours, Website

STATIC = Path(__file__).parents[3] / "service" / "web" / "static"
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def unreadable(scheme: Colours) -> dict[str, float]:
    """Pairs of text and ground under 4.5:1, and edges of fields under 3:1, with their contrast."""
    texts = [(name, ground) for name in ("ink", "soft", "accent") for ground in scheme.grounds]
    pairs = {f"{name} on {ground}": (getattr(scheme, name), ground) for name, ground in texts}
    pairs |= {f"{name} on its paper": (getattr(scheme, name), getattr(scheme, f"{name}_paper"))
              for name in ("error", "good")}  # fmt: skip
    pairs |= {
        "error on paper": (scheme.error, scheme.paper),
        "button": (scheme.on_accent, scheme.accent),
        "danger": (scheme.paper, scheme.error),
    }
    found = {name: round(contrast(*pair), 2) for name, pair in pairs.items() if contrast(*pair) < 4.5}
    edges = {f"line on {ground}": round(contrast(scheme.line, ground), 2) for ground in scheme.grounds}
    return found | {name: ratio for name, ratio in edges.items() if ratio < 3}


@given(colours)
def test_every_colour_of_a_website_can_be_read(colour: str) -> None:
    website = Website("Example", colour=colour)
    assert unreadable(website.light) == {}
    assert unreadable(website.dark) == {}


def test_a_readable_colour_stays_as_it_is() -> None:
    assert Website("Example", colour=CALM_BLUE).light.accent == CALM_BLUE
    assert readable_on("#ffff00", ["#ffffff"]) != "#ffff00"


@pytest.mark.parametrize(
    ("given", "parsed"), [("#ABC", "#aabbcc"), ("1f5f8b", "#1f5f8b"), (" #1F5F8B ", "#1f5f8b")]
)
def test_colours_as_people_write_them(given: str, parsed: str) -> None:
    assert parse_colour(given) == parsed


@pytest.mark.parametrize("given", ["", "blue", "#12", "#1234567", "#ggg", "rgb(1,2,3)", "#fff;}"])
def test_an_invalid_colour_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="must be a colour such as #1f5f8b"):
        parse_colour(given)


def test_the_measure_of_contrast_is_that_of_wcag() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("name", ["tokens.css", "pages.css", "preferences.css"])
def test_the_pages_styles_name_colours_by_their_property(name: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(", text) == []
    known = set(re.findall(r"(--[\w-]+):", Website("Example").as_css + (STATIC / "tokens.css").read_text()))
    assert set(re.findall(r"var\((--[\w-]+)\)", text)) <= known
