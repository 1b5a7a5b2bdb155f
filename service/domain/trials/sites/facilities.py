"""The names of facilities: which are the same in another spelling, and which name none.

Sponsors drop the names of sites, or write a placeholder ("Research Site") until the name is known.
"""

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache

from service.domain.trials.text import bare

_ALIKE = 0.8
_NUMBER = re.compile(r"\d+")
#: Longer texts are compared by their words alone: the time to compare letters is quadratic.
_MOST_LETTERS = 100

# Spellings of a word, and words that don't distinguish places.
_SPELLED = {
    "centre": "center",
    "centers": "center",
    "centres": "center",
    "ctr": "center",
    "dept": "department",
    "hosp": "hospital",
    "hospitals": "hospital",
    "inst": "institute",
    "saint": "st",
    "univ": "university",
}
_EMPTY_WORDS = frozenset(
    {"and", "at", "co", "da", "de", "der", "di", "for", "gmbh", "ggmbh", "inc", "llc", "llp", "ltd"}
    | {"of", "pc", "pllc", "srl", "the", "und"}
)
# "Local Institution - 0062", "Research Site", "GSK Investigational Site", "Novartis Investigative Site (12)",
# "GSK Clinical Trials Call Centre".
_NUMBERED = r"(?: (?:number|no|id|ref|reference))*(?: \w*\d\w*)"
_PLACEHOLDER = re.compile(
    r"(?:(?:\w+ ){0,3}(?:investigational|investigative|investigator)"
    r"|(?:(?:local|clinical) )?(?:research|study|trial)|clinical|local)"
    rf" (?:sites?|institutions?|centers?|centres?|facility){_NUMBERED}*"
    rf"|(?:site|center|centre|institution|facility){_NUMBERED}+"
    r"|(?:\w+ ){0,2}(?:clinical )?(?:trials?|study) (?:call|contact|information) (?:center|centre)"
    r"|(?:many|multiple|various|several) (?:sites|locations|centers|facilities)"
    r"|(?:facility|site|name)(?: name)? (?:withheld|unknown|not available)"
)
_PLACEHOLDER_MARK = "?"


def facility_key(name: str) -> str:
    """A facility's name; of a placeholder only the part with a number, which may identify it."""
    folded = bare(name)
    if not _PLACEHOLDER.fullmatch(folded):
        return folded
    return _PLACEHOLDER_MARK + folded if _NUMBER.search(folded) else ""


def is_placeholder(facility: str) -> bool:
    """Whether a facility's name, which has no number, names none: "Research Site", "Local Institution"."""
    return bool(facility) and not facility_key(facility)


def is_known(key: str) -> bool:
    """Whether a facility has a name: no placeholder, not even a numbered one."""
    return bool(key) and not key.startswith(_PLACEHOLDER_MARK)


def likeness(left: str, right: str, is_near: bool) -> int:
    """The likeness of two facility names: 40 the same, 30 a respelling, 10 one is unknown, 0 another name."""
    if left and left == right:
        return 40
    if not left or not right or _PLACEHOLDER_MARK in (left[0], right[0]):
        return 10
    return 30 if is_near and _alike(left, right) else 0


@lru_cache(maxsize=4096)
def _alike(left: str, right: str) -> bool:
    """Whether two names may be of the same facility: never with different numbers."""
    if _numbers(left) != _numbers(right):
        return False
    fewer, more = sorted((_words(left), _words(right)), key=len)
    if len(fewer) > 1 and len(fewer & more) >= _ALIKE * len(fewer):
        return True
    return are_close(left, right)


@lru_cache(maxsize=8192)
def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(text)


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    spelled = (_SPELLED.get(word, word) for word in text.split())
    return frozenset(word for word in spelled if len(word) > 1 and word not in _EMPTY_WORDS)


@lru_cache(maxsize=4096)
def are_close(left: str, right: str) -> bool:
    """Whether two texts have nearly the same letters in the same order; most have other letters."""
    if max(len(left), len(right)) > _MOST_LETTERS:
        return False
    least = _ALIKE * (len(left) + len(right)) / 2
    if (_letters(left) & _letters(right)).total() < least:
        return False
    return SequenceMatcher(None, left, right, autojunk=False).ratio() >= _ALIKE


@lru_cache(maxsize=8192)
def _letters(text: str) -> Counter[str]:
    return Counter(text)
