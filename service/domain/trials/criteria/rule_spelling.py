"""Writes the words of a rule or a measurement in one way, where registrants respell them without a change of
meaning: compounds, contractions, abbreviations with full stops, numerals, ordinals and hours.
"""

import re

from service.domain.trials.spelling import written_out

_NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve"
_FIGURES = {word: str(number) for number, word in enumerate(_NUMBER_WORDS.split())}
# The word in "two (2)".
_TWICE = re.compile("|".join(rf"\b{word}(?= \({number}\))" for word, number in _FIGURES.items()))
_SPELLED_OUT = re.compile(rf"\b(?:{'|'.join(_FIGURES)})\b")
_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th"}
_ORDINAL = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b")
# The Roman numerals of "grade III or IV", "stage IIIB" and "NYHA II-IV".
_NUMERALS = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_NUMERAL = re.compile(r"\b(iv|v|i{1,3})(?=[a-d]?\d?\b)")
_NUMBERED = re.compile(
    r"\b(?:class(?:es)?|grades?|nyha|phases?|stages?|types?)"
    r"(?:(?:[ ,/-]|\b(?:and|or|to)\b)+(?:iv|v|i{1,3})[a-d]?\d?\b)+"
)
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
    text = _NUMBERED.sub(_in_figures, text)
    text = _ORDINAL.sub(lambda found: _ORDINALS[found[0]], text)
    return _SPELLED_OUT.sub(lambda found: _FIGURES[found[0]], text)


def _in_figures(numbered: re.Match[str]) -> str:
    return _NUMERAL.sub(lambda found: _NUMERALS[found[0]], numbered[0])
