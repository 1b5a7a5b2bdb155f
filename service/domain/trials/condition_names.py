"""Normalizes names of conditions: equal for all spellings, numbers and orders of words."""

import re
from functools import lru_cache

from service.domain.trials.rule_text import american
from service.domain.trials.text import bare, fold

_POSSESSIVE = re.compile(r"'s\b|(?<=s)'(?=\s|$)")
_SHORTEST_PLURAL = 5
_SMALL_WORDS = frozenset(
    {"a", "an", "and", "by", "due", "for", "from", "in", "of", "or", "the", "to", "with"}
)
_SHORTEST_ABBREVIATION = 3


@lru_cache(maxsize=32_768)
def name_key(name: str) -> str:
    """A key that is equal for all spellings of a name; "" for a name without letters and digits.

    British and American spelling, singular and plural, possessives and the order of words make no
    difference, so that MeSH's inverted headings meet their natural forms.

    >>> name_key("Lymphomas, Follicular") == name_key("follicular lymphoma")
    True
    """
    words = bare(_POSSESSIVE.sub("", fold(name))).split()
    return " ".join(sorted(american(singular(word)) for word in words))


def singular(word: str) -> str:
    """The approximate singular of an English or Latin word, for comparison: metastases, metastasis."""
    if len(word) < _SHORTEST_PLURAL or word.endswith(("ss", "us", "xis")):
        return word
    if word.endswith("sis"):
        return word[:-2] + "e"
    if word.endswith("ies") and len(word) > _SHORTEST_PLURAL:
        return word[:-3] + "y"
    if word.endswith("omata"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("is") else word


def initials(name: str) -> str:
    """The initials of a name of three words or more, in lower case; "" for shorter ones.

    >>> initials("diffuse large B-cell lymphoma")
    'dlbcl'
    """
    words = [word for word in bare(" ".join(reversed(name.split(", ")))).split() if word not in _SMALL_WORDS]
    return "".join(word[0] for word in words) if len(words) >= _SHORTEST_ABBREVIATION else ""


def is_near(typed: str, word: str) -> bool:
    """Whether `typed` is at most one edit from `word` or its beginning: an inserted, missing, replaced or
    transposed letter."""
    lengths = {len(word), *range(len(typed) - 1, len(typed) + 2)}
    return any(_one_edit(typed, word[:length]) for length in lengths)


def _one_edit(left: str, right: str) -> bool:
    if abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    rest, theirs = left[start:], right[start:]
    if rest[1:] == theirs[1:] or rest[1:] == theirs or rest == theirs[1:]:
        return True
    return rest[:2] == theirs[1::-1] and rest[2:] == theirs[2:]
