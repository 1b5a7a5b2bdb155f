"""Splits a study's criteria into rules, each with its section.

Registrants write rules as lists, as run-on text with numbers in it, or as both, and renumber them. So a rule
is a statement without its bullet.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from service.domain.trials.criteria.rule_text import words
from service.domain.trials.text import fold, fold_statement, unescape

# A rule with its section: "inclusion", "exclusion", or "" above both.
Rule = list[str]

# French teams write "non-inclusion criteria" for what excludes.
_SECTION = r"(?:non[ -]?)?inclusion|exclusion"
_HEAD = re.compile(
    rf"\b(?:({_SECTION})\s+criteri(?:a|on)|criteri(?:a|on)\s+(?:for|of)\s+({_SECTION}))\b"
    rf"|^({_SECTION})s?(?=[\s:–—-]*$)",
    re.IGNORECASE,
)
_INLINE_HEAD = re.compile(
    rf"(?<=[.;:)])\s*(?=(?:(?:key|main|major)\s+)?(?:{_SECTION})\s+criteria\s*:)", re.IGNORECASE
)
_BEFORE_HEAD = re.compile(
    r"(?:\w\s?[-–:]\s?)?"  # "A-Inclusion criteria"
    r"(?:(?:additional|all|following|general|key|main|major|other|participant|patient|specific|subject|the)"
    r"s? )*",
    re.IGNORECASE,
)
_AFTER_HEAD = r"(?:\s+(?:are|includes?|for (?:all )?(?:participants|patients|subjects)))?"
_PLAIN_HEAD = re.compile(rf"\W*{_BEFORE_HEAD.pattern}(?:{_HEAD.pattern}){_AFTER_HEAD}\W*", re.IGNORECASE)
_HEAD_BEFORE_RULE = re.compile(rf"^\W*{_BEFORE_HEAD.pattern}(?:{_HEAD.pattern})\s*:\s*(?=\w)", re.IGNORECASE)
_LONGEST_HEAD = 80
# A rule that speaks of criteria: "Not meeting the inclusion criteria", "Inclusion criteria not met".
_SPEAKS = r"\b(?:any|as|by|fulfil\w*|have|in|meet\w*|met|no|not|of|per|satisf\w*|than|the|to|under|with)\b"
_SPEAKS_OF_CRITERIA = re.compile(_SPEAKS, re.IGNORECASE)
_WILL_SPEAK_OF_CRITERIA = re.compile(rf"{_SPEAKS}$", re.IGNORECASE)
_NOT_MET = re.compile(r" (?:(?:are|is|was|were) )?(?:met|not)\b", re.IGNORECASE)
#: The number of statements that a pair of brackets may join; one that is never closed joins none.
_MOST_IN_BRACKETS = 4
# "… 60 mL/min/1.73", and on the next line "m^2 for patients …".
_BROKEN_UNIT = re.compile(r"(?<=\d)\s*\n\s*(?=m?m(?:\^?[23]|[²³])(?![\w^]))")
_BULLET = re.compile(
    r"^(?:[*•·▪◦‣o\-–—]\s+|\d{1,2}(?:\.\d{1,2}){2,4}[.):]?\s+"
    r"|(?:\[\d{1,2}\]|#\d{1,2}[.):]?|(?:IC?|EC?|Inc|Exc)[ -]?\d{1,2}[.):]|\d{1,2}:)(?:\s+|$)"
    r"|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,5})[.)](?:\s+|$)|\d{1,2}[.)](?=[^\W\d]))+"
)
# "3.1 Adults". Such a number may be a limit, too ("1.5 x ULN").
_TWO_PARTS = re.compile(r"^(?:[*•·▪◦‣o\-–—]\s+)?(\d{1,2})\.(\d{1,2})[.):]?\s+(?=(\w)?)")
# "2. " or "2) " within a line, or at its end; whether it begins a rule depends on what is before it.
_ENUMERATOR = re.compile(r"(?:^|(?<=\s))\(?(\d{1,2})[.)](?:\s+(?=[^\W\d_])|$)")
# Words to which a following number belongs: "an ECOG status of 2. Aged …", "at most 3.".
_COUNTS = re.compile(
    r"(?:\b(?:a|and|at|class|days?|ecog|every|for|grades?|in|least|most|of|or|over|phases?|score|stages?|"
    r"status|than|to|types?|under|up|weeks?|with|within|years?)|[<>=≤≥–—~/,-])\s*$",
    re.IGNORECASE,
)
#: Characters before a number that are searched for these words: more than the longest has.
_MOST_AHEAD = 12
# The words of a line that leads to all rules of a section, and is none itself: "To be eligible, patients must
# meet all of the following criteria:".
_LEAD_WORDS = frozenset(
    words(
        "all apply below considered eligible eligibility enrolled entry exclude excluded excluding exclusion"
        " fulfil fulfilled if inclusion listed meet meets meeting met only order participate participation"
        " qualify satisfy satisfied"
    )
)
#: The quantity that is meant where none is said; the other one is a rule.
_MEANT = {"": "all", "inclusion": "all", "exclusion": "any"}
_SENTENCE_ENDS = (".", ";", ":", ")")
# In any case, since changes of case are not significant; an "e.g.", "vs." or "yrs." ends no sentence.
_SENTENCE_END = re.compile(r"(?<=\w{3}[.;])(?<!\b(?i:yrs|mos|wks|hrs)\.)\s+|(?<=\)[.;])\s+|(?<=\s[.;])\s+")


def read_rules(criteria: str) -> list[Rule]:
    """The rules of a text of criteria, in order, each with its section, without bullets and headings."""
    section, above, expected, rules = "", "", 1, []
    text = unicodedata.normalize("NFC", _INLINE_HEAD.sub("\n", _BROKEN_UNIT.sub(" ", unescape(criteria))))
    for line in _without_numbers([" ".join(line.split()) for line in text.splitlines()]):
        head, above = _headed(line, above), line
        if head:
            section, expected = head, 1
            line = _HEAD_BEFORE_RULE.sub("", line)
        parts, expected = _enumerated(line, expected)
        rules += [
            [section, statement]
            for part in parts
            for statement in _statements(part)
            if not (head and _PLAIN_HEAD.fullmatch(statement))
        ]
        if rules and _leads(rules[-1]) and [rule[0] for rule in rules].count(section) == 1:
            rules.pop()
    return rules


def _leads(rule: Rule) -> bool:
    """Whether a rule is none, but a line that leads to all rules of its section."""
    section, text = rule
    if not text.endswith((":", ".")) or not _LEAD_WORDS.issuperset(words(text)):
        return False
    return {"all", "any"} & set(fold(text).split()) <= {_MEANT[section]}


def with_sections(rules: Sequence[Rule], others: Sequence[Rule]) -> list[Rule]:
    """The rules, those without a section in that which they have among others: of two texts of criteria one
    may lack the headings, or have them in other words."""
    if _without_section(rules) == _without_section(others):
        return list(rules)
    known = {fold_statement(text): section for section, text in others if section}
    return [[section or known.get(fold_statement(text), ""), text] for section, text in rules]


def _without_section(rules: Sequence[Rule]) -> list[str]:
    return [text for section, text in rules if not section]


def _without_numbers(lines: list[str]) -> list[str]:
    """The lines without numbers of two parts that count them: another line has the next or the one before,
    and one of the two has a capital letter behind it."""
    found = {place: numbered for place, line in enumerate(lines) if (numbered := _TWO_PARTS.match(line))}
    capital = {(int(number[1]), int(number[2])): False for number in found.values()}
    for number in found.values():
        capital[int(number[1]), int(number[2])] |= (number[3] or "").isupper()
    for place, number in found.items():
        chapter, count = int(number[1]), int(number[2])
        beside = [other for other in ((chapter, count - 1), (chapter, count + 1)) if other in capital]
        if any(capital[chapter, count] or capital[other] for other in beside):
            lines[place] = lines[place][number.end() :]
    return lines


@lru_cache(maxsize=4096)
def _headed(line: str, above: str) -> str | None:
    """The section whose heading a line is, or begins with; None if it is a rule, or the end of that above."""
    text = _BULLET.sub("", line)
    found = _HEAD.search(text)
    if not found or _NOT_MET.match(text, found.end()) or _WILL_SPEAK_OF_CRITERIA.search(above):
        return None
    before = text[: found.start()]
    is_short = len(text) <= _LONGEST_HEAD and (text.endswith(":") or not _SPEAKS_OF_CRITERIA.search(before))
    if not is_short and not _BEFORE_HEAD.fullmatch(before):
        return None
    return "inclusion" if next(filter(None, found.groups())).lower() == "inclusion" else "exclusion"


@lru_cache(maxsize=4096)  # most lines are in the text of before, too
def _statements(line: str) -> Sequence[str]:
    """The sentences of a line, without bullets."""
    bare = (_BULLET.sub("", part).strip() for part in _within_brackets(_SENTENCE_END.split(line)))
    return [part for part in bare if part.strip(" .,;:")]


def _within_brackets(parts: list[str]) -> list[str]:
    """The parts, joined where a bracket is closed in the next few: "(0 = active; 1 = restricted)"."""
    if len(parts) == 1:
        return parts
    joined: list[str] = []
    position = 0
    while position < len(parts):
        size = next((n for n in range(1, _MOST_IN_BRACKETS + 1) if _is_closed(parts, position, n)), 1)
        joined.append(" ".join(parts[position : position + size]))
        position += size
    return joined


def _is_closed(parts: list[str], start: int, size: int) -> bool:
    """Whether these parts have no bracket that is left open; False beyond the end."""
    text = " ".join(parts[start : start + size])
    return start + size <= len(parts) and text.count("(") <= text.count(")")


def _enumerated(line: str, expected: int) -> tuple[list[str], int]:
    """A line split at consecutive numbers: "… 2. Aged …; 3. …"; and the number expected next."""
    starts = []
    for found in _ENUMERATOR.finditer(line):
        number, start = int(found.group(1)), found.start()
        ahead = line[max(0, start - _MOST_AHEAD) : start]
        if ahead and (
            _COUNTS.search(ahead)
            or (found.end() == len(line) and not ahead.rstrip().endswith(_SENTENCE_ENDS))
        ):
            continue
        if number == expected or not ahead:
            starts.append(found.start())
            expected = number + 1
    ends = [*starts, len(line)]
    return [
        line[: ends[0]],
        *(line[start:end] for start, end in zip(starts, ends[1:], strict=True)),
    ], expected
