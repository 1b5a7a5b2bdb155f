"""Texts that differ, shown line by line: what went (−), what came (+), each next to the one it became."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from service.domain.language import Language
from service.domain.text import fold

MOST_LINES = 24
MOST_LETTERS = 400


def difference(gone: Sequence[str], new: Sequence[str], language: Language) -> list[str]:
    """The lines of a difference, MOST_LINES at most and then how many more there are."""
    return at_most(MOST_LINES, paired(gone, new), language)


def paired(gone: Sequence[str], new: Sequence[str]) -> list[str]:
    """Lines that went (−) and came (+), each next to the one it became."""
    shown: list[str] = []
    waiting = list(new)
    for position, line in enumerate(gone):
        shown.append(f"− {_shortened(line)}")
        partner = _likeliest(line, waiting) if position < MOST_LINES else None
        if partner is not None:
            shown.append(f"+ {_shortened(waiting.pop(partner))}")
    shown.extend(f"+ {_shortened(line)}" for line in waiting)
    return shown


def at_most(most: int, shown: list[str], language: Language) -> list[str]:
    """The first lines, and how many more there are."""
    more = len(shown) - most
    if more < 2:
        return shown
    text = language.ngettext("… and {count} more line", "… and {count} more lines", more)
    return [*shown[:most], text.format(count=language.number(more))]


def _likeliest(line: str, others: list[str]) -> int | None:
    """The position of the line that is most like this one, if any is like it at all."""
    words = fold(line).split()
    best, position = 0.5, None
    for i, other in enumerate(others[: MOST_LINES * 2]):
        matcher = SequenceMatcher(None, words, fold(other).split(), autojunk=False)
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
            best, position = matcher.ratio(), i
    return position


def _shortened(line: str) -> str:
    return line if len(line) <= MOST_LETTERS else line[: MOST_LETTERS - 1].rstrip() + "…"
