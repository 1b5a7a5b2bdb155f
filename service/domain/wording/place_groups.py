"""A study's sites by country: the nearest country first, towns as long as they fit, counts for the rest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from service.domain.trials.sites.countries import NAMES, country_code
from service.domain.trials.sites.town_names import town_key
from service.domain.trials.text import bare, clean
from service.domain.wording.language import Language
from service.domain.wording.status import site_status

Site = Mapping[str, str]
_Town = list[Site]

ROOM = 200
"""The approximate number of characters for towns; further sites are counted."""
MOST_COUNTRIES = 8
"""Up to this many countries are named; more are counted."""

#: The countries whose readers mostly read these languages, for a language without a region. English has none.
READ_IN = {
    "de": "DE AT CH LI LU",
    "fr": "FR BE CH LU MC",
    "it": "IT CH SM",
    "es": "ES AR BO CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV UY VE",
    "ar": "AE BH DZ EG IQ JO KW LB LY MA OM PS QA SA SD SY TN YE",
}

# Countries where places are usually given by state or province.
BY_STATE = frozenset({"US", "CA", "AU"})


class Item(NamedTuple):
    """A town, or a state with its towns or the number of its sites."""

    name: str
    inside: tuple[str, ...] = ()


class Group(NamedTuple):
    """Sites of one country and one status: `size` in all, of which `more` are in none of the items.

    `status` is in words, "" where it is the study's own.
    """

    country: str
    status: str
    size: int
    items: tuple[Item, ...]
    more: int


def nearest_countries(language: Language, chosen: AbstractSet[str] = frozenset()) -> frozenset[str]:
    """The reader's countries (ISO 3166 codes): those chosen, that of the locale (de-AT), or READ_IN."""
    if chosen:
        return frozenset(chosen)
    first, *others = language.code.replace("_", "-").split("-")
    if others and others[-1].isupper() and others[-1] in NAMES:
        return frozenset({others[-1]})
    return frozenset(READ_IN.get(first, "").split())


def country_name(site: Site, language: Language) -> str:
    """A site's country in the reader's language; an unknown one as the registry writes it, or ""."""
    name = clean(site.get("country") or "")
    code = country_code(name) if name else None
    return language.country(code) if code else name


def groups(
    sites: Sequence[Site], language: Language, nearest: AbstractSet[str], status: str | None = None
) -> tuple[list[Group], int]:
    """The sites by country, and the number of omitted countries.

    `nearest` (ISO 3166 codes) come first, then the countries with most sites. With `status` (the study's),
    towns whose sites have another one form a group of their own.
    """
    by_country: dict[str, list[Site]] = {}
    for site in sites:
        by_country.setdefault(country_name(site, language), []).append(site)
    near = {language.country(code) for code in nearest}
    ordered = sorted(by_country, key=lambda name: (name not in near, -len(by_country[name]), name))
    room, found = ROOM, []
    for country in ordered[:MOST_COUNTRIES]:
        by_state = country_code(by_country[country][0].get("country") or "") in BY_STATE
        by_status: dict[str, list[_Town]] = {"": []}
        for town in _towns(by_country[country], by_state):
            by_status.setdefault(other_status(town, status, language), []).append(town)
        for words, towns in by_status.items():
            if towns:
                items, size, more = _items(towns, by_state, room, language)
                room -= sum(map(_length, items))
                found.append(Group(country, words, size, tuple(items), more))
    return found, max(0, len(ordered) - MOST_COUNTRIES)


def other_status(sites: Sequence[Site], status: str | None, language: Language) -> str:
    """The status, in words, that all of these sites have and the study has not; "" if there is none."""
    own = {site.get("status") or status for site in sites}
    if not status or status in own or len(own) > 1:
        return ""
    return site_status(str(sites[0].get("status")), language)


def _items(
    towns: Sequence[_Town], by_state: bool, room: int, language: Language
) -> tuple[list[Item], int, int]:
    """All towns if they fit; else as many states or regions, or towns, as fit.

    Also the number of sites, and of those in no item.
    """
    size = sum(map(len, towns))
    named = [town for town in towns if _name(town)]
    items = _by_state(named) if by_state else [(Item(_name(town)), len(town)) for town in named]
    shown, covered = _fitting(items, room)
    regions: Counter[str] = Counter()
    if len(shown) < len(items):
        regions.update(clean(site.get("region") or "") for town in towns for site in town)
    if len(regions) > 1 and "" not in regions:
        ordered = sorted(regions.items(), key=lambda pair: (-pair[1], pair[0]))
        shown, covered = _fitting([(Item(name, (language.number(n),)), n) for name, n in ordered], room)
    if len(shown) < min(len(items), 2):
        return [], size, size
    return shown, size, size - covered


def _fitting(items: Sequence[tuple[Item, int]], room: int) -> tuple[list[Item], int]:
    """The first items that fit, and the number of their sites."""
    shown, covered = [], 0
    for item, size in items:
        room -= _length(item)
        if room < 0:
            break
        shown.append(item)
        covered += size
    return shown, covered


def _towns(sites: Sequence[Site], by_state: bool) -> list[_Town]:
    """The sites of one country by town, in the order of the list; those without a town one by one.

    A town in two spellings ("Napoli", "Naples"; or with the same postal code) is listed once.
    """
    found: dict[tuple[str, str], _Town] = {}
    by_code: dict[str, tuple[str, str]] = {}
    by_town: dict[str, tuple[str, str]] = {}
    for number, site in enumerate(sites):
        town, code = town_key(site.get("city") or ""), bare(site.get("postal_code") or "")
        state = bare(site.get("region") or "") if by_state else ""
        if not town:
            key = ("", str(number))
        else:
            key = (
                by_code.get(code) or (by_town.get(town) if by_state and not state else None) or (town, state)
            )
            by_town.setdefault(town, key)
            if code:
                by_code[code] = key
        found.setdefault(key, []).append(site)
    return list(found.values())


def _name(town: _Town) -> str:
    return clean(town[0].get("city") or "")


def _by_state(towns: Sequence[_Town]) -> list[tuple[Item, int]]:
    """The towns by state, with the number of sites; those without a state by themselves, last."""
    states: dict[str, list[_Town]] = {}
    for town in towns:
        state = next((clean(site["region"]) for site in town if site.get("region")), "")
        states.setdefault(state, []).append(town)
    found = []
    for state in sorted(states, key=lambda state: (not state, state)):
        if state:
            item = Item(state, tuple(map(_name, states[state])))
            found.append((item, sum(map(len, states[state]))))
        else:
            found += [(Item(_name(town)), len(town)) for town in states[state]]
    return found


def _length(item: Item) -> int:
    return len(item.name) + sum(len(name) + 2 for name in item.inside) + 2
