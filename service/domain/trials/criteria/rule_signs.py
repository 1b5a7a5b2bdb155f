"""Writes the limits, choices and numbers of a rule about who can join in one way.

"At least 18 years", "18 years or older" and "≥ 18 years" are the same; so are "ECOG 0 or 1" and "ECOG ≤ 1".
"""

import re
import unicodedata

from service.domain.trials.respelling import in_one_spelling
from service.domain.trials.text import BARE_MINUS, fold

_AT_LEAST = (
    r"≥|⩾|=>|> ?or ?=|>=|\bgreater than or equal to\b|\bat least\b|\bno(?:t)? less than\b"
    r"|\b(?:a )?minimum(?: of)?(?= \d)"
)
_AT_MOST = (
    r"≤|⩽|=<|< ?or ?=|<=|\bless than or equal to\b|\bat most\b|\bno(?:t)? more than\b|\bup to\b"
    r"|\b(?:a )?maximum(?: of)?(?= \d)|\bnot (?:to )?exceed(?:ing)?(?= \d)"
)
_MORE = r"\b(?:greater|more|higher|longer|older) than\b|\bover(?= \d)|\babove(?= \d)|˃"
_LESS = r"\b(?:less|fewer|lower|shorter|younger) than\b|\bunder(?= \d)|\bbelow(?= \d)|˂"
# ">= 18 and <= 75", and with the unit at both.
_FROM_TO = r">= *(\d[\d.]*) *(?:and|but|to|,)? *<= *(?=\d)"
_FROM_TO_OF_UNIT = r">= *(\d[\d.]*) ([a-z]+) *(?:and|but|to|,)? *<= *(\d[\d.]*)(?= \2\b)"
# "18 years of age or older": its limit stands behind the number. (Endless figures are no number, and would
# be read again from each of them on.)
_OR = r"((?:(?<![\w.)])-)?\b\d[\d.]{0,15}(?: [^\W\d_]+\.?){0,3}) (?:or|and) "
_OR_MORE = re.compile(_OR + r"(?:above|greater|higher|more|older|over)\b(?! (?:\d|than))")
_OR_LESS = re.compile(_OR + r"(?:fewer|less|lower|younger|(?:below|under)(?! [^\W\d_]))\b(?! (?:\d|than))")


def _any(marks: str) -> frozenset[str]:
    return frozenset(marks.split())


#: Each with letters that are in all of its texts, or with words and signs of which one is: most rules have
#: few of them.
_PHRASES = (
    (_any("≥ ⩾ = equal least less minimum"), re.compile(_AT_LEAST), " >= "),
    (_any("≤ ⩽ = equal most more up maximum exceed exceeding"), re.compile(_AT_MOST), " <= "),
    (_any("above greater higher longer more older over ˃"), re.compile(_MORE), " > "),
    (_any("below fewer less lower shorter under younger ˂"), re.compile(_LESS), " < "),
    ("+", re.compile(r"\(\+\)|(?<=\w)\+(?=[\s,;.)/]|$)"), " positive "),
    ("-", re.compile(r"\(-\)|(?<=[^\W\d_]\d)-(?=[\s,;.)/]|$)"), " negative "),
    ("-", BARE_MINUS, r"\1 negative"),
    ("cent", re.compile(r"\bper ?cent\b"), " % "),
    ("&", re.compile(r"&"), " and "),
    ("prior to", re.compile(r"\bprior to\b"), " before "),
    ("×", re.compile(r"×"), " x "),
    ("*", re.compile(r"(?<=\d) \*(?= (?:uln|upper|\d))"), " x "),
    ("times", re.compile(r"\btimes(?= (?:the )?(?:uln|upper)\b)"), " x "),
    ("mc", re.compile(r"\bmc(?=[gl]\b)"), "u"),  # a millionth
    ("μ", re.compile(r"μ(?=[a-z])"), "u"),
    (",", re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), ""),  # 1,500 is 1500
    (".", re.compile(r"(?<![\w.])\.(?=\d)"), "0."),
    (".0", re.compile(r"(?<!\.)(\b\d+)\.0+(?![\d.])"), r"\1"),
    (_any("above greater higher more older over"), _OR_MORE, r">= \1"),
    (_any("below fewer less lower under younger"), _OR_LESS, r"<= \1"),
    ("/", re.compile(r"\band ?/ ?or\b"), "or"),
    ("between", re.compile(r"\bbetween (\d\S*(?: [^\W\d_]+)?) and (?=\d)"), r"\1 to "),
    ("through", re.compile(r"(?<=\d) through (?=\d)"), " to "),
    (">=", re.compile(_FROM_TO), r"\1 to "),
    (">=", re.compile(_FROM_TO_OF_UNIT), r"\1 to \3"),
    ("^", re.compile(r"(?<=[^\W\d_])\^(?=\d)"), ""),  # m^2 is m2
    (_any("a"), re.compile(r"\ba(?=\s*(?:[,;./)&]|$|(?:and|or)\b))"), "A"),  # of hepatitis A, no article
)
_MARK = re.compile(r"[a-z]+|[^\w\s]|[˂˃]")
# "0, 1 or 2" is 0-2.
_COUNTED = re.compile(r"(?<![\w.,^/-])\d(?:,? or \d|, \d)+(?![\w^/-]|[.,]\d)")
# The scale begins with 0, and has whole numbers: "ECOG ≤ 1" is 0-1.
_PERFORMANCE = re.compile(
    r"(\b(?:ecog|performance (?:score|status)|ps|zubrod)\b"
    r"(?:[\s():,]|\b(?:ecog|grade|is|of|performance|ps|scale|score|status|the|who|zubrod)\b){0,24})"
    r"(<=?) *(\d)(?![\d.,]*\d)"
)


def _counted(found: re.Match[str]) -> str:
    """Whole numbers that follow each other as the first and the last; others as they are."""
    numbers = [int(number) for number in re.findall(r"\d", found[0])]
    last = numbers[-1]
    return f"{numbers[0]}-{last}" if numbers == list(range(numbers[0], last + 1)) else found[0]


def _from_zero(found: re.Match[str]) -> str:
    last = int(found[3]) - (found[2] == "<")
    return f"{found[1]} 0-{last}" if last > 0 else f"{found[1]} 0"


# "10⁹" is 10^9, which folding would make 109.
_POWER = re.compile(r"(?<=\d)[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")


def _with_caret(found: re.Match[str]) -> str:
    return "^" + unicodedata.normalize("NFKC", found[0])


# The minus of a number below zero, and not of a range: "0 -2", "6 months -5 years".
_MINUS = re.compile(r"(?P<range>\d[\d.,]{0,15}\s*(?:[^\W\d_]+\s)?-)|(?:^|(?<=[\s(<>=:,;/]))-(?=\.?\d)")


def in_signs(rule: str) -> str:
    """A rule folded, with signs for the words of limits, figures in one form, and a dash for a choice of
    numbers that follow each other; a number below zero has a minus sign (−)."""
    text = in_one_spelling(fold(_POWER.sub(_with_caret, rule)))
    found = set(_MARK.findall(text))
    for marks, pattern, plain in _PHRASES:
        if marks in text if isinstance(marks, str) else not marks.isdisjoint(found):
            text = pattern.sub(plain, text)
    text = _COUNTED.sub(_counted, text)
    if "<" in text:
        text = _PERFORMANCE.sub(_from_zero, text)
    if "-" not in text:
        return text
    return _MINUS.sub(lambda sign: sign["range"] or "−", text)
