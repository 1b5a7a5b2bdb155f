"""What is known of a trial beyond its newest snapshot: the last value of each compared field that it lacks.

A field is a register: its value is that of the newest revision that had the field, in whatever order the
revisions came. So a value that is absent once is told as changed when another one comes.
"""

from collections.abc import Mapping
from typing import Any

from service.domain.trials.diff import KEYS

Snapshot = Mapping[str, Any]
LastKnown = Mapping[str, Mapping[str, Any]]
"""By field: its last known `value` and the `revision` that had it. Empty when the snapshot lacks nothing."""

# Who can join is remembered part by part: a snapshot may know the ages and not the criteria.
PARTS = ("minimum_age", "maximum_age", "sex", "healthy_volunteers", "criteria")

# Every snapshot has a status and a title. A reason for stopping is the status's, and goes with it: beside a
# later status it would be a reason that nobody gave for that. Contacts are remembered, though they vanish
# while a study is closed: who noted the old ones is told of others. The status of a site that the snapshot
# lists isn't: it exists only while the study recruits, and is learned anew when it recruits again.
# What compare doesn't read (summary, dates of posting, the event's own reason) is never told: no need.
NOT_KEPT = frozenset({"status", "title", "why_stopped"})

FIELDS = (*(key for key in KEYS if key != "eligibility" and key not in NOT_KEPT), *PARTS)


def update_last_known(newest: Snapshot, older: Snapshot | None, remembered: LastKnown) -> LastKnown:
    """What `newest` lacks, from an older snapshot or from what was remembered, whichever is newer."""
    kept = {}
    for field in FIELDS:
        if _value(newest, field) is not None:
            continue
        last = remembered.get(field)
        value = None if older is None else _value(older, field)
        if older is not None and value is not None and (last is None or older["revision"] > last["revision"]):
            last = {"value": value, "revision": older["revision"]}
        if last is not None:
            kept[field] = last
    return kept


def with_last_known(snapshot: Snapshot, remembered: LastKnown) -> Snapshot:
    """The snapshot with the last known values of what it lacks: to compare with, never to show."""
    if not remembered:
        return snapshot
    values = {field: last["value"] for field, last in remembered.items()}
    parts = {part: values.pop(part) for part in PARTS if part in values}
    if parts:
        values["eligibility"] = {**(snapshot.get("eligibility") or {}), **parts}
    return {**snapshot, **values}


def _value(snapshot: Snapshot, field: str) -> Any:
    """A field's value, None where it is unknown: an empty list says nothing, but that there are no sites."""
    if field in PARTS:
        return (snapshot.get("eligibility") or {}).get(field)
    value = snapshot.get(field)
    return None if value == [] and field != "locations" else value
