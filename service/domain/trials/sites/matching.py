"""Matches the entries of two site lists: the registry gives no ids, and spells sites in many ways.

Entries are matched by facility, postal code, town and status, in the order of importance. The registry's
geocoder respells towns, sponsors rename facilities, drop their names, or write a placeholder ("Research
Site") until the name is known. So a site counts as added or removed only if the best matching leaves it
alone.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from service.domain.trials.assignment import Pair, best_assignment
from service.domain.trials.sites.countries import country_code
from service.domain.trials.sites.facilities import are_close, facility_key, is_known, likeness
from service.domain.trials.text import bare, fold

Site = dict[str, str]

#: Up to this many possible pairs, all are scored (for a respelled facility or town).
_MOST_CLOSE_LOOKS = 4_000
#: Up to this many pairs with one name, postal code or town, all are scored; of more, the nearest by name.
_MOST_TOGETHER = 400
_NEAREST = 6
#: From this many sites on, names that are gone were dropped all at once.
_MANY = 5
#: Of a postal code: its first digits name an area.
_DIGITS_OF_AREA = 3
#: More than the highest score of a pair, so that the number of pairs comes first.
_PAIRED = 1_000

_WITH_STATES = frozenset({"AU", "CA", "US"})
#: Of a state: "MA", "NSW".
_LONGEST_ABBREVIATION = 3


class _Entry(NamedTuple):
    """A site's values for comparison: folded, "" if unknown."""

    facility: str
    town: str
    region: str
    country: str
    postal_code: str
    status: str


def match(old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]) -> list[Pair]:
    """The pairs of positions in `old` and `new` that are the same site; each position is in one pair at most.

    Of all assignments it is one with the most pairs, and among those one with the most in common (where more
    than 60 entries could be each other, a good one). The order of the lists matters only between entries that
    are equal.
    """
    left, right = [_entry(site) for site in old], [_entry(site) for site in new]
    pairs = _equal(left, right)
    taken_left, taken_right = {i for i, _ in pairs}, {j for _, j in pairs}
    scores = _scores(
        left,
        right,
        [i for i in range(len(left)) if i not in taken_left],
        [j for j in range(len(right)) if j not in taken_right],
    )
    return sorted([*pairs, *best_assignment(scores)])


def same_facilities(old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]) -> list[Pair]:
    """The pairs of `match` with one facility name, in any spelling, or without a name on both sides."""
    left, right = ([facility_key(site.get("facility") or "") for site in sites] for sites in (old, new))
    return [
        (i, j)
        for i, j in match(old, new)
        if left[i] == right[j] or likeness(left[i], right[j], is_near=True) >= 30
    ]


def _entry(site: Mapping[str, str]) -> _Entry:
    country = site.get("country") or ""
    return _Entry(
        facility_key(site.get("facility") or ""),
        bare(site.get("city") or ""),
        bare(site.get("region") or ""),
        country_code(country) or bare(country),
        _postal_code(site.get("postal_code") or ""),
        site.get("status") or "",
    )


def _postal_code(text: str) -> str:
    """A postal code without spaces; of an American ZIP+4 the first five digits."""
    code = "".join(letter for letter in fold(text) if letter.isalnum())
    return code[:5] if re.fullmatch(r"\d{5}-?\d{4}", text.strip()) else code


def _equal(left: Sequence[_Entry], right: Sequence[_Entry]) -> list[Pair]:
    """Pairs of entries that are equal, or equal except for the status: most of a list, without scoring."""
    pairs: list[Pair] = []
    used: set[int] = set()
    done: set[int] = set()
    for parts in (6, 5):  # with the status, then without
        waiting: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for j in range(len(right) - 1, -1, -1):
            if j not in used:
                waiting[right[j][:parts]].append(j)
        for i, entry in enumerate(left):
            if i not in done and waiting.get(entry[:parts]):
                j = waiting[entry[:parts]].pop()
                pairs.append((i, j))
                used.add(j)
                done.add(i)
    return pairs


def _scores(
    left: Sequence[_Entry], right: Sequence[_Entry], rows: Iterable[int], columns: Iterable[int]
) -> dict[Pair, int]:
    """The score of each pair that may be the same site; impossible pairs are absent."""
    rows, columns = list(rows), list(columns)
    are_many = min(len(left), len(right)) >= _MANY
    lost_names = are_many and _are_mostly_named(left) != _are_mostly_named(right)
    found: dict[Pair, int] = {}
    for i, j in _candidates(left, right, rows, columns):
        score = _score(left[i], right[j]) or (lost_names and _nearness(left[i], right[j]))
        if score:
            found[i, j] = score
    return found


def _are_mostly_named(entries: Sequence[_Entry]) -> bool:
    return 2 * sum(is_known(entry.facility) for entry in entries) >= len(entries)


def _nearness(left: _Entry, right: _Entry) -> int:
    """The score of a site that lost its name, or got one, with the others, if it may have been moved to a
    town nearby: the beginnings of the postal codes agree. Less than any other."""
    codes = left.postal_code, right.postal_code
    is_near = (
        left.country == right.country
        and is_known(left.facility) != is_known(right.facility)
        and len(codes[0]) == len(codes[1]) >= _DIGITS_OF_AREA + 2
        and codes[0][:_DIGITS_OF_AREA] == codes[1][:_DIGITS_OF_AREA]
    )
    return _PAIRED if is_near else 0


def _candidates(
    left: Sequence[_Entry], right: Sequence[_Entry], rows: Sequence[int], columns: Sequence[int]
) -> set[Pair]:
    """The pairs to score: those with a common name, postal code or town; all, if they are few."""
    if len(rows) * len(columns) <= _MOST_CLOSE_LOOKS:
        return {(i, j) for i in rows for j in columns}
    candidates: set[Pair] = set()
    for part in ("facility", "postal_code", "town"):
        of_left: dict[str, list[int]] = defaultdict(list)
        of_right: dict[str, list[int]] = defaultdict(list)
        for i in rows:
            of_left[getattr(left[i], part)].append(i)
        for j in columns:
            of_right[getattr(right[j], part)].append(j)
        for value in of_left.keys() & of_right.keys() - {""}:
            candidates.update(_together(left, right, of_left[value], of_right[value]))
    return candidates


def _together(
    left: Sequence[_Entry], right: Sequence[_Entry], rows: list[int], columns: list[int]
) -> Iterator[Pair]:
    """The pairs of entries with something in common; of very many, each with those of similar names, and with
    those of its own place in the order of names, so that as many as possible find a partner."""
    if len(rows) * len(columns) <= _MOST_TOGETHER:
        yield from product(rows, columns)
        return
    rows.sort(key=lambda i: left[i])
    columns.sort(key=lambda j: right[j])
    names = [right[j] for j in columns]
    for place, i in enumerate(rows):
        for middle in (bisect_left(names, left[i]), place * len(columns) // len(rows)):
            first = max(0, middle - _NEAREST // 2)
            yield from ((i, j) for j in columns[first : first + _NEAREST])


def _score(left: _Entry, right: _Entry) -> int:
    """The likeness of two entries; 0: they are different sites."""
    if left.country and right.country and left.country != right.country:
        return 0
    same_code = bool(left.postal_code) and left.postal_code == right.postal_code
    other_code = bool(left.postal_code and right.postal_code) and not same_code
    town = _town(left, right)
    facility = likeness(left.facility, right.facility, town > 0 or same_code)
    if facility >= 40:  # the same name: elsewhere only if postal code, or state, and town say so together
        possible = town > 0 or not (other_code or (_in_other_states(left, right) and not same_code))
    elif facility >= 30:
        possible = town > 0 or same_code
    elif facility == 10:
        possible = town > 0 or same_code or not ((left.town and right.town) or other_code)
    else:
        possible = same_code or (town > 0 and not other_code)
    if not possible:
        return 0
    code = 30 if same_code else 0 if other_code else 5
    return (
        _PAIRED + facility + code + town + 4 * (left.status == right.status) + (left.region == right.region)
    )


def _town(left: _Entry, right: _Entry) -> int:
    """The likeness of two towns: 20 the same, 12 a respelling, 0 unknown or another town."""
    if not left.town or not right.town:
        return 0
    if left.town == right.town:
        return 0 if _has_other_region(left, right) else 20
    fewer, more = sorted((set(left.town.split()), set(right.town.split())), key=len)
    return 12 if fewer <= more or are_close(left.town, right.town) else 0


def _has_other_region(left: _Entry, right: _Entry) -> bool:
    """Whether a town's namesake is meant. The geocoder respells regions, too: "Región de la Araucanía" and
    "Araucania"; those of some countries have one spelling, but for abbreviations."""
    are_known = bool(left.region and right.region) and left.country in {*_WITH_STATES, ""}
    return are_known and not are_close(left.region, right.region)


def _in_other_states(left: _Entry, right: _Entry) -> bool:
    """Whether two entries are of two states, of a country whose states have one spelling: a chain of clinics
    has one name in all of them."""
    return (
        left.country in _WITH_STATES
        and min(len(left.region), len(right.region)) > _LONGEST_ABBREVIATION
        and not are_close(left.region, right.region)
    )
