"""Writes the words of a text in one way, where registrants respell them without a change of meaning.

Compounds, contractions, abbreviations with full stops, Greek letters, numerals, ordinals, hours.
"""

import re
import unicodedata

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
# The Roman numerals of "grade III or IV", "stage IIIB", "NYHA II-IV" and "Arm I".
_NUMBERED = re.compile(
    r"\b(?:arms?|class(?:es)?|cohorts?|factors?|grades?|groups?|levels?|nyha|parts?|phases?|stages?|steps?|types?)"
    rf"(?:(?:[ ,/-]|\b(?:and|or|to)\b)+(?:{_ANY_NUMERAL})[a-d]?\d?\b)+"
)
_NUMERAL = re.compile(rf"\b(?:{_ANY_NUMERAL})(?=[a-d]?\d?\b)")
_NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve"
_FIGURES = {word: str(number) for number, word in enumerate(_NUMBER_WORDS.split())}
# The word in "two (2)".
_TWICE = re.compile("|".join(rf"\b{word}(?= \({number}\))" for word, number in _FIGURES.items()))
_SPELLED_OUT = re.compile(rf"\b(?:{'|'.join(_FIGURES)})\b")
_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th"}
_ORDINAL = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b")
#: The letters of substances, markers and viruses that have a number.
_CODES = "ca|cd|cdk|covid|ctla|flt|glp|her|hhv|hpv|hsv|htlv|il|jak|pd|sglt|tp"
_SEX = r"(?:fe)?males?|(?:wo)?men|boys?|girls?"
#: Each with letters that are in all of its texts: most rules have few of them.
_SPELLINGS = (
    ("(", _TWICE, ""),
    (".", re.compile(r"(?<![\w.])(?:[a-z]\.){2,}"), lambda found: found[0].replace(".", "")),  # e.g., U.S.
    ("can't", re.compile(r"\bcan't\b"), "can not"),
    ("won't", re.compile(r"\bwon't\b"), "will not"),
    ("n't", re.compile(r"n't\b"), " not"),
    ("cannot", re.compile(r"\bcannot\b"), "can not"),
    ("'s", re.compile(r"(?<=[^\W\d_])'s\b"), ""),
    ("non", re.compile(r"\bnon-?(?=[a-z]{3})"), "non "),
    ("-", re.compile(r"\b(anti|co|peri|post|pre|semi)-(?=[a-z])"), r"\1"),
    ("breast", re.compile(r"\bbreast[ -](?=fe)"), "breast"),
    ("child", re.compile(r"\bchild[ -](?=bearing)"), "child"),
    ("health", re.compile(r"\bhealth[ -](?=care)"), "health"),
    ("patient", re.compile(r"\b(in|out)-(?=patient)"), r"\1"),
    ("", re.compile(rf"\b(?:({_CODES})[ -]|(b)-)(?=\d)"), r"\1\2"),  # "IL-2" is "IL2"
    ("mail", re.compile(r"\be-(?=mail)"), "e"),
    ("-", re.compile(r"\b(break|check|cut|follow|wash|work)-(?=(?:off|out|through|up)\b)"), r"\1"),
    ("follow up", re.compile(r"\bfollow up\b"), "followup"),
    ("vs", re.compile(r"\bvs\b\.?"), "versus"),
    ("alfa", re.compile(r"\balfa\b"), "alpha"),
    ("time of", re.compile(r"\bat (?:the )?time of\b"), "at"),
    ("h", re.compile(r"(?<=\d)[ -]?h(?:rs?)?\b"), " hour"),
    ("yo", re.compile(r"(?<=\d)[ -]?yo\b"), " year"),
    ("+", re.compile(r"(\b\d+) ?\+(?= ?(?:years?|yrs?)\b)"), r">= \1"),
    ("10e", re.compile(r"\b10e\+?(?=\d)"), "10^"),
    ("/l", re.compile(r"(?<=[x×*]) ?10(?=(?:6|9|12)/l)"), " 10^"),  # a power whose sign was lost
    (" 000", re.compile(r"(?<![\d.,])(\d{1,3}) (?=000(?!\d))"), r"\1"),
    ("deg", re.compile(r"(?<=\d) ?deg(?:rees?)? (?=[cf]\b|celsius)"), " "),
    ("ecog ps", re.compile(r"\becog ps\b"), "ecog performance status"),
    ("%", re.compile(r"(\b(?:karnofsky|kps|lansky)\b[^.;%]{0,40}\d) ?%"), r"\1"),
    ("m", re.compile(rf"\b({_SEX})(?: and| or| ?/) ?({_SEX})\b"), r"\1 \2"),
)


def in_one_spelling(text: str) -> str:
    """A folded text with its words in one spelling, and figures for its numbers."""
    if not text.isascii():
        text = written_out(text)
    for letters, pattern, plain in _SPELLINGS:
        if letters in text:
            text = pattern.sub(plain, text)
    text = _NUMBERED.sub(lambda numbered: _NUMERAL.sub(_in_figures, numbered[0]), text)
    text = _ORDINAL.sub(lambda found: _ORDINALS[found[0]], text)
    return _SPELLED_OUT.sub(lambda found: _FIGURES[found[0]], text)


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


def _in_figures(numeral: re.Match[str]) -> str:
    return str(_NUMERALS.index(numeral[0]) + 1)
