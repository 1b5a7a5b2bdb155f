"""Words of conditions' names in one spelling: American, singular, without possessives."""

import re

from service.domain.trials.rule_text import american
from service.domain.trials.text import bare, fold

_POSSESSIVE = re.compile(r"'s\b|(?<=s)'(?=\s|$)")
_SHORTEST_PLURAL = 5
_WRITTEN_OUT = {"vs": "versus"}


def spelling_key(name: str) -> str:
    """A name's words in one spelling and one order; "" for a name without letters and digits.

    >>> spelling_key("Leukaemias, Myeloid")
    'leukemia myeloid'
    """
    words = bare(_POSSESSIVE.sub("", fold(name))).split()
    return " ".join(sorted(_WRITTEN_OUT.get(word) or american(singular(word)) for word in words))


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
