"""A study's sites by country: the nearest country first, towns as long as they fit, counts for the rest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from service.domain.trials.countries import NAMES, country_code
from service.domain.trials.text import bare, clean
from service.domain.trials.town_names import town_key
from service.domain.wording.language import Language
from service.domain.wording.status import site_status

Site = Mapping[str, str]

ROOM = 200
"""About so many characters of towns are named altogether; sites beyond are counted."""
MOST_COUNTRIES = 8
"""So many countries are named; more are counted."""

# Countries whose people say where something is by state or province.
BY_STATE = frozenset({"US", "CA", "AU"})


class Item(NamedTuple):
    """A town, or a state with its towns or the number of its sites."""

    name: str
    inside: tuple[str, ...] = ()


class Group(NamedTuple):
    """The sites of one country: `size` in all, of which `more` stand in none of the items."""

    country: str
    size: int
    items: tuple[Item, ...]
    more: int


class _Town(NamedTuple):
    name: str
    state: str
    size: int
    status: str


def nearest_countries(language: Language, chosen: AbstractSet[str] = frozenset()) -> frozenset[str]:
    """The reader's countries (ISO 3166 codes): those chosen, or the one of the language (de-AT)."""
    if chosen:
        return frozenset(chosen)
    region = language.code.replace("_", "-").split("-")[-1]
    return frozenset({region}) if region.isupper() and region in NAMES else frozenset()


def country_name(site: Site, language: Language) -> str:
    """A site's country in the reader's language; one that isn't known as the registry writes it, or ""."""
    name = clean(site.get("country") or "")
    code = country_code(name) if name else None
    return language.country(code) if code else name


def groups(
    sites: Sequence[Site], language: Language, nearest: AbstractSet[str], status: str | None = None
) -> tuple[list[Group], int]:
    """The sites by country, and how many countries are left out.

    `nearest` (ISO 3166 codes) come first, then the countries with most sites. With `status` (the study's),
    a town whose sites all have another one carries it.
    """
    by_country: dict[str, list[Site]] = {}
    for site in sites:
        by_country.setdefault(country_name(site, language), []).append(site)
    near = {language.country(code) for code in nearest}
    ordered = sorted(by_country, key=lambda name: (name not in near, -len(by_country[name]), name))
    room, found = ROOM, []
    for name in ordered[:MOST_COUNTRIES]:
        group = _group(name, by_country[name], room, status, language)
        room -= sum(map(_length, group.items))
        found.append(group)
    return found, len(ordered) - len(found)


def _group(country: str, sites: Sequence[Site], room: int, status: str | None, language: Language) -> Group:
    """One country: all of its towns if they fit; else its states or regions, or the first towns, that fit."""
    by_state = country_code(sites[0].get("country") or "") in BY_STATE
    towns = _towns(sites, by_state, status, language)
    items = _by_state(towns) if by_state else [(Item(town.name), town.size) for town in towns]
    kept, covered = _fitting(items, room)
    regions = Counter(clean(site.get("region") or "") for site in sites)
    if len(kept) < len(items) and len(regions) > 1 and "" not in regions:
        ordered = sorted(regions.items(), key=lambda pair: (-pair[1], pair[0]))
        kept, covered = _fitting([(Item(name, (language.number(n),)), n) for name, n in ordered], room)
    if len(kept) < min(len(items), 2):
        return Group(country, len(sites), (), len(sites))
    return Group(country, len(sites), tuple(kept), len(sites) - covered)


def _fitting(items: Sequence[tuple[Item, int]], room: int) -> tuple[list[Item], int]:
    """The first items that fit, and how many sites stand in them."""
    kept, covered = [], 0
    for item, size in items:
        room -= _length(item)
        if room < 0:
            break
        kept.append(item)
        covered += size
    return kept, covered


def _towns(sites: Sequence[Site], by_state: bool, status: str | None, language: Language) -> list[_Town]:
    """The towns of one country in the order of the list, those where the study's own status holds first.

    A town that is written in two ways ("Napoli", "Naples"; or with one postal code) comes once.
    """
    found: dict[tuple[str, str], list[Site]] = {}
    by_code: dict[str, tuple[str, str]] = {}
    by_town: dict[str, tuple[str, str]] = {}
    for site in sites:
        if not (site.get("city") or "").strip():
            continue
        town, code = town_key(site["city"]), bare(site.get("postal_code") or "")
        state = bare(site.get("region") or "") if by_state else ""
        key = by_code.get(code) or (by_town.get(town) if by_state and not state else None) or (town, state)
        by_town.setdefault(town, key)
        if code:
            by_code[code] = key
        found.setdefault(key, []).append(site)
    towns = [
        _Town(
            clean(group[0]["city"]),
            next((clean(site["region"]) for site in group if site.get("region")), ""),
            len(group),
            other_status(group, status, language),
        )
        for group in found.values()
    ]
    return [
        town._replace(name=f"{town.name} ({town.status})") if town.status and not by_state else town
        for town in sorted(towns, key=lambda town: bool(town.status))
    ]


def other_status(sites: Sequence[Site], status: str | None, language: Language) -> str:
    """In words, the status that all of these sites have, and the study has not; "" if there is none."""
    own = {site.get("status") or status for site in sites}
    if not status or None in own or status in own:
        return ""
    return site_status(str(sites[0].get("status")), language) if len(own) == 1 else ""


def _by_state(towns: Sequence[_Town]) -> list[tuple[Item, int]]:
    """The towns by state, with the number of sites; those without a state for themselves, last."""
    states: dict[str, list[_Town]] = {}
    for town in towns:
        states.setdefault(town.state, []).append(town)
    found = []
    for state in sorted(states, key=lambda state: (not state, state)):
        names = [f"{town.name} – {town.status}" if town.status else town.name for town in states[state]]
        if state:
            found.append((Item(state, tuple(names)), sum(town.size for town in states[state])))
        else:
            found += [(Item(name), town.size) for name, town in zip(names, states[state], strict=True)]
    return found


def _length(item: Item) -> int:
    return len(item.name) + sum(len(name) + 2 for name in item.inside) + 2
