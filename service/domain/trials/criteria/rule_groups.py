"""Finds rules that moved from one group of people to another: the cohorts, arms or parts of a study.

Registrants write "Cohort A:" above the rules of a group. Rules are compared without it, as groups are renamed
and put in another order; so the same rule in another group would be no change. Rules for everybody often
stand behind those of the last group, without a heading of their own.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from service.domain.trials.criteria.rule_list import Rule
from service.domain.trials.text import fold_statement

_WORD = r"\b(?:arm|cohort|group|part|phase|stage|stratum|sub-?study)s?\b"
#: "For patients in Cohort A:"
_LEAD = re.compile(rf"[^:]{{0,60}}{_WORD}[^:]{{0,60}}:", re.IGNORECASE)
#: "Cohort A (children)", "Inclusion criteria for participation in R3."
_NAMED = re.compile(
    rf"{_WORD} [\w-]{{1,5}}(?: only)?(?: \([^()]*\))?"
    r"|(?:inclusion|exclusion) criteria (?:for|of) [^:]{1,150}[:.]?",
    re.IGNORECASE,
)
#: "For all cohorts:", "Both arms:", "General:"
_GENERAL = re.compile(
    r"(?:for |in )?(?:all|any|both|each|every)(?: \w+)?"
    r" (?:arm|cohort|group|part|participant|patient|subject)s?"
    r"[^:]{0,40}:|(?:common|general|other|overall)\b[^:]{0,40}:",
    re.IGNORECASE,
)


class _Mark(NamedTuple):
    """By what a rule of a group is found again: all folded but its section."""

    group: str
    section: str
    text: str


class _GroupedRule(NamedTuple):
    """A rule below the heading of a group."""

    group: str
    section: str
    text: str
    mark: _Mark


def moved(
    before: Sequence[Rule], after: Sequence[Rule], known: Collection[str]
) -> tuple[list[Rule], list[Rule]]:
    """The rules that a group lost and got which are still, or were already, those of another; each with its
    group: "Cohort A: Aged 1 to 18 years". Only groups that both sides have are compared, and no rule that is
    of the last group on both sides: it may be one for everybody, behind another group now.

    `known`: the texts of rules whose change is known otherwise.
    """
    old, new = list(_grouped(before)), list(_grouped(after))
    groups = {rule.mark.group for rule in old} & {rule.mark.group for rule in new}
    if not groups:
        return [], []
    texts = {rule.mark.text for rule in old} & {rule.mark.text for rule in new}
    texts -= {fold_statement(text) for text in known}
    return _only(old, new, groups, texts), _only(new, old, groups, texts)


def _grouped(rules: Sequence[Rule]) -> Iterator[_GroupedRule]:
    """The rules below the heading of a group, up to a heading for all groups."""
    group = of_section = ""
    for section, text in rules:
        leads = text.endswith(":")
        is_general = leads and _GENERAL.fullmatch(text)
        if section != of_section or is_general:
            group, of_section = "", section
        if not is_general and (_NAMED.fullmatch(text) or (leads and _LEAD.fullmatch(text))):
            group = text
        elif group:
            mark = _Mark(fold_statement(group), section, fold_statement(text))
            yield _GroupedRule(group, section, text, mark)


def _only(
    ours: Sequence[_GroupedRule], theirs: Sequence[_GroupedRule], groups: set[str], texts: set[str]
) -> list[Rule]:
    waiting = Counter(rule.mark for rule in theirs)
    last, last_of_theirs = _of_last_group(ours), {mark[1:] for mark in _of_last_group(theirs)}
    found = []
    for rule in ours:
        mark = rule.mark
        if waiting[mark]:
            waiting[mark] -= 1
        elif (
            mark.group in groups and mark.text in texts and not (mark in last and mark[1:] in last_of_theirs)
        ):
            found.append([rule.section, f"{rule.group.rstrip('.:')}: {rule.text}"])
    return found


def _of_last_group(rules: Sequence[_GroupedRule]) -> set[_Mark]:
    """The rules of the last group in each section."""
    last = {rule.section: rule.mark.group for rule in rules}
    return {rule.mark for rule in rules if rule.mark.group == last[rule.section]}
