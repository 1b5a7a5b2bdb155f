"""Wrapping of text parts, and the cleaning of words that come from outside."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from service.mail.render.text import one_line, wrap

lines = st.text("ab -", max_size=300) | st.text(max_size=200)


def test_long_lines_break_at_spaces() -> None:
    assert wrap("one two three four", 9) == "one two\nthree\nfour"


def test_list_items_and_indented_lines_hang() -> None:
    assert wrap("- one two three\n  four five six", 9) == "- one two\n  three\n  four\n    five\n    six"
    assert wrap("  Now: one two three\n  New: four", 12) == "  Now: one\n    two\n    three\n  New: four"


@pytest.mark.parametrize("long", ["https://example.org/" + "x" * 90, "x" * 100])
def test_a_long_word_stays_whole(long: str) -> None:
    assert wrap(f"see {long} now", 72) == f"see\n{long}\nnow"
    assert wrap(f"- {long}", 72) == f"- {long}"


def test_english_prose_is_wrapped_as_the_standard_library_does() -> None:
    prose = "The registry now says that this study continues, but takes no new participants. " * 20
    assert wrap(prose) == "\n".join(textwrap.wrap(prose, 72))


@given(st.lists(lines, max_size=5))
def test_no_word_is_lost_and_every_short_line_stays(several: list[str]) -> None:
    text = "\n".join(several)
    assert "".join(wrap(text).split()) == "".join(text.split())
    assert all(line in wrap(text).split("\n") for line in text.split("\n") if len(line) <= 72)


@given(st.lists(lines, max_size=5))
def test_wrapped_pieces_joined_are_the_wrapped_whole(several: list[str]) -> None:
    assert "".join(wrap(line + "\n") for line in several) == wrap("".join(line + "\n" for line in several))


@given(st.text())
def test_foreign_text_becomes_one_line_of_valid_utf_8(text: str) -> None:
    cleaned = one_line(text)
    assert isinstance(cleaned, str)
    assert len(cleaned.encode().decode().splitlines()) <= 1
    assert len(cleaned) == len(text)


@pytest.mark.parametrize("unsafe", ["\0", "\r\n", "\x1b", "\x85", "\u2028", "\u202e", "\u2066", "\ud800"])
def test_characters_that_break_or_reverse_a_line_are_removed(unsafe: str) -> None:
    assert one_line(f"a{unsafe}b") == "a" + " " * len(unsafe) + "b"


def test_markup_stays_markup_and_numbers_stay_numbers() -> None:
    assert isinstance(one_line(Markup("<b>\n</b>")), Markup)
    assert one_line(3) == 3
