"""Abbreviations of conditions' names, which registrants write beside them: "Acute Myeloid Leukemia (AML)"."""

import re
from collections.abc import Sequence

from service.domain.trials.text import bare, clean

_SMALL_WORDS = frozenset(
    {"a", "an", "and", "by", "due", "for", "from", "in", "of", "or", "the", "to", "with"}
)
#: Words that an abbreviation may leave out: B-ALL is "B-cell acute lymphoblastic leukemia".
_LEFT_OUT = _SMALL_WORDS | {"cell", "cells"}
_SHORTEST_NAME = 3
_MOST_WORDS = 12
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
_ABBREVIATION = re.compile(r"[^\W_](?:[\s-]?[^\W_]){1,7}")
#: SNOMED CT's tags for the class of a term: "Asthma (disorder)".
_TAGS = frozenset({"diagnosis", "disease", "disorder", "finding"})


def initials(name: str) -> str:
    """The initials of a name of three words or more, in lower case; "" for shorter ones.

    >>> initials("Lymphoma, Large B-Cell, Diffuse (DLBCL)")
    'dlbcl'
    """
    full = " ".join(reversed(without_abbreviation(name).split(", ")))
    words = [word for word in bare(full).split() if word not in _SMALL_WORDS]
    return "".join(word[0] for word in words) if len(words) >= _SHORTEST_NAME else ""


def without_abbreviation(name: str) -> str:
    """A name without its repetition in brackets: its abbreviation, or the tag of a vocabulary.

    >>> without_abbreviation("Relapsed Multiple Myeloma (MM)")
    'Relapsed Multiple Myeloma'
    >>> without_abbreviation("SLE (Systemic Lupus Erythematosus)")
    'Systemic Lupus Erythematosus'
    >>> without_abbreviation("Lung Cancer (NSCLC)")
    'Lung Cancer (NSCLC)'
    """
    text = clean(name)
    if "(" not in text:
        return text
    spelt_out = _IN_BRACKETS.search(text)
    if spelt_out and spelt_out.end() == len(text) and _abbreviates(text[: spelt_out.start()], spelt_out[1]):
        return spelt_out[1].strip()
    return _IN_BRACKETS.sub(lambda found: "" if _repeats(found) else found[0], text)


def abbreviation(name: str) -> str:
    """The abbreviation of a name in brackets behind it; "" if there is none.

    >>> abbreviation("Cognitive Behavioral Therapy (CBT)")
    'CBT'
    """
    found = _IN_BRACKETS.search(name)
    return found[1].strip() if found and _abbreviates(found[1], name[: found.start()]) else ""


def _repeats(found: re.Match[str]) -> bool:
    inside = found[1].strip()
    return inside.casefold() in _TAGS or _abbreviates(inside, found.string[: found.start()])


def _abbreviates(short: str, name: str) -> bool:
    """Whether `short` abbreviates the last words of a name, in its order or inverted."""
    if not _ABBREVIATION.fullmatch(short.strip()):
        return False
    letters = bare(short).replace(" ", "")
    orders = {name, " ".join(reversed(name.split(", ")))}
    ends = [bare(order).split()[-_MOST_WORDS:] for order in orders]
    return any(_spells(letters, words[start:]) for words in ends for start in range(len(words)))


def _spells(letters: str, words: Sequence[str]) -> bool:
    """Whether the letters are, in their order, the first letter of each word and some that follow it."""
    if not words or not letters:
        return not words and not letters
    if words[0] in _LEFT_OUT and _spells(letters, words[1:]):
        return True
    if words[0][0] != letters[0]:
        return False
    used, place = 1, 0
    while not _spells(letters[used:], words[1:]):
        place = words[0].find(letters[used], place + 1) if used < len(letters) else -1
        if place < 0:
            return False
        used += 1
    return True
