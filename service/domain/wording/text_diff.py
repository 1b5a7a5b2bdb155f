"""Shows the difference of two texts line by line: reworded, new and removed lines."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from service.domain.trials.criteria.rule_text import is_weighty, words
from service.domain.trials.text import fold
from service.domain.wording.language import Language

MOST_LINES = 6
MOST_LETTERS = 240
_MOST_PAIRED = 24
#: The number of a line's words that are compared with others; the time for it is quadratic.
_MOST_WORDS = 80
_LEAST_ALIKE = 0.49
_LEAD = 80
#: The number of a line's words of which the most important difference is looked for.
_MOST_COMPARED = 200


def text_diff(gone: Sequence[str], new: Sequence[str], language: Language) -> list[str]:
    """The lines of a difference, MOST_LINES at most and then how many more there are.

    Reworded lines come first, then new and then removed ones, so that the removed ones are omitted first.
    """
    pairs, left, waiting = _paired(gone, new)
    shown = []
    for old, now in pairs:
        shown += before_and_now(old, now, language)
    shown += [language.gettext("New: {line}").format(line=shortened(line)) for line in waiting]
    shown += [language.gettext("No longer there: {line}").format(line=shortened(line)) for line in left]
    return at_most(MOST_LINES, shown, language)


def before_and_now(old: str, now: str, language: Language) -> list[str]:
    """A line before and after, both from shortly before their first difference."""
    old, now = _from_difference(old, now)
    return [
        language.gettext("Before: {line}").format(line=shortened(old)),
        language.gettext("Now: {line}").format(line=shortened(now)),
    ]


def at_most(most: int, shown: list[str], language: Language) -> list[str]:
    """The first lines, and how many more there are."""
    more = len(shown) - most
    if more < 2:
        return shown
    text = language.ngettext(
        "… and {count} more line; the registry has it",
        "… and {count} more lines; the registry has them all",
        more,
    )
    return [*shown[:most], text.format(count=language.number(more))]


def _paired(gone: Sequence[str], new: Sequence[str]) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """Pairs of reworded lines, then the removed and the new lines."""
    pairs, left, waiting = [], [], list(new)
    for position, line in enumerate(gone):
        partner = _likeliest(line, waiting) if position < _MOST_PAIRED else None
        if partner is None:
            left.append(line)
        else:
            pairs.append((line, waiting.pop(partner)))
    return pairs, left, waiting


def _likeliest(line: str, others: list[str]) -> int | None:
    """The position of the most similar line, if any is similar."""
    ours = fold(line).split()[:_MOST_WORDS]
    best, position = _LEAST_ALIKE, None
    for i, other in enumerate(others[: _MOST_PAIRED * 2]):
        matcher = SequenceMatcher(None, ours, fold(other).split()[:_MOST_WORDS], autojunk=False)
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
            best, position = matcher.ratio(), i
    return position


def _from_difference(old: str, now: str) -> tuple[str, str]:
    """Two long lines from shortly before their first difference, or from the most important one if that
    would be cut off."""
    if max(len(old), len(now)) <= MOST_LETTERS:
        return old, now
    first, important = _differences(old.split(" "), now.split(" "))
    ahead = _letters_ahead(old, now, first)
    start = max(0, min(ahead) - _LEAD)
    later = _letters_ahead(old, now, important)
    if min(later) - start > MOST_LETTERS - _LEAD:
        ahead = later
    if min(ahead) <= _LEAD:
        return old, now
    starts = [line.rfind(" ", 0, length - _LEAD) + 1 for line, length in zip((old, now), ahead, strict=True)]
    return (f"…{old[starts[0] :]}", f"…{now[starts[1] :]}") if all(starts) else (old, now)


def _letters_ahead(old: str, now: str, places: tuple[int, int]) -> list[int]:
    """The number of letters before a word of each line."""
    return [len(" ".join(line.split(" ")[:place])) for line, place in zip((old, now), places, strict=True)]


def _differences(before: Sequence[str], after: Sequence[str]) -> tuple[tuple[int, int], tuple[int, int]]:
    """The positions of the first different words, and of the first that differ in a number, a limit or a
    negation; if none do, in other words than by spelling."""
    if max(len(before), len(after)) > _MOST_COMPARED:
        parting = (i for i, (old, now) in enumerate(zip(before, after, strict=False)) if old != now)
        same = next(parting, min(len(before), len(after)))
        return (same, same), (same, same)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    found = [code[1:] for code in matcher.get_opcodes() if code[0] != "equal"]
    ranked = [
        (_rank(words(" ".join(before[i:k])), words(" ".join(after[j:m]))), i, j) for i, k, j, m in found
    ]
    first, important = (ranked[0], min(ranked)) if ranked else ((0, 0, 0), (0, 0, 0))
    return first[1:], important[1:]


def _rank(lost: Sequence[str], gained: Sequence[str]) -> int:
    if lost == gained:
        return 2
    return 0 if any(map(is_weighty, (*lost, *gained))) else 1


def shortened(line: str) -> str:
    """A line cut at a word when it is long."""
    if len(line) <= MOST_LETTERS:
        return line
    end = line.rfind(" ", MOST_LETTERS // 2, MOST_LETTERS)
    return line[: end if end > 0 else MOST_LETTERS - 1] + " …"
