"""Time zones as a form offers them: a short list of places, and the likely one of a browser's languages."""

from collections.abc import Iterable, Mapping
from functools import cache

from babel.core import get_global

from service.languages import language

#: One place for each of the rules that people live by. A page's script adds the browser's own where it is
#: another, and the preferences know all.
_OFFERED = {
    "Africa": "Algiers Cairo Casablanca Johannesburg Lagos Nairobi Tunis",
    "America": (
        "Anchorage Argentina/Buenos_Aires Bogota Caracas Chicago Denver Halifax Lima Los_Angeles "
        "Mexico_City New_York Phoenix Santiago Sao_Paulo St_Johns Toronto Vancouver"
    ),
    "Asia": (
        "Baghdad Bangkok Beirut Dhaka Dubai Hong_Kong Jakarta Jerusalem Kabul Karachi Kathmandu "
        "Kolkata Manila Riyadh Seoul Shanghai Singapore Tehran Tokyo Yangon"
    ),
    "Atlantic": "Azores Reykjavik",
    "Australia": "Adelaide Brisbane Darwin Perth Sydney",
    "Europe": (
        "Amsterdam Athens Berlin Brussels Bucharest Copenhagen Dublin Helsinki Istanbul Kyiv Lisbon "
        "London Madrid Moscow Oslo Paris Prague Rome Stockholm Vienna Warsaw Zurich"
    ),
    "Pacific": "Auckland Fiji Honolulu",
}

#: The zone in which most people of a country with several zones live.
_MOST_PEOPLE = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CL": "America/Santiago", "CN": "Asia/Shanghai", "DE": "Europe/Berlin",
    "ES": "Europe/Madrid", "ID": "Asia/Jakarta", "MX": "America/Mexico_City", "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "US": "America/New_York",
}  # fmt: skip

#: Languages that are spoken in so many countries that the language alone says nothing about the time.
_EVERYWHERE = frozenset({"en"})


@cache
def offered(code: str) -> Mapping[str, str]:
    """Zones with a name in that language, in the order of the names; UTC at the end."""
    reader, countries = language(code), get_global("zone_territories")
    cities = reader.locale.time_zones
    named = {
        zone: f"{reader.country(countries[zone])}{reader.gettext(', ')}"
        + (cities.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " "))
        for zone in (f"{area}/{place}" for area, places in _OFFERED.items() for place in places.split())
    }
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold())) | {"UTC": "UTC"}


def likely(tags: Iterable[str]) -> str:
    """The zone of the country that the tags (BCP 47, the preferred first) name, or else of the country where
    most people speak the first language. UTC where neither says anything."""
    tags = [tag.replace("_", "-") for tag in tags]
    for tag in tags:
        if zone := _zone_of_country(_region(tag)):
            return zone
    code = tags[0].partition("-")[0].lower() if tags else "en"
    if code in _EVERYWHERE:
        return "UTC"
    return _zone_of_country(_region(get_global("likely_subtags").get(code, "").replace("_", "-"))) or "UTC"


def _region(tag: str) -> str:
    """The region of a tag such as `de-AT` or `ar-Arab-EG`, or ""."""
    return next((part.upper() for part in tag.split("-")[1:] if len(part) == 2 and part.isalpha()), "")


def _zone_of_country(code: str) -> str | None:
    zones = get_global("territory_zones").get(code, ())
    return _MOST_PEOPLE.get(code) or (zones[0] if len(zones) == 1 else None)
