"""Words of conditions' names in one spelling: American, singular, no possessives or Greek letters."""

import re
from collections.abc import Iterable
from functools import lru_cache

from service.domain.trials.respelling import in_one_spelling, written_out
from service.domain.trials.text import bare, fold, with_signs_in_words

_SHORTEST_PLURAL = 5
FINDINGS = frozenset({"negative", "positive"})

_BRITISH = (
    (re.compile(r"ae|oe"), "e"),
    (re.compile(r"our(?=(?:able|al|ed|ing)?\b)"), "or"),
    (re.compile(r"is(e|ed|ing|ation)\b"), r"iz\1"),
    (re.compile(r"(cent|fib|lit|met|tit)re\b"), r"\1er"),
    (re.compile(r"ll(?=(?:ed|ing|ment)\b)"), "l"),
    (re.compile(r"(?<=y)s(?=(?:e[ds]?|ing)\b)"), "z"),
    (re.compile(r"logue\b"), "log"),
    (re.compile(r"gramme\b"), "gram"),
    (re.compile(r"judge(?=ment)"), "judg"),
    (re.compile(r"leuco"), "leuko"),
    (re.compile(r"aluminium"), "aluminum"),
    (re.compile(r"sulph"), "sulf"),
)


@lru_cache(maxsize=16_384)
def american(word: str) -> str:
    """A word in lower case in American spelling: "leukaemia" is "leukemia"."""
    for pattern, plain in _BRITISH:
        word = pattern.sub(plain, word)
    return word


def spelling_key(name: str) -> str:
    """A name's words in one spelling and one order; "" for a name without letters and digits.

    >>> spelling_key("Leukaemias, Myeloid")
    'leukemia myeloid'
    """
    text = with_signs_in_words(in_one_spelling(fold(written_out(name.replace("_", " ")))))
    spelt = (american(singular(word)) for word in bare(text).split())
    return " ".join(sorted(_with_findings(spelt)))


def _with_findings(words: Iterable[str]) -> list[str]:
    """The words, each one with the "positive" or "negative" behind it: that of HR-positive, HER2-negative
    cancer is not that of HR-negative, HER2-positive cancer."""
    found: list[str] = []
    for word in words:
        if word in FINDINGS and found:
            found[-1] += word
        else:
            found.append(word)
    if len(found) > 1 and found[0] in FINDINGS:
        finding, first, *rest = found
        return [first + finding, *rest]
    return found


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
