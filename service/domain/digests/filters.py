"""A subscription's filters, and the changes that pass them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.domain.json_schema import Schema, boolean, list_of, text, whole_number
from service.domain.trials.ages import admits
from service.domain.trials.change import Change, Kind, Level
from service.domain.trials.events.snapshot import FieldProblem
from service.domain.trials.news.announcements import (
    ANNOUNCEMENTS,
    OPEN_TO_PARTICIPANTS,
    countries,
    opens,
    still_announceable,
)
from service.domain.trials.sites.countries import country_code
from service.domain.trials.sites.diff import diff_sites
from service.domain.wording.messages import lazy_gettext as _

_ALWAYS = (Kind.REMOVED, Kind.MERGED)
_OLDEST = 130

#: Kinds that the preferences page does not offer: they are reported with any of these.
_COVERED_BY = {
    Kind.PLAIN_RESULTS: {Kind.RESULTS},
    Kind.SEX: {Kind.CRITERIA},
    Kind.HEALTHY_VOLUNTEERS: {Kind.CRITERIA},
    Kind.EXPANDED_ACCESS: {Kind.STATUS},
    Kind.START_DATE: {Kind.STATUS},
    Kind.ARMS: {Kind.STATUS, Kind.INTERVENTIONS},
    Kind.STUDY_TYPE: {Kind.INTERVENTIONS},
    Kind.PHASES: {Kind.INTERVENTIONS},
    Kind.PRIMARY_COMPLETION_DATE: {Kind.COMPLETION_DATE},
}

#: Kinds that are reported to every reader who wants small changes, whatever else they chose.
_SMALL = frozenset(
    {
        Kind.ENROLLMENT,
        Kind.PRIMARY_OUTCOMES,
        Kind.DESIGN,
        Kind.CONDITIONS,
        Kind.CONTACTS,
        Kind.TITLE,
        Kind.SPONSOR,
    }
)


class InvalidFilters(ValueError):
    """Filters that can't be read; `problems` names every field and what is wrong."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Filters:
    """A subscription's filters; everything passes an empty one.

    `countries` (ISO 3166 codes), `only_open` and `age` (completed years) choose trials for a condition's
    follower; for the follower of a trial, `countries` selects its sites and the others have no effect.
    `kinds` are the kinds of change to report, with those that they cover; a condition's followers choose
    between NEW_FOR_CONDITION (which includes trials that newly pass the other filters) and NOW_RECRUITING.
    Removals and mergers always pass.
    """

    countries: frozenset[str] = frozenset()
    only_open: bool = False
    kinds: frozenset[Kind] = frozenset()
    age: int | None = None

    def as_mapping(self) -> dict[str, Any]:
        """The filters as JSON, as `read_filters` takes them; only those that are set."""
        written: dict[str, Any] = {}
        if self.countries:
            written["countries"] = sorted(self.countries)
        if self.only_open:
            written["only_open"] = True
        if self.kinds:
            written["kinds"] = sorted(self.kinds)
        if self.age is not None:
            written["age"] = self.age
        return written


NO_FILTERS = Filters()

#: The filters of a request, as `read_filters` reads them.
SCHEMA: dict[str, Schema] = {
    "countries": list_of(text("An ISO 3166 code or a name."), examples=[["IT"]]),
    "only_open": boolean(description="Only studies that are taking participants."),
    "kinds": list_of(
        text(enum=[str(kind) for kind in Kind]),
        description="Only this news. Of a condition: new_for_condition (new studies) and "
        "now_recruiting (known studies that start, or start again, to take participants); of a "
        "study: all others, and some cover others: results those in plain language, criteria who can join by "
        "sex. That a study was removed or merged is always reported.",
    ),
    "age": whole_number(minimum=0, maximum=_OLDEST, description="In completed years."),
}


def read_filters(mapping: Mapping[str, Any] | None) -> Filters:
    """Reads filters from a request or the store; unknown keys are problems. Raises InvalidFilters.

    Countries may be codes or names; a single value is read as a list of one.
    """
    if not mapping:
        return NO_FILTERS
    if not isinstance(mapping, Mapping):
        raise InvalidFilters((("filters", _("Filters are given as an object.")),))
    problems: list[FieldProblem] = [
        (str(key), _("There is no such filter. There are these: {names}.", names=", ".join(SCHEMA)))
        for key in mapping
        if key not in SCHEMA
    ]
    read = Filters(
        _countries(mapping.get("countries"), problems),
        _flag(mapping.get("only_open"), problems),
        _kinds(mapping.get("kinds"), problems),
        _age(mapping.get("age"), problems),
    )
    if problems:
        raise InvalidFilters(tuple(problems))
    return read


def stored_filters(stored: Any) -> Filters | None:
    """The filters in a subscription's row; None if they can't be read."""
    try:
        return read_filters(stored)
    except InvalidFilters:
        return None


def _is_chosen(filters: Filters, kind: Kind) -> bool:
    return kind in filters.kinds or not filters.kinds.isdisjoint(_COVERED_BY.get(kind, ()))


def narrowed(
    filters: Filters, change: Change, snapshot: Mapping[str, Any], *, small_changes: bool = False
) -> Change | None:
    """The part of a change that passes the filters, such as sites in their countries; None if none does.

    `small_changes`: the person wants these too.
    """
    if change.kind in _ALWAYS:
        return change
    if change.kind in ANNOUNCEMENTS:
        return _announced(filters, change, snapshot)
    if filters.kinds and not (_is_chosen(filters, change.kind) or (small_changes and change.kind in _SMALL)):
        return None
    if change.kind is Kind.SITES and filters.countries:
        return _sites_in(filters.countries, change)
    return change


def matches(filters: Filters, facets: Mapping[str, Any]) -> bool:
    """Whether a trial with these facets (see `filter_facets`) passes the filters."""
    if filters.countries and filters.countries.isdisjoint(facets["countries"]):
        return False
    if filters.only_open and facets["status"] not in OPEN_TO_PARTICIPANTS:
        return False
    return filters.age is None or admits(facets, filters.age)


def _announced(filters: Filters, change: Change, snapshot: Mapping[str, Any]) -> Change | None:
    """The announcement as it passes the filters, evaluated for the trial's newest snapshot."""
    eligibility = snapshot.get("eligibility") or {}
    now = {
        "status": snapshot["status"],
        "countries": countries(snapshot),
        "minimum_age": eligibility.get("minimum_age"),
        "maximum_age": eligibility.get("maximum_age"),
    }
    if not still_announceable(change, now["status"]) or not matches(filters, now):
        return None
    new, opening = (
        not filters.kinds or kind in filters.kinds for kind in (Kind.NEW_FOR_CONDITION, Kind.NOW_RECRUITING)
    )
    change = replace(change, after={**change.after, "status": now["status"]})
    if change.kind is Kind.NEW_FOR_CONDITION:
        return change if new else None
    if opening and opens(change.before, now):
        return replace(change, kind=Kind.NOW_RECRUITING, level=Level.HIGH)
    # Countries and age, not `only_open`: that is the other kind.
    if new and not matches(filters, {**change.before, "status": now["status"]}):
        return replace(change, kind=Kind.NOW_MATCHES, level=Level.HIGH)
    return None


def _sites_in(countries: frozenset[str], change: Change) -> Change | None:
    def within(sites: list[dict[str, str]]) -> list[dict[str, str]]:
        return [site for site in sites if country_code(site.get("country", "")) in countries]

    gone, new = within(change.before["sites"]), within(change.after["sites"])
    # The others may have made its level.
    return diff_sites({**change.before, "sites": gone}, {**change.after, "sites": new})


def _texts(value: Any, field: str, problems: list[FieldProblem]) -> list[str]:
    if value is None or value == "":
        return []
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, (list, tuple, set, frozenset)) or not all(
        isinstance(item, str) for item in items
    ):
        problems.append((field, _("Give this as a list of texts.")))
        return []
    return list(items)


def _countries(value: Any, problems: list[FieldProblem]) -> frozenset[str]:
    codes = set()
    for name in _texts(value, "countries", problems):
        code = country_code(name)
        if code is None:
            problems.append(
                (
                    "countries",
                    _(
                        "This is not a known country: {name}. Try its two-letter code, such as IT.",
                        name=name[:60],
                    ),
                )
            )
        else:
            codes.add(code)
    return frozenset(codes)


def _kinds(value: Any, problems: list[FieldProblem]) -> frozenset[Kind]:
    names = _texts(value, "kinds", problems)
    unknown = [name for name in names if name not in Kind.__members__.values()]
    if unknown:
        problems.append(
            (
                "kinds",
                _(
                    "This is not a kind of change: {name}. There are these: {names}.",
                    name=unknown[0][:60],
                    names=", ".join(Kind),
                ),
            )
        )
        return frozenset()
    return frozenset(Kind(name) for name in names)


def _flag(value: Any, problems: list[FieldProblem]) -> bool:
    if isinstance(value, bool) or value is None:
        return bool(value)
    if isinstance(value, str) and value.lower() in ("on", "true", "1", "yes", "", "off", "false", "0", "no"):
        return value.lower() in ("on", "true", "1", "yes")
    problems.append(("only_open", _("Give true or false.")))
    return False


def _age(value: Any, problems: list[FieldProblem]) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.isdecimal() and len(value) < 4:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _OLDEST:
        problems.append(("age", _("Give the age in whole years, from 0 to {most}.", most=_OLDEST)))
        return None
    return value
