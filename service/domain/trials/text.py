"""Normalizes the registry's texts, for comparison and for display."""

import html
import re
import unicodedata
from functools import lru_cache

# The registry's own habits: entities (even twice encoded), paragraphs as HTML, markdown's backslashes.
_TAG = re.compile(r"</?(?:p|br|ul|ol|li|b|i|u|em|strong|sup|sub|div|span)\b[^<>]*>", re.IGNORECASE)
_BREAKING_TAG = re.compile(r"</?(?:p|br|ul|ol|li|div)\b[^<>]*>", re.IGNORECASE)
# "10<sup>9</sup>/L" is 10^9/L, not 109/L.
_POWER = re.compile(r"<sup>\s*([+−-]?\d+)\s*</sup>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>^&~|])")


def _combining(first: int, last: int) -> str:
    """The combining marks between two characters, as a part of a pattern's class."""
    return "".join(chr(n) for n in range(first, last + 1) if unicodedata.category(chr(n)) in ("Mn", "Mc"))


#: Accents, and the points of Hebrew and Arabic, but no strokes: that of "≠" is a part of its sign.
_ACCENT = re.compile(f"[{_combining(0x300, 0x333)}{_combining(0x339, 0x8FF)}\u1dc0-\u1dff\u20d0-\u20f0]+")
#: Letters with a stroke or of two letters, for which plain ones are typed.
_PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
#: Vowel signs and other marks of Asian scripts: parts of a word, as letters are, which `\w` does not know.
MARKS = _combining(0x900, 0x1AAF) + _combining(0x1B00, 0x1CFF) + _combining(0xA800, 0xABFF)
_NOT_IN_NAME = re.compile(rf"[^\w?{MARKS}]|_")
_SPACE = re.compile(r"(?<!\d) | (?!\d)")
_PLUS = re.compile(r"(?<=[^\W_])(?:\s?\(\+\)|\+(?![^\W_]))")
_MINUS = re.compile(r"(?<=[^\W_])\s?\(-\)")
#: A minus behind a marker of an illness: in "HER2- cohort" and "ER-/PR-", not in "HER2- and HER3-targeted",
#: "CD19- directed" or "HER2- positive".
_MARKERS = r"alk|brca[12]?|cd\d{1,3}|ebv|egfr|erbb2|er|hbv|hcv|her2|hiv|hpv|hr|mrd|pd-?l1|ph|pr"
_NO_MINUS = (
    r"and|based|car|driven|like|mutant|negative|or|positive|related|specific|to|type|[a-z]+(?:ed|ing|ive)"
)
BARE_MINUS = re.compile(rf"(?<![^\W_])({_MARKERS})-(?=[/,;.):]|$| (?!(?:{_NO_MINUS})(?![^\W_])))")
_PUNCTUATION = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "‐": "-", "`": "'", "ʼ": "'"}
)


def unescape(text: str) -> str:
    """A text without HTML entities, tags and markdown's backslashes; line breaks stay."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub("", _BREAKING_TAG.sub("\n", _POWER.sub(r"^\1", text)))
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    return text


@lru_cache(maxsize=16_384)
def clean(text: str) -> str:
    """A text on one line as it is shown: plain, white space collapsed, composed (Unicode NFC)."""
    return " ".join(unicodedata.normalize("NFC", unescape(text)).split())


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """A text without differences of case, white space, entities and Unicode forms, for comparison."""
    # A spacing accent for an apostrophe would be taken apart.
    plain = unicodedata.normalize("NFKC", unescape(text).replace("´", "'")).translate(_PUNCTUATION)
    return " ".join(plain.casefold().split())


def fold_statement(text: str) -> str:
    """A text folded, without the punctuation at its end."""
    return fold(text).rstrip(".,;: ")


@lru_cache(maxsize=16_384)
def bare(text: str) -> str:
    """A name folded, without accents and punctuation: "Hôpital St. Louis" is "hopital st louis"."""
    return " ".join(_NOT_IN_NAME.sub(" ", without_accents(fold(text))).split())


def without_accents(folded: str) -> str:
    """A folded text with plain letters: "łódź" is "lodz". Vowel signs of Asian scripts stay."""
    if folded.isascii():
        return folded
    plain = _ACCENT.sub("", unicodedata.normalize("NFD", folded)).translate(_PLAIN_LETTERS)
    return unicodedata.normalize("NFC", plain)


def with_signs_in_words(folded: str) -> str:
    """A folded name with words for the signs behind a word: "ph+ all" is "ph positive all".

    A minus stands in brackets or behind a marker of an illness ("her2- cancer"), since a space often follows
    a hyphen by mistake: "non- small cell".
    """
    return BARE_MINUS.sub(r"\1 negative", _MINUS.sub(" negative", _PLUS.sub(" positive", folded)))


def compact(text: str) -> str:
    """A name as `bare`, without spaces but those between figures: "IL-2" is "il2", "2.5 mg" "2 5mg"."""
    return _SPACE.sub("", bare(text))


def in_words(value: str) -> str:
    """A value of an enumeration that has no words of its own: `PHASE_2A` is "Phase 2a"."""
    return value.replace("_", " ").capitalize()
