"""Where a study takes place, in few words: its sites one by one, or counted by country when they are many."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from service.domain.countries import country_code
from service.domain.language import Language
from service.domain.text import clean

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
        return tuple(dict.fromkeys(place(location) for location in ordered))
    counts = Counter(clean(location.get("country") or "") for location in ordered)
    countries = sorted(counts, key=lambda name: (country_code(name) not in nearest, -counts[name], name))
    shown = [_counted(name, counts[name], language) for name in countries[:MOST_COUNTRIES]]
    if more := len(countries) - len(shown):
        text = language.ngettext("and {count} more country", "and {count} more countries", more)
        shown.append(text.format(count=language.number(more)))
    return tuple(shown)


def place(site: Mapping[str, str]) -> str:
    """A site as one line: facility, town, country."""
    parts = [clean(site[part]) for part in ("facility", "city", "country") if site.get(part)]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _counted(country: str, count: int, language: Language) -> str:
    if not country:
        text = language.ngettext("{count} place", "{count} places", count)
        return text.format(count=language.number(count))
    text = language.ngettext("{country}: {count} place", "{country}: {count} places", count)
    return text.format(country=country, count=language.number(count))


def _is_near(location: Mapping[str, str], nearest: frozenset[str]) -> bool:
    return bool(nearest) and country_code(location.get("country") or "") in nearest
