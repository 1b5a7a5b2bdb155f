"""Compares a study's sites: which were added, which were removed, which take participants now."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from service.domain.trials.change import Change, Kind, Level
from service.domain.trials.multiset import joined, leftovers
from service.domain.trials.sites.matching import Site, match, same_facilities
from service.domain.trials.text import bare, clean

# In these states of a study its sites matter to people who may want to join, and have a status.
OPEN_STATUSES = frozenset(
    {"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "SUSPENDED", "AVAILABLE"}
)

# In these states a site no longer takes part: adding or removing it is not reported.
PAST_STATUSES = frozenset({"WITHDRAWN", "TERMINATED", "COMPLETED"})

# In these states a site takes participants, or may do so soon: adding or removing it matters most.
_TAKES_PARTICIPANTS = frozenset({"RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"})

PARTS = ("facility", "city", "region", "postal_code", "country")


def read_sites(snapshot: Mapping[str, Any]) -> dict[str, Any] | None:
    """The study's status and its sites; None if unknown. An empty list means that there are none."""
    locations = snapshot.get("locations")
    if locations is None:
        return None
    return {"status": snapshot["status"], "sites": locations}


def diff_sites(before: Mapping[str, Any], after: Mapping[str, Any]) -> Change | None:
    """The sites that differ: gone, added, or (in both lists) with another status.

    Entries are matched by `site_matching`: however a site is respelled, it is neither gone nor added. A
    status that vanishes or appears is no change. What is not reported (see `split_sites`) is recorded, so
    that changes of one period are those from the first status to the last. When the study isn't open any
    more, only the list counts, and little: its closure is one sentence, not one for each site.
    """
    unlike = leftovers(before["sites"], after["sites"], _as_written)
    gone, new, moved = _differences(*([_site(location) for location in side] for side in unlike))
    gone = [*gone, *({**now, "status": old["status"]} for old, now in moved)]
    new = [*new, *(now for _, now in moved)]
    if not gone and not new:
        return None
    return Change(
        Kind.SITES,
        _level(gone, new) if after["status"] in OPEN_STATUSES else Level.LOW,
        {"status": before["status"], "sites": gone},
        {"status": after["status"], "sites": new},
    )


def _level(gone: Sequence[Site], new: Sequence[Site]) -> Level:
    """HIGH if the chance to take part changes: not for a site that does not recruit yet."""
    left, added, moved = split_sites(gone, new)
    if not left and not added and not moved:
        return Level.LOW
    matters = (
        bool(left)
        or any(site.get("status", "RECRUITING") in _TAKES_PARTICIPANTS for site in added)
        or any({old["status"], now["status"]} & _TAKES_PARTICIPANTS for old, now in moved)
    )
    return Level.HIGH if matters else Level.MEDIUM


def join_sites(first: Change, second: Change) -> tuple[Any, Any]:
    """The combined values of two consecutive changes of the sites, between which a site may be respelled."""
    gone, new = joined(
        (first.before["sites"], first.after["sites"]),
        (second.before["sites"], second.after["sites"]),
        _key_with_status,
        _respelled,
    )
    return (
        {"status": first.before["status"], "sites": gone},
        {"status": second.after["status"], "sites": new},
    )


def _respelled(added: Sequence[Site], removed: Sequence[Site]) -> list[tuple[int, int]]:
    pairs = same_facilities(added, removed)
    return [(i, j) for i, j in pairs if added[i].get("status") == removed[j].get("status")]


def split_sites(
    gone: Sequence[Site], new: Sequence[Site]
) -> tuple[list[Site], list[Site], list[tuple[Site, Site]]]:
    """What is reported of a change: removed sites, added sites, and (old, new) pairs of sites with another
    status; not what concerns only sites that no longer take part."""
    gone, new, moved = _differences(gone, new)
    return _taking_part(gone), _taking_part(new), [pair for pair in moved if _is_reported(*pair)]


def _differences(
    before: Sequence[Site], after: Sequence[Site]
) -> tuple[list[Site], list[Site], list[tuple[Site, Site]]]:
    """The entries of two lists that no pairing explains, and the pairs whose known status differs."""
    pairs = match(before, after)
    matched_before, matched_after = {i for i, _ in pairs}, {j for _, j in pairs}
    gone = [site for i, site in enumerate(before) if i not in matched_before]
    new = [site for j, site in enumerate(after) if j not in matched_after]
    moved = [(before[i], after[j]) for i, j in pairs if _has_moved(before[i], after[j])]
    return (
        sorted(gone, key=_key_with_status),
        sorted(new, key=_key_with_status),
        sorted(moved, key=lambda pair: _key_with_status(pair[1])),
    )


def _has_moved(old: Site, now: Site) -> bool:
    before, after = old.get("status"), now.get("status")
    return bool(before and after) and before != after


def _is_reported(old: Site, now: Site) -> bool:
    """Whether a new status is reported: that of a site that had left, only if it recruits again."""
    return old["status"] not in PAST_STATUSES or now["status"] in OPEN_STATUSES


def _taking_part(sites: Iterable[Site]) -> list[Site]:
    return [site for site in sites if site.get("status") not in PAST_STATUSES]


def _site(location: Mapping[str, str]) -> Site:
    site = {}
    for part in PARTS:
        if value := location.get(part):
            site[part] = clean(value)
    if status := location.get("status"):
        site["status"] = "_".join(status.replace(",", " ").split()).upper()
    return site


def _as_written(site: Mapping[str, str]) -> tuple[str | None, ...]:
    """An entry unchanged: most are as they were, and only the others are compared closely."""
    return *(site.get(part) for part in PARTS), site.get("status")


def _key_with_status(site: Site) -> tuple[str, ...]:
    return *(bare(site.get(part, "")) for part in PARTS), site.get("status", "")
