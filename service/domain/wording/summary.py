"""A study's plain-language summary as paragraphs and lists, cut at a sentence when it is long."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from service.domain.trials.text import clean, unescape

MOST_CHARACTERS = 900
"""A summary longer than this is cut; the whole is on the study's page."""

_LIST_TAG = re.compile(r"<li\b[^<>]*>", re.IGNORECASE)
_BULLET = re.compile(r"(?:[*•·▪◦‣–—-]|o)\s+(?=\S)")
_NUMBER = re.compile(r"\(?(\d{1,2})[.)]\s+(?=\S)")
_SENTENCE_END = re.compile(r"(?<=\w[.!?])\s+|(?<=[)”\"][.!?])\s+|(?<=[.!?][)”\"])\s+")

Shape = Literal["paragraph", "bullets", "numbers"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph (one line) or a list (a line for each item, without its bullet or number)."""

    shape: Shape
    lines: tuple[str, ...]


def passages(text: str) -> tuple[Passage, ...]:
    """The paragraphs and lists of a text, from line breaks, markdown's bullets and numbers, or HTML."""
    found: list[tuple[Shape, list[str]]] = []
    is_open = False  # whether a line may continue the passage of the line before
    for line in unescape(_LIST_TAG.sub("\n* ", text)).splitlines():
        bare = line.strip()
        shape, item = _item(bare, after=found[-1] if found else None)
        if not bare:
            is_open = False
        elif shape != "paragraph":
            if not found or found[-1][0] != shape:
                found.append((shape, []))
            found[-1][1].append(item)
            is_open = True
        elif is_open and _goes_on(line, found[-1][1][-1]):
            found[-1][1][-1] += " " + bare
        else:
            found.append(("paragraph", [bare]))
            is_open = True
    return tuple(Passage(shape, tuple(map(clean, lines))) for shape, lines in found)


def shortened_passages(text: str, most: int = MOST_CHARACTERS) -> tuple[tuple[Passage, ...], bool]:
    """The passages of a text up to about `most` characters, and whether anything was left out."""
    whole = passages(text)
    if sum(len(line) for passage in whole for line in passage.lines) <= most:
        return whole, False
    shown = list(_fitting(whole, most))
    while len(shown) > 1 and shown[-1].shape == "paragraph" and shown[-1].lines[0].endswith(":"):
        shown.pop()  # it introduced a list that is omitted
    return tuple(shown), True


def shortened_text(text: str, most: int) -> str:
    """A text on one line, cut at a sentence (or, within the first one, at a word) when it is longer."""
    line = clean(text)
    return line if len(line) <= most else _cut(line, most) or _cut_at_word(line, most)


def _item(bare: str, after: tuple[Shape, list[str]] | None) -> tuple[Shape, str]:
    """A line's kind and its text. Numbers make a list only if they count from 1."""
    if found := _BULLET.match(bare):
        return "bullets", bare[found.end() :]
    if found := _NUMBER.match(bare):
        expected = len(after[1]) + 1 if after and after[0] == "numbers" else 1
        if int(found.group(1)) == expected:
            return "numbers", bare[found.end() :]
    return "paragraph", bare


def _goes_on(line: str, before: str) -> bool:
    """Whether a line continues the sentence of the line before: wrapped text, not a new paragraph."""
    return not before.endswith((".", ":", ";", "!", "?")) or line.lstrip()[:1].islower()


def _fitting(whole: tuple[Passage, ...], most: int) -> Iterator[Passage]:
    room = most
    for number, passage in enumerate(whole):
        if passage.shape == "paragraph":
            line = passage.lines[0]
            if len(line) <= room:
                yield passage
                room -= len(line)
                continue
            if cut := _cut(line, room) or ("" if number else _cut_at_word(line, room)):
                yield Passage("paragraph", (cut,))
            return
        lines: list[str] = []
        for line in passage.lines:
            if len(line) > room:
                break
            lines.append(line)
            room -= len(line)
        if not lines and not number:
            lines = [_cut_at_word(passage.lines[0], room)]
        if lines:
            yield Passage(passage.shape, tuple(lines))
        if len(lines) < len(passage.lines):
            return


def _cut(line: str, room: int) -> str:
    """The whole sentences of a line that fit; "" when not even the first does."""
    ends = [found.start() for found in _SENTENCE_END.finditer(line, 0, room + 2) if found.start() <= room]
    return line[: ends[-1]] if ends else ""


def _cut_at_word(line: str, room: int) -> str:
    end = line.rfind(" ", 0, room)
    return line[: end if end > 0 else room] + " …"
