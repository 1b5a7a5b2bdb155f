"""Where a study takes place, in few words: its sites one by one, or counted by country when they are many."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from service.domain.trials.countries import country_code
from service.domain.trials.text import clean
from service.domain.wording.language import Language

FEW = 3
MOST_COUNTRIES = 8


def places(
    snapshot: Mapping[str, Any], language: Language, nearest: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """A study's places, those in the countries of `nearest` (ISO 3166 codes) first."""
    locations = snapshot.get("locations") or []
    named = [
        location
        for location in locations
        if any(location.get(part) for part in ("facility", "city", "country"))
    ]
    ordered = sorted(named, key=lambda location: not _is_near(location, nearest))
    if len(ordered) <= FEW:
        return tuple(dict.fromkeys(place(location, language) for location in ordered))
    near = {language.country(code) for code in nearest}
    counts = Counter(country_name(location, language) for location in ordered)
    countries = sorted(counts, key=lambda name: (name not in near, -counts[name], name))
    shown = [_counted(name, counts[name], language) for name in countries[:MOST_COUNTRIES]]
    if more := more_countries(len(countries) - len(shown), language):
        shown.append(language.gettext("and {more}").format(more=more))
    return tuple(shown)


def place(site: Mapping[str, str], language: Language) -> str:
    """A site as one line: facility, town, country; a town that the facility's name ends with stands once."""
    facility, city = clean(site.get("facility", "")), clean(site.get("city", ""))
    named = city and re.search(rf"[,(–-]\s*{re.escape(city)}\)?$", facility, re.IGNORECASE)
    parts = [facility, "" if named else city, country_name(site, language)]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def country_name(site: Mapping[str, str], language: Language) -> str:
    """A site's country in the reader's language; one that isn't known as the registry writes it, or ""."""
    name = clean(site.get("country") or "")
    code = country_code(name) if name else None
    return language.country(code) if code else name


def more_countries(count: int, language: Language) -> str:
    """How many countries are left out, if any."""
    if count <= 0:
        return ""
    text = language.ngettext("{count} more country", "{count} more countries", count)
    return text.format(count=language.number(count))


def _counted(country: str, count: int, language: Language) -> str:
    if not country:
        text = language.ngettext("{count} place", "{count} places", count)
        return text.format(count=language.number(count))
    text = language.ngettext("{country}: {count} place", "{country}: {count} places", count)
    return text.format(country=country, count=language.number(count))


def _is_near(location: Mapping[str, str], nearest: frozenset[str]) -> bool:
    return bool(nearest) and country_code(location.get("country") or "") in nearest
