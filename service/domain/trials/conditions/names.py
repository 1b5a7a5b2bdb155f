"""Normalizes names of conditions: equal for all spellings, numbers and orders of words."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import combinations, product

from service.domain.trials.conditions.abbreviations import initials, without_abbreviation
from service.domain.trials.conditions.condition import display_name
from service.domain.trials.conditions.leukemia_names import ABBREVIATIONS, COMMON_KEYS
from service.domain.trials.spelling import FINDINGS, spelling_key

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_MOST_WORDS = 10


@lru_cache(maxsize=32_768)
def name_key(name: str) -> str:
    """A key that is equal for all spellings of a name; "" for a name without letters and digits.

    British and American spelling, singular and plural, possessives, the order of words and an abbreviation
    in brackets make no difference, so that MeSH's inverted headings meet their natural forms. The common
    leukemias have one key by all their names, for a hierarchy may lack some as synonyms.

    >>> name_key("Lymphomas, Follicular") == name_key("follicular lymphoma (FL)")
    True
    >>> name_key("Acute Lymphocytic Leukaemia") == name_key("Acute Lymphoblastic Leukemia (ALL)")
    True
    """
    key = spelling_key(without_abbreviation(name))
    return COMMON_KEYS.get(key, key)


def readings(name: str) -> list[str]:
    """The names that a given one may stand for: itself, and of a slug also those with a sign behind a word.

    Whoever makes slugs leaves signs out: "her2-cancer" may be that of "HER2+ cancer". Two signs are
    considered in six words, one in up to ten.

    >>> "ph positive all" in readings("ph-all")
    True
    """
    words = name.split("-")
    if not _SLUG.fullmatch(name) or len(words) > _MOST_WORDS or not FINDINGS.isdisjoint(words):
        return [name]
    found = [name]
    for signs in (1, 2) if len(words) <= 6 else (1,):
        for places in combinations(range(len(words)), signs):
            for findings in product(sorted(FINDINGS), repeat=signs):
                spelt = list(words)
                for place, finding in zip(places, findings, strict=True):
                    spelt[place] += f" {finding}"
                found.append(" ".join(spelt))
    return found


def shown_names(conditions: Iterable[Mapping[str, str]]) -> list[str]:
    """The conditions' names as people read them, each condition once, in its first spelling.

    >>> shown_names([{"name": "Dental Caries"}, {"name": "CARIES, DENTAL"}])
    ['Dental Caries']
    """
    names: dict[str, str] = {}
    for condition in conditions:
        names.setdefault(name_key(condition["name"]), display_name(condition["name"]))
    return list(names.values())


def abbreviations(name: str) -> list[str]:
    """The usual abbreviation of a common leukemia, which small hierarchies lack as a synonym; else none.

    >>> abbreviations("acute lymphoblastic leukemia")
    ['ALL']
    """
    key = name_key(name)
    return [ABBREVIATIONS[key]] if key in ABBREVIATIONS else []


def short_forms(name: str) -> set[str]:
    """The abbreviations of a name, in lower case: its initials, and a common leukemia's abbreviation.

    >>> sorted(short_forms("B-cell chronic lymphocytic leukemia"))
    ['bccll', 'cll']
    """
    return {initials(name), *(short.casefold() for short in abbreviations(name))} - {""}


def is_near(typed: str, word: str) -> bool:
    """Whether `typed` is at most one edit from `word` or its beginning: an inserted, missing, replaced or
    transposed letter. An f is a ph, as in other languages: "lymfoma"."""
    typed, word = typed.replace("ph", "f"), word.replace("ph", "f")
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
