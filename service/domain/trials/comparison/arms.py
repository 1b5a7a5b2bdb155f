"""Compares a study's arms (its groups), matched by their interventions too, since labels are respelled."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from service.domain.trials.assignment import Pair, best_assignment
from service.domain.trials.change import Change, Kind, Level
from service.domain.trials.comparison.arm_marks import Marks, contradict, label_in_words, marks_of
from service.domain.trials.comparison.collections import intervention_key
from service.domain.trials.conditions.abbreviations import initials
from service.domain.trials.multiset import joined
from service.domain.trials.sites.diff import OPEN_STATUSES
from service.domain.trials.text import bare, clean

Arm = dict[str, Any]

#: Likeness from which two arms are the same arm, renamed or rewritten.
_ALIKE = 0.6
#: Likeness of arms with the same label or the same long description.
_SURELY_ALIKE = 0.95
#: More than two pairs of arms have that are alike otherwise.
_SAME_LABEL = 3000
_LONG = 40
"""A description of at least this many letters identifies an arm."""
#: The maximum number of pairs to compare; of more, only those with the same label are compared.
_MOST_COMPARED = 10_000
#: Longer labels are not compared by letters: the time for it is quadratic.
_MOST_LETTERS = 200
_ENTRY = r"(?:accrual|additional|enrol\w*|entry|further|new|participants?|patients?|recruit\w*|subjects?)"
_GROUP = r"(?:arm|cohort|group|level|part|phase|step|strat\w+|stud\w+|substud\w+)"
# A closed group, unlike "closed-loop control", a "closed fracture" or skin "closed with staples".
_CLOSED = re.compile(
    rf"\bclosed (?:to|for) (?:\w+ )?{_ENTRY}"
    r"|\bclosed (?:as of|since|effective|due to|early|\d)"
    r"|\bclosed (?:by|per|with|in|under) (?:\w+ )?(?:amendment|protocol)"
    rf"|\b{_GROUP}(?: \w{{1,3}})?(?: (?:is|was|are|were|has been|have been|now))* closed\b"
    r"|\b(?:accrual|enrolment|enrollment|recruitment) (?:is |has )?(?:closed|completed?|ended|stopped)"
    r"|\b(?:no longer (?:enrolling|recruiting|open|accruing)|not (?:open|opened) (?:for|to))\b"
    # In a label: at its end, before a colon or a dash, in brackets or in capitals.
    r"|(?<!eyes )(?<!eye )(?<!mouth )\bclosed(?=\n|[)\]:]|,? [–—-]+ )"
    r"|\b(?-i:CLOSED)\b(?![ -](?:CHAIN|CIRCUIT|FRACTURE|HEAD|INCISION|LABEL|LOOP|REDUCTION|SYSTEM))",
    re.IGNORECASE,
)
# "Arm 1_NSCLC", "Cohort B: sarcoma": a number that was put before a name.
_NUMBER_BEFORE_NAME = re.compile(
    r"^(?:arm|cohort|group|part|stratum) (?:\d{1,2}[a-z]?|[a-z]\d?|i{1,3}|iv|vi{0,3}) (?=\w)"
)
_REOPENED = re.compile(r"\b(?:re-?opened|now open|open (?:to|for) (?:accrual|enrol|recruit))", re.IGNORECASE)


def read_arms(snapshot: Mapping[str, Any]) -> dict[str, Any] | None:
    """The study's status and its arms, with a mark on those whose text contains "closed"; None if unknown."""
    arms = snapshot.get("arms")
    if not arms:
        return None
    return {"status": snapshot["status"], "arms": [_arm(arm) for arm in arms]}


def _arm(arm: Mapping[str, Any]) -> Arm:
    words = "\n".join(clean(arm.get(part, "")) for part in ("label", "description"))
    found: Arm = {part: clean(arm[part]) for part in ("label", "type", "description") if arm.get(part)}
    if arm.get("interventions"):
        found["interventions"] = sorted(clean(name) for name in arm["interventions"])
    if _CLOSED.search(words) and not _REOPENED.search(words):
        found["closed"] = True
    return found


def diff_arms(before: Mapping[str, Any], after: Mapping[str, Any]) -> Change | None:
    """The arms that were added, removed, closed or opened; of a high level while the study recruits.

    A description or label that was only reworded is no change.
    """
    gone, new, turned = split_arms(before["arms"], after["arms"])
    gone, new = [*gone, *(old for old, _ in turned)], [*new, *(now for _, now in turned)]
    if not gone and not new:
        return None
    level = Level.HIGH if after["status"] in OPEN_STATUSES else Level.LOW
    return Change(
        Kind.ARMS,
        level,
        {"status": before["status"], "arms": gone},
        {"status": after["status"], "arms": new},
    )


def join_arms(first: Change, second: Change) -> tuple[Any, Any]:
    """The combined values of two consecutive changes of the arms, between which an arm may be reworded."""
    gone, new = joined(
        (first.before["arms"], first.after["arms"]),
        (second.before["arms"], second.after["arms"]),
        _key,
        _reworded,
    )
    return (
        {"status": first.before["status"], "arms": gone},
        {"status": second.after["status"], "arms": new},
    )


def _reworded(added: Sequence[Arm], removed: Sequence[Arm]) -> list[Pair]:
    pairs = _pairs(added, removed, _SURELY_ALIKE)
    return [pair for pair in pairs if not _has_turned(added, removed, pair)]


def split_arms(
    before: Sequence[Arm], after: Sequence[Arm]
) -> tuple[list[Arm], list[Arm], list[tuple[Arm, Arm]]]:
    """Removed arms, added arms, and (old, new) pairs of arms that closed or opened."""
    pairs = _pairs(before, after, _ALIKE)
    of_before, of_after = {i for i, _ in pairs}, {j for _, j in pairs}
    gone = [arm for i, arm in enumerate(before) if i not in of_before]
    new = [arm for j, arm in enumerate(after) if j not in of_after]
    turned = [(before[i], after[j]) for i, j in pairs if _has_turned(before, after, (i, j))]
    return gone, new, sorted(turned, key=lambda pair: _key(pair[1]))


def _pairs(before: Sequence[Arm], after: Sequence[Arm], least: float) -> list[Pair]:
    """The positions of the arms that are the same, with at least this likeness."""
    left, right = ([_features(arm) for arm in arms] for arms in (before, after))
    by_label: dict[str, list[int]] = {}
    for j, now in enumerate(right):
        by_label.setdefault(now.label, []).append(j)
    every = range(len(right)) if len(left) * len(right) <= _MOST_COMPARED else ()
    scores = {
        (i, j): (1000 if alike < 1 else _SAME_LABEL) + int(100 * alike)
        for i, old in enumerate(left)
        for j in every or by_label.get(old.label, ())
        if (alike := _likeness(old, right[j])) >= least
    }
    return best_assignment(scores)


def _has_turned(before: Sequence[Arm], after: Sequence[Arm], pair: Pair) -> bool:
    """Whether an arm closed or opened."""
    old, now = before[pair[0]], after[pair[1]]
    return bool(old.get("closed")) != bool(now.get("closed"))


def _key(arm: Arm) -> tuple[str, str, bool]:
    return label_in_words(arm.get("label", "")), bare(arm.get("description", "")), bool(arm.get("closed"))


@dataclass(frozen=True)
class _Features:
    """The features by which arms are compared; its label is without "closed"."""

    label: str
    description: str
    interventions: Sequence[str]
    type: str | None

    @cached_property
    def words(self) -> Set[str]:
        return frozenset(self.label.split())

    @cached_property
    def name(self) -> str:
        """The label without the number before it."""
        return _NUMBER_BEFORE_NAME.sub("", self.label)

    @cached_property
    def name_words(self) -> Set[str]:
        return frozenset(self.name.split())

    @cached_property
    def is_numbered(self) -> bool:
        return self.name != self.label

    @cached_property
    def initials(self) -> str:
        return initials(self.name)

    @cached_property
    def marks(self) -> Marks:
        return marks_of(self.label)


def _features(arm: Arm) -> _Features:
    label = " ".join(_CLOSED.sub("", label_in_words(arm.get("label", "")) + "\n").split())
    return _Features(
        label,
        bare(arm.get("description", "")),
        sorted(map(intervention_key, arm.get("interventions", ()))),
        arm.get("type"),
    )


def _likeness(left: _Features, right: _Features) -> float:
    """The likeness of two arms, 0 to 1: the same label, else description and interventions."""
    if left.label and left.label == right.label:
        return 1.0
    if contradict(left.marks, right.marks):
        return 0.0
    described_alike = bool(left.description) and left.description == right.description
    if described_alike and len(left.description) > _LONG:
        return 0.95
    if _has_part_of_name(left, right) or _has_part_of_name(right, left):
        return 0.8  # "Arm I" is "Arm I (standard)"
    same_marks = left.marks.found == right.marks.found
    if not same_marks and left.marks.pattern == right.marks.pattern and not described_alike:
        return 0.0  # "Cohort A" is not "Cohort B", but "Arm 1" may be "Arm A"
    same_labels = _same_letters(left.label, right.label) if same_marks else 0.0
    if left.interventions != right.interventions:
        return 0.9 * same_labels if same_labels > 0.8 else 0.0
    done_alike = bool(left.interventions) and left.type == right.type
    return max(same_labels, 0.65 if done_alike else 0.0)


def _has_part_of_name(left: _Features, right: _Features) -> bool:
    """Whether all words of one label are in the other, or it is an abbreviation of that. A number that one of
    them alone has before its name is no word.
    """
    if not left.name:
        return False
    if left.words <= right.words or left.name == right.initials:
        return True
    return left.is_numbered != right.is_numbered and left.name_words <= right.name_words


def _same_letters(label: str, other: str) -> float:
    """The share of letters that two labels have in the same order; 0 if it can't be that of the same arm."""
    if max(len(label), len(other)) > _MOST_LETTERS:
        return 0.0
    matcher = SequenceMatcher(None, label, other, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    return matcher.ratio()
