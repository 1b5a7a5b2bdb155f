"""Finds lines that only break elsewhere: a run of them has the words, in order, of a run of other ones."""

from collections.abc import Sequence

from service.domain.trials.text import fold

#: The number of words, across the ends of lines, by which lines of two texts are matched.
_OPENING = 4

#: More lines that begin alike are not compared: the time for it is quadratic.
_MOST_ALIKE = 30

Words = Sequence[str]


def without_same_runs(before: Sequence[str], after: Sequence[str]) -> tuple[list[str], list[str]]:
    """Both texts' lines without the runs that are the same words in the same order."""
    left, right = ([_words(line) for line in lines] for lines in (before, after))
    beginnings: dict[tuple[str, ...], list[int]] = {}
    for j in range(len(right)):
        beginnings.setdefault(_opening(right, j), []).append(j)
    passed, taken = set[int](), set[int]()
    for i in range(len(left)):
        alike = beginnings.get(_opening(left, i), ()) if i not in passed else ()
        for j in alike if len(alike) <= _MOST_ALIKE else ():
            ends = _common_end(left, i, right, j)
            if ends and taken.isdisjoint(range(j, ends[1])):
                passed.update(range(i, ends[0]))
                taken.update(range(j, ends[1]))
                break
    return (
        [line for i, line in enumerate(before) if i not in passed],
        [line for j, line in enumerate(after) if j not in taken],
    )


def _words(line: str) -> Words:
    return [word for part in fold(line).split() if (word := part.rstrip(".,;:"))]


def _opening(lines: Sequence[Words], start: int) -> tuple[str, ...]:
    """The first words from this line on."""
    found: list[str] = []
    while len(found) < _OPENING and start < len(lines):
        found += lines[start]
        start += 1
    return tuple(found[:_OPENING])


def _common_end(left: Sequence[Words], i: int, right: Sequence[Words], j: int) -> tuple[int, int] | None:
    """The ends of the shortest runs from these lines on that have the same words; None if there are none."""
    ahead, behind = list(left[i]), list(right[j])  # words of the one that the other has not had yet
    i, j = i + 1, j + 1
    while True:
        common = min(len(ahead), len(behind))
        if ahead[:common] != behind[:common]:
            return None
        ahead, behind = ahead[common:], behind[common:]
        if not ahead and not behind:
            return i, j
        if ahead and j < len(right):
            behind, j = list(right[j]), j + 1
        elif behind and i < len(left):
            ahead, i = list(left[i]), i + 1
        else:
            return None
