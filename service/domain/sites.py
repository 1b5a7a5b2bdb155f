"""A study's sites, compared as a multiset of (facility, city, country): they have no id and no order."""

import re
import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from service.domain.changes import Change, Kind, Level
from service.domain.multiset import joined, leftovers
from service.domain.text import clean, fold

# While a study is in one of these, its sites matter to who may want to join, and they have a status.
OPEN_STATUSES = frozenset(
    {"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "SUSPENDED", "AVAILABLE"}
)

# A site in one of these takes no part any more: listing it, or striking it off, is no news.
PAST_STATUSES = frozenset({"WITHDRAWN", "TERMINATED", "COMPLETED"})

Site = dict[str, str]

# Words that tell no two places apart, and those that are spelled in several ways.
_SPELLED = {
    "centre": "center",
    "centers": "center",
    "centres": "center",
    "ctr": "center",
    "dept": "department",
    "hosp": "hospital",
    "hospitals": "hospital",
    "inst": "institute",
    "saint": "st",
    "univ": "university",
}
_EMPTY_WORDS = frozenset(
    {
        "and",
        "at",
        "co",
        "da",
        "de",
        "der",
        "di",
        "for",
        "gmbh",
        "ggmbh",
        "inc",
        "llc",
        "llp",
        "ltd",
        "of",
        "pc",
    }
    | {"pllc", "srl", "the", "und"}
)
_ALIKE = 0.8
_MOST_SPELLINGS = 50
_NUMBER = re.compile(r"\d+")


def read_sites(snapshot: Mapping[str, Any]) -> dict[str, Any] | None:
    """The study's status and its sites; None when they aren't known. An empty list says there are none."""
    locations = snapshot.get("locations")
    if locations is None:
        return None
    return {"status": snapshot["status"], "sites": locations}


def judge_sites(before: Mapping[str, Any], after: Mapping[str, Any]) -> Change | None:
    """The sites that differ: gone, added, or (in both lists) with another status.

    A status that vanishes or appears says nothing. When the study isn't open any more, only the list
    counts, and little: its closure is told once, not site by site.
    """
    unlike = leftovers(before["sites"], after["sites"], _as_written)
    gone, new = ([_site(location) for location in locations] for locations in unlike)
    gone, new = _without_spellings(*leftovers(gone, new, _key_with_status))
    gone, new, moved = _by_status(gone, new)
    gone, new = _taking_part(gone), _taking_part(new)
    is_open = after["status"] in OPEN_STATUSES
    if is_open:
        gone = [*gone, *(old for old, _ in moved)]
        new = [*new, *(now for _, now in moved)]
    if not gone and not new:
        return None
    return Change(
        Kind.SITES,
        Level.HIGH if is_open else Level.LOW,
        {"status": before["status"], "sites": gone},
        {"status": after["status"], "sites": new},
    )


def join_sites(first: Change, second: Change) -> tuple[Any, Any]:
    """The values of two changes of the sites in a row, as those of one."""
    gone, new = joined(
        (first.before["sites"], first.after["sites"]),
        (second.before["sites"], second.after["sites"]),
        _key_with_status,
    )
    return (
        {"status": first.before["status"], "sites": gone},
        {"status": second.after["status"], "sites": new},
    )


def site_key(site: Mapping[str, str]) -> tuple[str, str, str]:
    """What makes two entries the same site: facility, city and country, folded."""
    return _bare(site.get("facility", "")), _bare(site.get("city", "")), _bare(site.get("country", ""))


def split_sites(gone: list[Site], new: list[Site]) -> tuple[list[Site], list[Site], list[tuple[Site, Site]]]:
    """A change's two lists as sites gone, sites added, and (old, new) pairs of sites with another status.

    A site that takes part again after it had left counts as added.
    """
    gone, new, moved = _by_status(gone, new)
    back = [now for old, now in moved if old["status"] in PAST_STATUSES]
    moved = [(old, now) for old, now in moved if old["status"] not in PAST_STATUSES]
    return _taking_part(gone), _taking_part([*new, *back]), moved


def _taking_part(sites: list[Site]) -> list[Site]:
    return [site for site in sites if site.get("status") not in PAST_STATUSES]


def _site(location: Mapping[str, str]) -> Site:
    site = {}
    for part in ("facility", "city", "country"):
        if value := location.get(part):
            site[part] = clean(value)
    if status := location.get("status"):
        site["status"] = "_".join(status.replace(",", " ").split()).upper()
    return site


def _as_written(site: Mapping[str, str]) -> tuple[str | None, ...]:
    """An entry as it stands: most are as they were, and only the others are read closely."""
    return site.get("facility"), site.get("city"), site.get("country"), site.get("status")


def _key_with_status(site: Site) -> tuple[str, ...]:
    return *site_key(site), site.get("status", "")


def _by_status(gone: list[Site], new: list[Site]) -> tuple[list[Site], list[Site], list[tuple[Site, Site]]]:
    """Pairs the entries of one site; a pair whose status was or is unknown is no change and is dropped."""
    waiting: dict[tuple[str, str, str], list[Site]] = {}
    for site in new:
        waiting.setdefault(site_key(site), []).append(site)
    left, moved = [], []
    for site in sorted(gone, key=lambda site: "status" not in site):
        partners = waiting.get(site_key(site))
        if not partners:
            left.append(site)
            continue
        now = partners.pop(_best_partner(site, partners))
        if "status" in site and "status" in now:
            moved.append((site, now))
    added = [site for sites in waiting.values() for site in sites]
    left.sort(key=_key_with_status)
    added.sort(key=_key_with_status)
    return left, added, moved


def _best_partner(site: Site, partners: list[Site]) -> int:
    """An entry without a status fits one without, or any; one with a status fits one that has one."""
    has_status = "status" in site
    return next((i for i, partner in enumerate(partners) if ("status" in partner) == has_status), 0)


def _without_spellings(gone: list[Site], new: list[Site]) -> tuple[list[Site], list[Site]]:
    """Gives a site that is only spelled anew its new spelling on both sides, or drops it if that is all."""
    if not gone or not new or len(gone) > 500 or len(new) > 500:
        return gone, new
    remaining = list(new)
    left: list[Site] = []
    kept: list[Site] = []
    exact = {site_key(site) for site in new}
    for site in gone:
        position = None
        if site_key(site) not in exact and len(remaining) <= _MOST_SPELLINGS * 10:
            position = next((i for i, other in enumerate(remaining) if _same_place(site, other)), None)
        if position is None:
            left.append(site)
            continue
        now = remaining.pop(position)
        if site.get("status", "") != now.get("status", ""):
            left.append({**now, "status": site["status"]} if "status" in site else _no_status(now))
            kept.append(now)
    return left, [*remaining, *kept]


def _no_status(site: Site) -> Site:
    return {part: value for part, value in site.items() if part != "status"}


def _same_place(one: Site, other: Site) -> bool:
    """Whether two entries name one place, spelled in two ways: never another town or another number."""
    facility, city, country = site_key(one)
    other_facility, other_city, other_country = site_key(other)
    if country != other_country or not facility or not other_facility:
        return False
    if city == other_city:
        return _alike(facility, other_facility)
    return facility == other_facility and bool(city and other_city) and _close(city, other_city)


@lru_cache(maxsize=4096)
def _alike(one: str, other: str) -> bool:
    if _NUMBER.findall(one) != _NUMBER.findall(other):
        return False
    fewer, more = sorted((_words(one), _words(other)), key=len)
    if len(fewer) > 1 and len(fewer & more) >= _ALIKE * len(fewer):
        return True
    return _close(one, other)


def _words(text: str) -> set[str]:
    spelled = (_SPELLED.get(word, word) for word in text.split())
    return {word for word in spelled if len(word) > 1 and word not in _EMPTY_WORDS}


def _close(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


@lru_cache(maxsize=16_384)
def _bare(text: str) -> str:
    """A name folded, without accents and punctuation: "Hôpital St. Louis" is "hopital st louis"."""
    letters = (c for c in unicodedata.normalize("NFKD", fold(text)) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() or c == "?" else " " for c in letters).split())
