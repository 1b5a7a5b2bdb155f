"""Writes the words of a text in one way, where registrants respell them without a change of meaning.

Compounds, contractions, abbreviations with full stops, Greek letters, numerals, ordinals, hours.
"""

import re
import unicodedata
from collections.abc import Callable

#: Greek letters that are words in names of illnesses; ß is typed for a beta.
_LETTERS = {
    "α": "alpha",
    "β": "beta",
    "ß": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
}
_GREEK = re.compile(rf"(?<![^\W_])[{''.join(_LETTERS)}]+(?![^\W_])", re.IGNORECASE)

_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")
_ANY_NUMERAL = "|".join(sorted(_NUMERALS, key=len, reverse=True))
_TYPE = re.compile(rf"\b(types?[\s-]+)({_ANY_NUMERAL})\b", re.IGNORECASE)
_NUMERAL = re.compile(rf"\b(?:{_ANY_NUMERAL})(?=[a-d]?\d?\b)")
_NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve"
_FIGURES = {word: str(number) for number, word in enumerate(_NUMBER_WORDS.split())}
_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th"}

_Spelling = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

#: What is written in one way where some letters are in a text; most texts have few of them.
_BY_LETTERS: dict[str, _Spelling] = {
    "(": (re.compile("|".join(rf"\b{word}(?= \({n}\))" for word, n in _FIGURES.items())), ""),  # two (2)
    ".": (re.compile(r"(?<![\w.])(?:[a-z]\.){2,}"), lambda found: found[0].replace(".", "")),  # e.g., U.S.
    "can't": (re.compile(r"\bcan't\b"), "can not"),
    "won't": (re.compile(r"\bwon't\b"), "will not"),
    "n't": (re.compile(r"n't\b"), " not"),
    "'s": (re.compile(r"(?<=[^\W\d_])'s\b"), ""),
    "non": (re.compile(r"\bnon-?(?=[a-z]{3})"), "non "),
    "-patient": (re.compile(r"\b(in|out)-(?=patient)"), r"\1"),
    "e-mail": (re.compile(r"\be-(?=mail)"), "e"),
    "+": (re.compile(r"(\b\d+) ?\+(?= ?(?:years?|yrs?)\b)"), r">= \1"),
    "10e": (re.compile(r"\b10e\+?(?=\d)"), "10^"),
    "/l": (re.compile(r"(?<=[x×*]) ?10(?=(?:6|9|12)/l)"), " 10^"),  # a power whose sign was lost
    " 000": (re.compile(r"(?<![\d.,])(\d{1,3}) (?=000(?!\d))"), r"\1"),
    "time of": (re.compile(r"\bat (?:the )?time of\b"), "at"),
    "ecog ps": (re.compile(r"\becog ps\b"), "ecog performance status"),
}


def _in_figures(numeral: re.Match[str]) -> str:
    return str(_NUMERALS.index(numeral[0]) + 1)


def _one_of(words: str) -> str:
    return "|".join(words.split())


_PREFIXES = "anti co peri post pre semi"
_VERBS = "break check cut follow wash work"
#: Substances, markers and viruses that have a number: "IL-2" is "IL2".
_CODES = "ca cd cdk covid ctla flt glp her hhv hpv hsv htlv il jak pd sglt tp"
_SEXES = "boy boys female females girl girls male males man men woman women"
_SCALES = "karnofsky kps lansky"
_NUMBERED = (
    "arm arms class classes cohort cohorts factor factors grade grades group groups level levels nyha"
    " part parts phase phases stage stages step steps type types"
)

#: The same where one of some words is in a text.
_BY_WORDS: dict[str, _Spelling] = {
    _CODES: (re.compile(rf"\b({_one_of(_CODES)})[ -](?=\d)"), r"\1"),
    "pd": (re.compile(r"\bpd-l1\b"), "pdl1"),
    _PREFIXES: (re.compile(rf"\b({_one_of(_PREFIXES)})[ -](?!and\b|or\b|to\b)(?=[a-z])"), r"\1"),
    _VERBS: (re.compile(rf"\b({_one_of(_VERBS)})[ -](?=(?:off|out|through|up)\b)"), r"\1"),
    "breast child health": (
        re.compile(r"\b(?:(breast)[ -](?=fe)|(child)[ -](?=bear)|(health)[ -](?=care))"),
        r"\1\2\3",
    ),
    "b": (re.compile(r"\bb-(?=\d)"), "b"),
    "alfa": (re.compile(r"\balfa\b"), "alpha"),
    "cannot": (re.compile(r"\bcannot\b"), "can not"),
    "vs": (re.compile(r"\bvs\b\.?"), "versus"),
    "h hr hrs": (re.compile(r"(?<=\d)[ -]?h(?:rs?)?\b"), " hour"),
    "yo": (re.compile(r"(?<=\d)[ -]?yo\b"), " year"),
    "deg degree degrees": (re.compile(r"(?<=\d) ?deg(?:rees?)? (?=[cf]\b|celsius)"), " "),
    _SCALES: (re.compile(rf"(\b(?:{_one_of(_SCALES)})\b[^.;%]{{0,40}}\d) ?%"), r"\1"),
    _SEXES: (re.compile(rf"\b({_one_of(_SEXES)})(?: and| or| ?/) ?({_one_of(_SEXES)})\b"), r"\1 \2"),
    # "Grade III or IV", "stage IIIB", "NYHA II-IV", "Arm I".
    _NUMBERED: (
        re.compile(
            rf"\b(?:{_one_of(_NUMBERED)})(?:(?:[ ,/-]|\b(?:and|or|to)\b)+(?:{_ANY_NUMERAL})[a-d]?\d?\b)+"
        ),
        lambda numbered: _NUMERAL.sub(_in_figures, numbered[0]),
    ),
    " ".join(_ORDINALS): (re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b"), lambda found: _ORDINALS[found[0]]),
    _NUMBER_WORDS: (re.compile(rf"\b(?:{'|'.join(_FIGURES)})\b"), lambda found: _FIGURES[found[0]]),
}
_WORD = re.compile("[a-z]+")
_IF_WORDS = tuple((frozenset(words.split()), *spelling) for words, spelling in _BY_WORDS.items())


def in_one_spelling(text: str) -> str:
    """A folded text with its words in one spelling, and figures for its numbers."""
    if not text.isascii():
        text = written_out(text)
    for letters, (pattern, plain) in _BY_LETTERS.items():
        if letters in text:
            text = pattern.sub(plain, text)
    found = set(_WORD.findall(text))
    for words, pattern, plain in _IF_WORDS:
        if not words.isdisjoint(found):
            text = pattern.sub(plain, text)
    return text


def written_out(name: str) -> str:
    """A name with words for the Greek letters that stand alone, and figures for the numbers of types.

    >>> written_out("β-Thalassemia, γδ T-cell lymphoma, TGFβ")
    'beta-Thalassemia, gamma delta T-cell lymphoma, TGFβ'
    >>> written_out("Diabetes Mellitus, Type II")
    'Diabetes Mellitus, Type 2'
    """
    text = _GREEK.sub(_in_words, name)
    return _TYPE.sub(lambda found: found[1] + _NUMERAL.sub(_in_figures, found[2].lower()), text)


def _in_words(found: re.Match[str]) -> str:
    """The names of Greek letters, in any of their forms: the sign of a millionth is a mu."""
    return " ".join(_LETTERS[letter] for letter in unicodedata.normalize("NFKC", found[0]).lower())
