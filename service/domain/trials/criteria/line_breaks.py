"""Finds lines of two texts that only break elsewhere."""

import re
from collections.abc import Container, Sequence
from itertools import pairwise

from service.domain.trials.text import fold

#: The number of words, across the ends of lines, by which lines of two texts are matched.
_OPENING = 4

#: More lines that begin or end alike are not compared: the time for it is quadratic.
_MOST_ALIKE = 30

#: The distance of two words that are close together.
_CLOSE = 5

_PART = re.compile(r"[^\s-]+-?|-")

Words = Sequence[str]


def rejoined(before: Sequence[str], after: Sequence[str]) -> tuple[list[str], list[str]]:
    """Both texts' lines without those that only break elsewhere; others are one with those that continue them
    in a line of the other text.

    A line break stays between the latter, unless it broke a word at its hyphen.
    """
    before, after = _without_same_runs(before, after)
    left, right = (list(map(_parts, lines)) for lines in (before, after))
    return _joined(before, _continued(left, right)), _joined(after, _continued(right, left))


def _without_same_runs(before: Sequence[str], after: Sequence[str]) -> tuple[list[str], list[str]]:
    """Both texts' lines without the runs that are the same words in the same order."""
    left, right = ([_words(line) for line in lines] for lines in (before, after))
    beginnings: dict[tuple[str, ...], list[int]] = {}
    for j in range(len(right)):
        beginnings.setdefault(_opening(right, j), []).append(j)
    passed, taken = set[int](), set[int]()
    for i in range(len(left)):
        alike = _few(beginnings.get(_opening(left, i), ())) if i not in passed else ()
        for j in alike:
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
    return [word for part in _parts(line) if (word := part.rstrip(".,;:"))]


def _parts(line: str) -> Words:
    """The words of a line, those with hyphens in parts: a line may break there."""
    text = fold(line)
    return _PART.findall(text) if "-" in text else text.split()


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


def _joined(lines: Sequence[str], continued: Container[int]) -> list[str]:
    joined = list(lines[:1])
    for number, line in enumerate(lines[1:]):
        if number not in continued:
            joined.append(line)
        else:
            joined[-1] += line if joined[-1].endswith("-") else "\n" + line
    return joined


def _continued(own: Sequence[Words], others: Sequence[Words]) -> set[int]:
    """The lines that go on in the next one: a line of the other text has, close together, two words of the
    end of the one and two of the beginning of the other, and lines part nowhere there as these do."""
    parted = {(line[-1], following[0]) for line, following in pairwise(others)}
    ends: dict[tuple[str, str], list[int]] = {}
    beginnings: dict[tuple[str, str], list[int]] = {}
    for number, (line, following) in enumerate(pairwise(own)):
        if (line[-1], following[0]) not in parted:
            for pair in pairwise([*(line[-3:] if len(line) > 1 else ["", *line]), following[0]]):
                ends.setdefault(pair, []).append(number)
            for pair in pairwise([line[-1], *(following[:3] if len(following) > 1 else [*following, ""])]):
                beginnings.setdefault(pair, []).append(number)
    found = set[int]()
    for line in others if ends else ():
        ended: dict[int, int] = {}  # the last place of an end
        for place, pair in enumerate(pairwise(["", *line, ""])):
            if pair in beginnings:
                found.update(n for n in _few(beginnings[pair]) if place - ended.get(n, -_CLOSE) < _CLOSE)
            if pair in ends:
                ended.update((number, place) for number in _few(ends[pair]))
    return found


def _few(numbers: Sequence[int]) -> Sequence[int]:
    return numbers if len(numbers) <= _MOST_ALIKE else ()
