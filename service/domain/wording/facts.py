"""The main facts of a study beside its status: participants, interventions, places, contacts, dates."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from service.domain.trials.comparison.plain_values import CLOSED
from service.domain.trials.conditions.condition import condition_key, condition_topic, display_name
from service.domain.trials.conditions.names import name_key
from service.domain.trials.registry.record import REGISTRY_URL
from service.domain.trials.sites.countries import country_code
from service.domain.trials.sites.diff import OPEN_STATUSES
from service.domain.trials.sites.facilities import facility_name
from service.domain.trials.text import clean, fold
from service.domain.trials.trial_ids import is_nct_number, shown_number
from service.domain.wording.contacts import contact_line, contact_parts
from service.domain.wording.design import phase, study_type
from service.domain.wording.eligibility import age_range, sex_words
from service.domain.wording.language import Language
from service.domain.wording.place_groups import nearest_countries
from service.domain.wording.places import places
from service.domain.wording.summary import shortened_text
from service.domain.wording.text_diff import shortened

MOST_INTERVENTIONS = 5
MOST_CONTACTS = 2
MOST_CONDITIONS = 6
MOST_OUTLOOK_CHARACTERS = 500

# The registry's types of intervention that are mostly not the subject of a study.
_EXAMINATIONS = frozenset({"PROCEDURE", "DIAGNOSTIC_TEST", "OTHER"})

Snapshot = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a block: a label ("Who can join:") and its text."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a block; its text names the study, so that no two links of a mail have the same text."""

    text: str
    url: str


def facts(snapshot: Snapshot, language: Language, chosen: AbstractSet[str] = frozenset()) -> tuple[Fact, ...]:
    """The known facts, in the order of their importance to readers. `chosen`: the reader's countries.

    Dates are absolute: no fact depends on the present day.
    """
    gettext = language.gettext
    kind, confirmed = snapshot.get("study_type"), snapshot.get("verified_date")
    updated = snapshot.get("registry_last_updated")
    closed = snapshot["status"] in CLOSED
    found = (
        (gettext("Kind of study:"), study_type(kind, language) if kind else ""),
        (gettext("Phase:"), phase(snapshot.get("phases"), language) or ""),
        (gettext("Who could join:") if closed else gettext("Who can join:"), _who(snapshot, language)),
        (gettext("What is tested:"), _tested(snapshot, language)),
        (gettext("Places:"), _where(snapshot, language, chosen)),
        (gettext("Whom to ask:"), _whom(snapshot, language, chosen)),
        (
            gettext("Last confirmed by the study team:"),
            language.date(confirmed) if confirmed else "",
        ),
        (gettext("Last updated:"), language.date(updated) if updated else ""),
    )
    return (*(Fact(label, text) for label, text in found if text), number_fact(snapshot, language))


def number_fact(snapshot: Snapshot, language: Language) -> Fact:
    """The study's number in its registry."""
    return Fact(language.gettext("Registry number:"), shown_number(snapshot["nct_id"]))


def conditions(snapshot: Snapshot, language: Language, topic: str, name: str) -> tuple[tuple[str, ...], int]:
    """The study's conditions as shown, the followed ones first, and how many those are.

    Up to MOST_CONDITIONS, each in its first spelling, then the number of further ones. A followed condition
    includes those of its name or id, and those whose name contains its words ("leukemia": "acute
    lymphoblastic leukemia").
    """
    shown: dict[str, bool] = {}
    spelt: dict[str, str] = {}
    words = set(name_key(name).split())
    for condition in snapshot["conditions"]:
        key = name_key(condition["name"])
        text = spelt.setdefault(key, display_name(condition["name"]))
        is_meant = condition_topic(condition_key(condition)) == topic or (
            topic.startswith("condition:") and bool(words) and words <= set(key.split())
        )
        shown[text] = shown.get(text, False) or is_meant
    ordered = sorted(shown, key=lambda text: not shown[text])
    return tuple(_few(ordered, MOST_CONDITIONS, language, _more_conditions)), min(
        sum(shown.values()), MOST_CONDITIONS
    )


def joined_conditions(followed: Iterable[str], listed: Sequence[str]) -> tuple[str, ...]:
    """A list of `conditions` with those of several followed topics first, as long as before."""
    rest = listed[MOST_CONDITIONS:]
    return (*list(dict.fromkeys((*followed, *listed[:MOST_CONDITIONS])))[:MOST_CONDITIONS], *rest)


def outlook(snapshot: Snapshot, language: Language) -> tuple[Fact, ...]:
    """The website's "What this could mean", where it gives one."""
    given = snapshot.get("outlook") or {}
    labels = {
        "active_substance": language.gettext("Active substance:"),
        "could_lead_to": language.gettext("What this could lead to:"),
        "could_go_wrong": language.gettext("What could go wrong:"),
    }
    return tuple(
        Fact(label, shortened_text(given[part], MOST_OUTLOOK_CHARACTERS))
        for part, label in labels.items()
        if given.get(part)
    )


def links(snapshot: Snapshot, language: Language) -> tuple[Link, ...]:
    """The study's record in the registry and its results, where the ingestor gives their addresses.

    An address of results that are not there yet, as the ingestor says, is not linked.
    """
    number = snapshot["nct_id"]
    results = snapshot.get("results_url") if snapshot.get("has_results") is not False else None
    found = (
        (language.gettext("{number} in the registry"), snapshot.get("registry_url")),
        (language.gettext("Results of {number}"), results),
        (language.gettext("Results of {number} in plain language"), snapshot.get("plain_results_url")),
    )
    return tuple(
        Link(text.format(number=number), url) for text, url in found if url and url != snapshot["url"]
    )


def page_link(snapshot: Snapshot, language: Language) -> Link:
    """The study's page on the website, by its title."""
    text = language.gettext("“{title}” ({number})")
    return Link(
        text.format(title=clean(snapshot["title"]), number=shown_number(snapshot["nct_id"])), snapshot["url"]
    )


def registry_link(snapshot: Snapshot, language: Language) -> tuple[Link, ...]:
    """The study's record in the registry, if its address is given or follows from its number."""
    number = snapshot["nct_id"]
    url = snapshot.get("registry_url")
    if not url and is_nct_number(number):
        url = REGISTRY_URL.format(nct_id=number)
    return (Link(language.gettext("{number} in the registry").format(number=number), url),) if url else ()


def _more(count: int, language: Language) -> str:
    return language.ngettext("and {count} more", "and {count} more", count)


def _more_conditions(count: int, language: Language) -> str:
    return language.ngettext("and {count} more condition", "and {count} more conditions", count)


def _who(snapshot: Snapshot, language: Language) -> str:
    eligibility = snapshot.get("eligibility") or {}
    ages = {"minimum": eligibility.get("minimum_age"), "maximum": eligibility.get("maximum_age")}
    volunteers = language.gettext("healthy volunteers too"), language.gettext("no healthy volunteers")
    sex, healthy = eligibility.get("sex"), eligibility.get("healthy_volunteers")
    parts = (
        age_range(ages, language) if any(ages.values()) else "",
        sex_words(sex, language) if sex else "",
        "" if healthy is None else volunteers[not healthy],
    )
    return _clauses([part for part in parts if part], language)


def _tested(snapshot: Snapshot, language: Language) -> str:
    """The interventions by name; examinations and the like last, since they are seldom the subject."""
    found = [item for item in snapshot.get("interventions") or () if item.get("name")]
    found.sort(key=lambda item: (item.get("type") or "").upper().replace(" ", "_") in _EXAMINATIONS)
    names = {fold(item["name"]): shortened(clean(item["name"])) for item in found}
    return _clauses(_few(list(names.values()), MOST_INTERVENTIONS, language), language)


def _where(snapshot: Snapshot, language: Language, chosen: AbstractSet[str]) -> str:
    if found := _clauses(places(snapshot, language, chosen), language):
        return found
    if snapshot.get("locations") == []:
        return language.gettext("the registry lists none")
    return _on_page(snapshot, language)


def _whom(snapshot: Snapshot, language: Language, chosen: AbstractSet[str]) -> str:
    """Contacts of sites in the reader's countries, then the study's; without any, those of other sites."""
    nearest = nearest_countries(language, chosen)
    near: dict[str, str] = {}
    far: dict[str, str] = {}
    for site in snapshot.get("locations") or ():
        if contact := clean(site.get("contact") or ""):
            facility = facility_name(site.get("facility") or "")
            text = language.isolate(contact)
            text = f"{text} ({language.isolate(facility)})" if facility else text
            (near if country_code(site.get("country") or "") in nearest else far)[contact] = text
    found = near
    for contact in snapshot.get("contacts") or ():
        if text := ", ".join(contact_parts(contact)):
            found.setdefault(text, far.get(text) or contact_line(contact, language))
    shown = _few(list((found or far).values()), MOST_CONTACTS, language)
    return _clauses(shown, language) or _on_page(snapshot, language)


def _clauses(items: Sequence[str], language: Language) -> str:
    """The items with the language's semicolons between them: "a; b", in French "a ; b"."""
    return language.gettext("; ").join(items)


def _on_page(snapshot: Snapshot, language: Language) -> str:
    """A reference to the study's page for unknown facts, if people may want to join it."""
    return language.gettext("see the study’s page") if snapshot["status"] in OPEN_STATUSES else ""


def _few(
    items: Sequence[str],
    most: int,
    language: Language,
    words: Callable[[int, Language], str] = _more,
) -> list[str]:
    """The first `most` items, and the number of further ones in words."""
    more = len(items) - most
    if more <= 0:
        return list(items)
    return [*items[:most], words(more, language).format(count=language.number(more))]
