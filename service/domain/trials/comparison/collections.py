"""Compares a trial's lists: interventions, phases, outcomes, conditions, contacts."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from service.domain.trials.change import Change, Kind, Level
from service.domain.trials.comparison.statements import AND, statement_key
from service.domain.trials.conditions.abbreviations import abbreviation
from service.domain.trials.conditions.condition import canonical_id
from service.domain.trials.conditions.names import name_key
from service.domain.trials.criteria.diff import is_respelled
from service.domain.trials.criteria.rule_text import Abbreviations, abbreviations, numbers_of
from service.domain.trials.multiset import distinct, leftovers
from service.domain.trials.respelling import in_one_spelling, written_out
from service.domain.trials.spelling import american, singular
from service.domain.trials.text import bare, clean, compact, fold, with_signs_in_words

Snapshot = Mapping[str, Any]

#: The maximum number of pairs of outcomes to compare for respelled words.
_MOST_COMPARED = 400
_BRACKETED = re.compile(r"\s*\([^()]*\)")
# A developer's code: "AZD2936", "MK-3475"; no dose.
_CODED = r"[A-Z][A-Za-z-]{1,7}[ -]?\d[\dA-Za-z-]{1,9}"
_CODE = re.compile(rf"\(({_CODED})\)")
# A code behind a name, or before its names.
_CODE_BEHIND = re.compile(rf" {_CODED}$")
_CODE_WITH_NAMES = re.compile(rf"{_CODED} \(([^()]*)\)")
_OTHER_NAME = re.compile(
    r"(?:^|[,;/] ?)(?!antibody|capsules?|injection|placebo|tablets?|vaccine)([A-Za-z]{6,})(?=$|[,;/])",
    re.IGNORECASE,
)
_PLACEBO = re.compile(r"\b(?:placebo|sham)\b", re.IGNORECASE)
_PHASE = re.compile(r"(EARLY_)?(?:PHASE_?)?([1-4]|I{1,3}|IV)")
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_OTHER_PHASES = {"N/A": "NA", "NOT_APPLICABLE": "NA"}
_BRAND_MARK = re.compile("[®™℠]")
# As some feeds put it before the name: "Drug: Paclitaxel".
_CLASS = re.compile(r"^(?:behaviou?ral|biological|device|drug|genetic|procedure|radiation): ?")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")  # 1,000 is 1000
_WHOLE = re.compile(r"(?<![\d.])(\d+)\.0+(?![\d.])")  # 1.0 is 1
_MILLIONTH = re.compile(r"(?<![^\W\d_])(?:mc|[\u00b5\u03bc])(?=[gl]\b)", re.IGNORECASE)  # mcg, µg
_WORD = re.compile(r"[^\W_]+")
_TITLES = re.compile(r"^(?:(?:dr|mrs?|ms|prof|professor)\b\.?(?: med\b\.?)?,? )+")
_DEGREE = r"b\.?sc|b\.?s\.?n|dr|m\.?d|m\.?p\.?h|m\.?sc|mbbs|ph\.? ?d|pharm\.?d|prof|professor|r\.?n"
_DEGREES = re.compile(rf"(?:[,/ -]+\(?(?:{_DEGREE})\b\.?\)?)+,?$")
#: That something is measured, and not to the day: it says no more.
_MEASURED = re.compile(
    r"\b(?:about|approx(?:imate(?:ly)?)?|assessed|determined|evaluated|measured|using)\b", re.IGNORECASE
)
#: The end of a verb, in any tense: "experiences", "experienced", "occurred".
_TENSE = re.compile(r"(?<=[a-z]{4})(?:(?<=([bdgklmnprt]))\1ed|ed|es|e|s)\b")
_JOINING_WORDS = frozenset({"and", "combination", "in", "plus", "with"})


def read_interventions(snapshot: Snapshot) -> list[str] | None:
    """The names of the interventions, each once; None if unknown."""
    items = snapshot.get("interventions")
    return (
        distinct((clean(item["name"]) for item in items if item.get("name")), intervention_key)
        if items
        else None
    )


def diff_interventions(before: list[str], after: list[str]) -> Change | None:
    """The added and removed interventions.

    The same names listed separately or together are no change, nor is an added or omitted code or
    abbreviation in brackets, a hyphen, a full stop or the mark of a brand. "CTL019" is "tisagenlecleucel
    (CTL019)", and a code is each of the names in brackets behind it.
    """
    gone, new = leftovers(before, after, intervention_key)
    _remove_renamed(gone, new)
    if not gone and not new:
        return None
    if len(gone) != len(new) and _named(gone) == _named(new):
        return None
    return Change(Kind.INTERVENTIONS, Level.MEDIUM, gone, new)


def _remove_renamed(gone: list[str], new: list[str]) -> None:
    """Removes the interventions that are in both lists, on one side in a shorter or another name."""
    by_whole, by_short, left = _by_key(new, _whole_names), _by_key(new, _short_names), set(new)
    for name in list(gone):
        alike = chain(
            (other for key in _short_names(name) for other in by_whole.get(key, ())),
            (other for key in _whole_names(name) for other in by_short.get(key, ())),
        )
        other = next((other for other in alike if other in left), None)
        if other is not None:
            gone.remove(name)
            new.remove(other)
            left.remove(other)


def _by_key(names: Iterable[str], keys_of: Callable[[str], Iterable[str]]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        for key in keys_of(name):
            found.setdefault(key, []).append(name)
    return found


@lru_cache(maxsize=8192)  # asked for several times of each name, and most names are in both versions
def intervention_key(name: str) -> str:
    """The identity of an intervention: its letters, its figures, and what signs mean: "CD34+" is not "CD34-".

    Words are singular and American, Greek letters written out: "IL-2" is "IL2", "β-blockers" "beta blocker".
    "A and B" is "A + B" and "A, B".
    """
    plain = fold(written_out(_MILLIONTH.sub("u", _BRAND_MARK.sub("", name))))
    spelt = with_signs_in_words(in_one_spelling(_CLASS.sub("", plain)))
    parts = bare(AND.sub(" ", _WHOLE.sub(r"\1", _GROUPED.sub("", spelt)))).split()
    return compact(" ".join(american(singular(part)) for part in parts)) or plain


def _short_names(name: str) -> set[str]:
    """The name without what is in brackets, without a code behind it, and its abbreviation or a code that is
    in brackets, but for the code of a placebo's drug; and its whole names."""
    codes = [] if _PLACEBO.search(name) else _CODE.findall(name)
    if short := abbreviation(name):
        codes.append(short)
    plain = _BRACKETED.sub("", name)
    short_names = [plain, _CODE_BEHIND.sub("", plain), *codes]
    return set(map(intervention_key, short_names)) | _whole_names(name)


def _whole_names(name: str) -> set[str]:
    """The names that say all of an intervention: itself, and those in brackets behind a developer's code,
    "BAY2757556 (Larotrectinib, Vitrakvi)"."""
    named = _CODE_WITH_NAMES.fullmatch(name.strip())
    others = [] if named is None or _PLACEBO.search(name) else _OTHER_NAME.findall(named[1])
    return set(map(intervention_key, [name, *others]))


def _named(names: list[str]) -> list[str]:
    words = (word for name in names for word in _WORD.findall(fold(name)))
    return sorted(word for word in words if word not in _JOINING_WORDS)


def read_phases(snapshot: Snapshot) -> list[str] | None:
    """The phases, each once, in order, in one spelling."""
    return sorted(set(map(normalize_phase, snapshot.get("phases") or ()))) or None


def normalize_phase(phase: str) -> str:
    """A phase as `PHASE2`, however it is spelled: "Phase II", or the 2 of "Phase 1/2"."""
    found = _PHASE.fullmatch(phase)
    if found is None:
        return _OTHER_PHASES.get(phase, phase)
    return f"{found[1] or ''}PHASE{_ROMAN.get(found[2], found[2])}"


def read_outcomes(snapshot: Snapshot) -> list[dict[str, str]] | None:
    """The primary outcomes, each once, with their time frames if given."""
    outcomes = [
        {part: clean(value) for part, value in outcome.items()}
        for outcome in snapshot.get("primary_outcomes") or ()
    ]
    return distinct(outcomes, outcome_key) or None


def diff_outcomes(before: list[dict[str, str]], after: list[dict[str, str]]) -> Change | None:
    """The outcomes whose measure or time frame differs."""
    gone, new = leftovers(before, after, outcome_key)
    timed = {outcome_key(outcome)[0]: outcome for outcome in new}
    for outcome in list(gone):
        # An unknown time frame equals any.
        other = timed.get(outcome_key(outcome)[0])
        if other in new and ("time_frame" in outcome) != ("time_frame" in other):
            gone.remove(outcome)
            new.remove(other)
    if len(gone) * len(new) <= _MOST_COMPARED:
        _remove_respelled(gone, new)
    return Change(Kind.PRIMARY_OUTCOMES, Level.LOW, gone, new) if gone or new else None


def _remove_respelled(gone: list[dict[str, str]], new: list[dict[str, str]]) -> None:
    """Removes the outcomes that are in both lists, but for typing mistakes, the order of words, and
    abbreviations that either side defines."""
    known = abbreviations(*(text for outcome in (*gone, *new) for text in outcome.values()))
    for outcome in list(gone):
        other = next((other for other in new if _are_same_outcome(outcome, other, known)), None)
        if other is not None:
            gone.remove(outcome)
            new.remove(other)


def _are_same_outcome(old: Mapping[str, str], now: Mapping[str, str], known: Abbreviations) -> bool:
    """Whether both parts are the same, with their numbers in one order. An unknown time frame equals any; it
    may be a part of the measure: "PFS after 3 years" is "PFS", assessed after 3 years."""
    (measure, time), (other_measure, other_time) = (
        [_MEASURED.sub(" ", outcome.get(part, "")) for part in ("measure", "time_frame")]
        for outcome in (old, now)
    )
    are_same = _is_same_text(measure, other_measure, known)
    if bool(time) != bool(other_time):
        return are_same or _is_same_text(f"{measure} {time}", f"{other_measure} {other_time}", known)
    return are_same and _is_same_text(time, other_time, known)


def _is_same_text(old: str, now: str, known: Abbreviations) -> bool:
    """Whether two texts have the same words, in any tense: results are reported in the past one."""
    if numbers_of(old) != numbers_of(now):
        return False
    return is_respelled(old, now, known) or is_respelled(_TENSE.sub("", old), _TENSE.sub("", now), known)


def outcome_key(outcome: Mapping[str, str]) -> tuple[Hashable, Hashable]:
    """The identity of an outcome: its measure and its time frame."""
    return statement_key(outcome.get("measure", "")), statement_key(outcome.get("time_frame", ""))


def read_conditions(snapshot: Snapshot) -> list[dict[str, str]] | None:
    """The conditions that the trial lists."""
    return list(snapshot.get("conditions") or ()) or None


def diff_conditions(before: list[dict[str, str]], after: list[dict[str, str]]) -> Change | None:
    """The conditions that differ; two are the same by id or by name, since either may be edited alone."""
    old_marks = {mark for condition in before for mark in _condition_marks(condition)}
    new_marks = {mark for condition in after for mark in _condition_marks(condition)}
    gone = [condition for condition in before if new_marks.isdisjoint(_condition_marks(condition))]
    new = [condition for condition in after if old_marks.isdisjoint(_condition_marks(condition))]
    return Change(Kind.CONDITIONS, Level.LOW, gone, new) if gone or new else None


def _condition_marks(condition: Mapping[str, str]) -> set[str]:
    key = name_key(condition["name"])
    # A heading of MeSH beside its everyday name: "Breast Neoplasms" and "Breast Cancer".
    marks = {key, " ".join(sorted(key.replace("neoplasm", "cancer").split()))}
    if "id" in condition:
        marks.add(canonical_id(condition["id"]))
    return marks


def condition_slug(condition: Mapping[str, str]) -> str:
    """The identity of a condition within a difference."""
    return name_key(condition["name"])


def read_contacts(snapshot: Snapshot) -> list[dict[str, str]] | None:
    """The study's contacts."""
    return snapshot.get("contacts") or None


def diff_contacts(before: list[dict[str, str]], after: list[dict[str, str]]) -> Change | None:
    """The contacts that differ."""
    gone, new = leftovers(before, after, contact_key)
    return Change(Kind.CONTACTS, Level.LOW, gone, new) if gone or new else None


def contact_key(contact: Mapping[str, str]) -> tuple[str, str, str]:
    """The identity of a contact: the words of the name, the digits of the number, the address."""
    name = " ".join(sorted(bare(without_titles(contact.get("name", ""))).split()))
    phone = "".join(c for c in contact.get("phone", "").replace("(0)", "") if c.isdigit()).lstrip("0")
    return name, phone, fold(contact.get("email", ""))


def without_titles(name: str) -> str:
    """A person's name folded, without titles and degrees: "Prof. Dr. Franca Rossi, M.D., PhD"."""
    folded = fold(name)
    return _DEGREES.sub("", _TITLES.sub("", folded)) or folded
