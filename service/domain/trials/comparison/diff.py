"""Compares two snapshots of a trial: all material differences, without noise.

A new kind of change needs a Kind in `change`, a Field in FIELDS here and a sentence in `sentences`.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.domain.trials.change import Change, Kind, Level
from service.domain.trials.comparison.age_limits import diff_ages, join_ages, read_ages
from service.domain.trials.comparison.arms import diff_arms, join_arms, read_arms
from service.domain.trials.comparison.collections import (
    condition_slug,
    contact_key,
    diff_conditions,
    diff_contacts,
    diff_interventions,
    diff_outcomes,
    intervention_key,
    outcome_key,
    read_conditions,
    read_contacts,
    read_interventions,
    read_outcomes,
    read_phases,
    without_titles,
)
from service.domain.trials.comparison.plain_values import (
    date_diff,
    diff_design,
    diff_enrollment,
    diff_expanded_access,
    diff_plain_results,
    diff_results,
    diff_status,
    from_eligibility,
    join_design,
    read_design,
    read_expanded_access,
    read_plain_results,
    read_sex,
    read_status,
    read_study_type,
    read_typed,
    value_diff,
)
from service.domain.trials.comparison.statements import statement_key
from service.domain.trials.conditions.abbreviations import without_abbreviation
from service.domain.trials.criteria.diff import diff_criteria, join_criteria, read_criteria
from service.domain.trials.multiset import joined
from service.domain.trials.respelling import in_one_spelling
from service.domain.trials.sites.diff import OPEN_STATUSES, diff_sites, join_sites, read_sites
from service.domain.trials.spelling import american
from service.domain.trials.text import bare, clean, compact, fold, with_signs_in_words

Snapshot = Mapping[str, Any]

DATES = frozenset({Kind.START_DATE, Kind.PRIMARY_COMPLETION_DATE, Kind.COMPLETION_DATE})


@dataclass(frozen=True, slots=True)
class Field:
    """The comparison for one kind of change: the snapshot's keys that it reads, their value, and its diff.

    `read` returns None for an unknown value, which is never compared. `diff` takes two known values and
    returns the change to report, if any. `join` combines the values of two consecutive changes.
    """

    kind: Kind
    keys: tuple[str, ...]
    read: Callable[[Snapshot], Any]
    diff: Callable[[Any, Any], Change | None]
    join: Callable[[Change, Change], tuple[Any, Any]] = lambda first, second: (first.before, second.after)


def diff(before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """The material changes from one snapshot to the next, in the order of `Kind`.

    Both are results of `read_snapshot`. Whether anybody may be notified is decided by `may_notify`.
    """
    found: list[Change] = []
    differing = {key for key in KEYS if before.get(key) != after.get(key)}
    if not differing:
        return ()
    for field in FIELDS:
        if differing.isdisjoint(field.keys):
            continue
        old, new = field.read(before), field.read(after)
        if old is not None and new is not None and old != new:
            change = field.diff(old, new)
            if change is not None:
                found.append(change)
    return in_context(found, after["status"])


def in_context(changes: Iterable[Change], status: str) -> tuple[Change, ...]:
    """The same changes, with levels that depend on each other and on the study's status.

    A new planned date is of a low level by itself, but not beside a new status; nor is the start date of a
    study that people wait to join.
    """
    changes = tuple(changes)
    has_status = any(change.kind is Kind.STATUS for change in changes)
    return tuple(
        replace(change, level=Level.LOW)
        if change.level is Level.MEDIUM
        and change.kind in DATES
        and "ACTUAL" not in (change.before.get("type"), change.after.get("type"))
        and not has_status
        and not (change.kind is Kind.START_DATE and status in OPEN_STATUSES)
        else change
        for change in changes
    )


def squash(changes: Sequence[Change]) -> Change | None:
    """Combines consecutive changes of one kind: first `before`, last `after`; None if these are equal."""
    together, *rest = changes
    field = BY_KIND[together.kind]
    for change in rest:
        before, after = field.join(together, change)
        together = replace(together, before=before, after=after)
    return field.diff(together.before, together.after) if together.before != together.after else None


def still_holds(missed: Change, later: Change) -> Change | None:
    """The part of a missed change that a later one of its kind has not replaced; None if there is none.

    Nothing of a single value; of a list the items that the later change did not undo.
    """
    before, after = _items(missed.before), _items(missed.after)
    if before is None or after is None:
        return None
    field = BY_KIND[missed.kind]
    gone, new = (_items(value) or [] for value in field.join(missed, later))
    before = [item for item in before if item in gone]
    after = [item for item in after if item in new]
    if not before and not after:
        return None
    return field.diff(_with_items(missed.before, before), _with_items(missed.after, after))


def _items(value: Any) -> list[Any] | None:
    """The items of a change's value that is a list, or holds one beside the status; None for any other."""
    if isinstance(value, dict):
        value = value.get("sites", value.get("arms"))
    return list(value) if isinstance(value, (list, tuple)) else None


def _with_items(value: Any, items: list[Any]) -> Any:
    if not isinstance(value, dict):
        return items
    return {**value, "sites" if "sites" in value else "arms": items}


# Lists


def _join_lists(key: Callable[[Any], Hashable]) -> Callable[[Change, Change], tuple[Any, Any]]:
    return lambda first, second: joined((first.before, first.after), (second.before, second.after), key)


# Words


def _diff_words(kind: Kind, *keys: Callable[[str], Hashable]) -> Callable[[str, str], Change | None]:
    """The comparison of texts that are the same by any of `keys`."""

    def compare(before: str, after: str) -> Change | None:
        if any(key(before) == key(after) for key in keys):
            return None
        return Change(kind, Level.LOW, clean(before), clean(after))

    return compare


# Words of a company's name that say what it is by law, and an article.
_LEGAL_WORDS = """
ab ag as bv co company corp corporation gmbh inc incorporated kg limited llc lp ltd nv plc pty sa sarl sas spa
srl the
"""
_LEGAL_FORMS = frozenset(_LEGAL_WORDS.split())


def _organization(name: str) -> str:
    """A sponsor's name, which may be a person's: "Merck Sharp & Dohme LLC" is "Merck Sharp & Dohme Corp."."""
    spelt = bare(in_one_spelling(without_abbreviation(without_titles(name)))).split()
    return "".join(american(word) for word in spelt if word not in _LEGAL_FORMS) or _letters(name)


def _letters(text: str) -> str:
    """A title or a name without its punctuation, but for what signs mean."""
    return compact(with_signs_in_words(fold(text)).replace("&", " and "))


def _date_field(kind: Kind, key: str) -> Field:
    return Field(kind, (key,), read_typed(key), date_diff(kind))


FIELDS = (
    Field(Kind.STATUS, ("status", "why_stopped"), read_status, diff_status),
    Field(Kind.RESULTS, ("has_results",), lambda snapshot: snapshot.get("has_results"), diff_results),
    Field(Kind.PLAIN_RESULTS, ("plain_results_url",), read_plain_results, diff_plain_results),
    Field(Kind.AGES, ("eligibility",), read_ages, diff_ages, join_ages),
    Field(Kind.SEX, ("eligibility",), read_sex, value_diff(Kind.SEX, Level.HIGH)),
    Field(Kind.EXPANDED_ACCESS, ("expanded_access",), read_expanded_access, diff_expanded_access),
    Field(Kind.ARMS, ("arms",), read_arms, diff_arms, join_arms),
    Field(Kind.SITES, ("locations",), read_sites, diff_sites, join_sites),
    Field(Kind.CRITERIA, ("eligibility",), read_criteria, diff_criteria, join_criteria),
    Field(
        Kind.HEALTHY_VOLUNTEERS,
        ("eligibility",),
        from_eligibility("healthy_volunteers"),
        value_diff(Kind.HEALTHY_VOLUNTEERS, Level.MEDIUM),
    ),
    Field(
        Kind.INTERVENTIONS,
        ("interventions",),
        read_interventions,
        diff_interventions,
        _join_lists(intervention_key),
    ),
    Field(
        Kind.STUDY_TYPE,
        ("study_type",),
        read_study_type,
        value_diff(Kind.STUDY_TYPE, Level.MEDIUM),
    ),
    Field(Kind.PHASES, ("phases",), read_phases, value_diff(Kind.PHASES, Level.MEDIUM)),
    _date_field(Kind.START_DATE, "start_date"),
    _date_field(Kind.PRIMARY_COMPLETION_DATE, "primary_completion_date"),
    _date_field(Kind.COMPLETION_DATE, "completion_date"),
    Field(Kind.ENROLLMENT, ("enrollment",), read_typed("enrollment"), diff_enrollment),
    Field(
        Kind.PRIMARY_OUTCOMES,
        ("primary_outcomes",),
        read_outcomes,
        diff_outcomes,
        _join_lists(outcome_key),
    ),
    Field(Kind.DESIGN, ("allocation", "masking"), read_design, diff_design, join_design),
    Field(Kind.CONDITIONS, ("conditions",), read_conditions, diff_conditions, _join_lists(condition_slug)),
    Field(Kind.CONTACTS, ("contacts",), read_contacts, diff_contacts, _join_lists(contact_key)),
    Field(
        Kind.TITLE,
        ("title",),
        lambda snapshot: snapshot.get("title"),
        _diff_words(Kind.TITLE, _letters, statement_key),
    ),
    Field(
        Kind.SPONSOR,
        ("sponsor",),
        lambda snapshot: snapshot.get("sponsor"),
        _diff_words(Kind.SPONSOR, _letters, _organization),
    ),
)
KEYS = tuple(dict.fromkeys(key for field in FIELDS for key in field.keys))
BY_KIND = {field.kind: field for field in FIELDS}
