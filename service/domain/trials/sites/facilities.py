"""The names of facilities: which are the same in another spelling, and which name none.

Sponsors drop the names of sites, or write a placeholder ("Research Site") until the name is known. Some add
their own number of the site.
"""

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache

from service.domain.trials.text import bare, clean

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
# "GSK Clinical Trials Call Centre", "Research facility ID ORG-001005", "USA02-0".
_WITH_DIGIT = r"[^\W\d]*\d\w*"
_NUMBERED = rf"(?: (?:number|no|id|org|ref|reference))*(?: {_WITH_DIGIT})"
_PLACEHOLDER = re.compile(
    r"(?:(?:\w+ ){0,3}(?:investigational|investigative|investigator)"
    r"|(?:(?:local|clinical) )?(?:research|study|trial)|clinical|local)"
    rf" (?:sites?|institutions?|centers?|centres?|facility){_NUMBERED}*"
    rf"|(?:site|center|centre|institution|facility){_NUMBERED}+"
    r"|(?:\w+ ){0,2}(?:clinical )?(?:trials?|study) (?:call|contact|information) (?:center|centre)"
    r"|(?:many|multiple|various|several) (?:sites|locations|centers|facilities)"
    r"|(?:facility|site|name)(?: name)? (?:withheld|unknown|not available)"
    rf"|{_WITH_DIGIT}(?: {_WITH_DIGIT})*"
)
_SPONSORS_SITE = re.compile(r"(?:\w+ ){1,3}site \d{3,}")  # "Zai Lab Site 1001"
#: No name begins with it: of punctuation, `bare` leaves the question mark alone.
_PLACEHOLDER_MARK = "#"
# "Abraham Oncology ( Site 1150)", "Asan Medical Center /ID# 252289", "REX Trials Site Number : 8400017".
_SITE_NUMBER = re.compile(
    r"\s*(?:/\s?ID\s?#\s?:?\s?\d+"
    rf"|[(\[]\s?site\s?(?:number|no\.?|id)?\s?[#:]?\s?{_WITH_DIGIT}(?:-\w+)*\s?[)\]]"
    rf"|[-,;]?\s*\bsite (?:number|no\.?|id)\s?[#:]?\s?{_WITH_DIGIT}(?:-\w+)*)$",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def facility_name(text: str) -> str:
    """A facility's name as it is shown: without a sponsor's number of the site, "" for a placeholder."""
    name = _without_number(text)
    return "" if _is_placeholder(name) else name


@lru_cache(maxsize=8192)
def facility_key(text: str) -> str:
    """A facility's name for comparison; a placeholder's only with a number, which may identify the site."""
    name = _without_number(text)
    if not _is_placeholder(name):
        return bare(name)
    folded = bare(text)
    return _PLACEHOLDER_MARK + folded if _NUMBER.search(folded) else ""


def _without_number(text: str) -> str:
    """A name without the sponsor's number at its end; of a placeholder the number is a part."""
    name = clean(text)
    if not _NUMBER.search(name) or _PLACEHOLDER.fullmatch(bare(name)):
        return name
    return _SITE_NUMBER.sub("", name)


def _is_placeholder(name: str) -> bool:
    folded = bare(name)
    return bool(_PLACEHOLDER.fullmatch(folded) or _SPONSORS_SITE.fullmatch(folded))


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
