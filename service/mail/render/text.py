"""Text values made safe (characters that could break a line), and wrapping of text parts."""

import re

from markupsafe import Markup

WIDTH = 72
_MARK = "- "  # of a list

# C0 and C1 controls, line and paragraph separators, bidirectional overrides and isolates (they can turn
# a title around the words beside it), and lone surrogates, which UTF-8 can't carry.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

# Isolates in our own right-to-left sentences: FIRST STRONG ISOLATE and its end (`service.languages`).
_ISOLATES = re.compile("([\u2068\u2069])")


def one_line(value: object) -> object:
    """A string with unsafe characters (line ends included) replaced by spaces; other values unchanged."""
    if isinstance(value, str) and _UNSAFE.search(value):
        return _like(value, _UNSAFE.sub(" ", value))
    return value


def one_line_isolated(value: object) -> object:
    """As `one_line`, for a right-to-left mail: isolates stay if each ends within the value that begins it."""
    if isinstance(value, str) and _UNSAFE.search(value) and _isolates_end(value):
        kept = _ISOLATES.split(value)
        return _like(
            value, "".join(part if number % 2 else _UNSAFE.sub(" ", part) for number, part in enumerate(kept))
        )
    return one_line(value)


def _like(value: str, cleaned: str) -> str:
    """The cleaned text, as Markup if it was cleaned of Markup, since no sign of markup was removed."""
    return Markup(cleaned) if isinstance(value, Markup) else cleaned  # noqa: S704


def _isolates_end(text: str) -> bool:
    depth = 0
    for sign in _ISOLATES.findall(text):
        depth += 1 if sign == "\u2068" else -1
        if depth < 0:
            return False
    return depth == 0


def wrap(text: str, width: int = WIDTH) -> str:
    """The text with long lines broken at spaces; long words and URLs are not broken.

    Continuation lines of list items and of indented lines are indented. Each line is wrapped independently,
    so wrapping pieces and joining them equals wrapping the whole.
    """
    return "\n".join([line if len(line) <= width else _wrap_line(line, width) for line in text.split("\n")])


def _wrap_line(line: str, width: int) -> str:
    rest = line.lstrip(" ")
    start = line[: len(line) - len(rest)]
    following = start + "  " if start else ""
    if rest.startswith(_MARK):
        start, following, rest = start + _MARK, start + "  ", rest[len(_MARK) :].lstrip(" ")
    lines = []
    while len(start) + len(rest) > width:
        end = rest.rfind(" ", 0, width - len(start) + 1)
        if end < 0:
            end = rest.find(" ")
        if end < 0:
            break
        lines.append(start + rest[:end].rstrip(" "))
        start, rest = following, rest[end:].lstrip(" ")
    return "\n".join([*lines, (start + rest).rstrip(" ")])
