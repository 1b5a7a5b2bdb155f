"""A study's places in few words: its sites one by one, or by country with towns."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from service.domain.trials.sites.countries import country_code
from service.domain.trials.sites.diff import OPEN_STATUSES, PAST_STATUSES
from service.domain.trials.sites.facilities import facility_name
from service.domain.trials.sites.town_names import town_key
from service.domain.trials.text import bare, clean
from service.domain.wording.language import Language
from service.domain.wording.place_groups import (
    BY_STATE,
    Group,
    Site,
    country_name,
    groups,
    nearest_countries,
    other_status,
)

FEW = 3
"""Up to this many sites are shown one by one, with the facility's name."""


def places(
    snapshot: Mapping[str, Any], language: Language, chosen: AbstractSet[str] = frozenset()
) -> tuple[str, ...]:
    """A study's places, the reader's countries first (`chosen`, as ISO 3166 codes, or the language's).

    While the study is open, a site's own status is shown if it differs from the study's, and sites that no
    longer take part are omitted if there are others.
    """
    nearest = nearest_countries(language, chosen)
    status = snapshot["status"] if snapshot["status"] in OPEN_STATUSES else None
    sites = [
        site
        for site in snapshot.get("locations") or ()
        if any(site.get(part) for part in ("facility", "city", "country"))
    ]
    if status:
        sites = [site for site in sites if site.get("status") not in PAST_STATUSES] or sites
    shown = _one_by_one(sites, language, nearest, status) if len(sites) <= 2 * FEW else ()
    if 0 < len(shown) <= FEW or not sites:
        return shown
    found, countries_left = groups(sites, language, nearest, status)
    named = [_line(group, language) for group in found]
    if countries_left:
        more = language.ngettext("and {count} more country", "and {count} more countries", countries_left)
        named.append(more.format(count=language.number(countries_left)))
    return tuple(named)


def _one_by_one(
    sites: Sequence[Site], language: Language, nearest: AbstractSet[str], status: str | None
) -> tuple[str, ...]:
    """A line per site; the same facility in the same town, in any spelling, is listed once."""
    shown: dict[tuple[str, ...], str] = {}
    for site in sorted(sites, key=lambda site: country_code(site.get("country") or "") not in nearest):
        facility = bare(facility_name(site.get("facility") or ""))
        key = facility, town_key(site.get("city") or ""), site.get("country") or ""
        words = other_status((site,), status, language)
        line = place(site, language)
        shown.setdefault(key, f"{line} ({words})" if words else line)
    return tuple(shown.values())


def place(site: Mapping[str, str], language: Language) -> str:
    """A site in a line: facility, town, state where places are given by state, country.

    A placeholder for the facility is left out where the rest says a place; a town is not repeated after a
    facility's name that ends with it.
    """
    written, city, region = (clean(site.get(part) or "") for part in ("facility", "city", "region"))
    country = country_name(site, language)
    facility = facility_name(written) or ("" if city or country else written)
    named = city and re.search(rf"[,(–-]\s*{re.escape(city)}\)?$", facility, re.IGNORECASE)
    state = region if country_code(site.get("country") or "") in BY_STATE else ""
    return language.gettext(", ").join(
        dict.fromkeys(part for part in (facility, "" if named else city, state, country) if part)
    )


def sites_in_words(sites: Sequence[Site], language: Language) -> str:
    """Many sites within a sentence: "Italy (3: Roma, Milano) and France (4)".

    A single country without towns has no number, since the sentence has just given it.
    """
    found, countries_left = groups(sites, language, nearest_countries(language))
    shown = [_in_brackets(group, len(found) == 1, language) for group in found]
    more = more_countries(countries_left, language)
    return language.list([*shown, more] if more else shown)


def more_countries(count: int, language: Language) -> str:
    """The number of omitted countries in words, "" if none."""
    if count <= 0:
        return ""
    text = language.ngettext("{count} more country", "{count} more countries", count)
    return text.format(count=language.number(count))


def _line(group: Group, language: Language) -> str:
    """A country as a line: "Italy: Roma and 3 more", "Canada: Ontario (Toronto)", "France: 4 places"."""
    if not group.items:
        return _counted(group, language)
    comma = language.gettext(", ")
    items = [
        f"{language.isolate(name)} ({comma.join(map(language.isolate, inside))})"
        if inside
        else language.isolate(name)
        for name, inside in group.items
    ]
    text = comma.join(items) + _more(group.more, language)
    heading = _heading(group)
    return f"{language.label(heading)} {text}" if heading else text


def _heading(group: Group) -> str:
    """The country, with the sites' own status if it differs from the study's."""
    return f"{group.country} ({group.status})".strip() if group.status else group.country


def _in_brackets(group: Group, is_alone: bool, language: Language) -> str:
    country = group.country or language.gettext("country not given")
    if not group.items:
        return country if is_alone else f"{country} ({language.number(group.size)})"
    comma, semicolon = language.gettext(", "), language.gettext("; ")
    items = [
        f"{language.label(name)} {comma.join(map(language.isolate, inside))}"
        if inside
        else language.isolate(name)
        for name, inside in group.items
    ]
    between = semicolon if any(inside for _, inside in group.items) else comma
    count = "" if is_alone or group.size == 1 else f"{language.label(language.number(group.size))} "
    return f"{country} ({count}{between.join(items)}{_more(group.more, language)})"


def _counted(group: Group, language: Language) -> str:
    if not _heading(group):
        text = language.ngettext("{count} place", "{count} places", group.size)
        return text.format(count=language.number(group.size))
    text = language.ngettext("{country}: {count} place", "{country}: {count} places", group.size)
    return text.format(country=_heading(group), count=language.number(group.size))


def _more(count: int, language: Language) -> str:
    if not count:
        return ""
    text = language.ngettext("and {count} more", "and {count} more", count)
    return " " + text.format(count=language.number(count))
