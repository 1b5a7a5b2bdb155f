"""Finds rules that moved from one group of people to another: the cohorts, arms or parts of a study.

Registrants write "Cohort A:" above the rules of a group. Rules are compared without it, as groups are renamed
and put in another order; so the same rule in another group would be no change. Rules for everybody often
stand behind those of the last group, without a heading of their own.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

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


def moved(
    before: Sequence[Rule], after: Sequence[Rule], known: Collection[str]
) -> tuple[list[Rule], list[Rule]]:
    """The rules that a group lost and got which are still, or were already, those of another; each with its
    group: "Cohort A: Aged 1 to 18 years". Only groups that both sides have are compared, and no rule that is
    of the last group on both sides: it may be one for everybody, behind another group now.

    `known`: the texts of rules whose change is known otherwise.
    """
    old, new = list(_grouped(before)), list(_grouped(after))
    groups = {fold_statement(group) for group, _ in old} & {fold_statement(group) for group, _ in new}
    if not groups:
        return [], []
    texts = {fold_statement(text) for _, (_, text) in old} & {fold_statement(text) for _, (_, text) in new}
    texts -= {fold_statement(text) for text in known}
    return _only(old, new, groups, texts), _only(new, old, groups, texts)


def _grouped(rules: Sequence[Rule]) -> Iterator[tuple[str, Rule]]:
    """The rules below the heading of a group, each with it, up to a heading for all of them."""
    group = of_section = ""
    for section, text in rules:
        leads = text.endswith(":")
        is_general = leads and _GENERAL.fullmatch(text)
        if section != of_section or is_general:
            group, of_section = "", section
        if not is_general and (_NAMED.fullmatch(text) or (leads and _LEAD.fullmatch(text))):
            group = text
        elif group:
            yield group, [section, text]


def _only(
    ours: Sequence[tuple[str, Rule]], theirs: Sequence[tuple[str, Rule]], groups: set[str], texts: set[str]
) -> list[Rule]:
    waiting = Counter(
        (fold_statement(group), section, fold_statement(text)) for group, (section, text) in theirs
    )
    last, last_of_theirs = _last_groups(ours), _last_groups(theirs)
    ends = {
        (section, fold_statement(text))
        for group, (section, text) in theirs
        if group == last_of_theirs[section]
    }
    found = []
    for group, (section, text) in ours:
        mark = fold_statement(group), section, fold_statement(text)
        if waiting[mark]:
            waiting[mark] -= 1
        elif mark[0] in groups and mark[2] in texts and not (group == last[section] and mark[1:] in ends):
            found.append([section, f"{group.rstrip('.:')}: {text}"])
    return found


def _last_groups(grouped: Sequence[tuple[str, Rule]]) -> dict[str, str]:
    """The last group of each section."""
    return {section: group for group, (section, _) in grouped}
