"""Last known values of a trial: of each compared field that its newest snapshot lacks.

Each field is a last-writer-wins register: its value is that of the newest revision that has the field, in
whatever order the revisions arrive. So after a gap a different value is reported as a change.
"""

from collections.abc import Mapping
from typing import Any

from service.domain.trials.diff import KEYS

Snapshot = Mapping[str, Any]
LastKnown = Mapping[str, Mapping[str, Any]]
"""By field: its last known `value` and the `revision` that had it. Empty when the snapshot lacks nothing."""

# The parts of eligibility are separate fields: a snapshot may have the ages and not the criteria.
PARTS = ("minimum_age", "maximum_age", "sex", "healthy_volunteers", "criteria")

# Every snapshot has a status and a title. A reason for stopping belongs to its status and must not be
# combined with a later one. Contacts are kept although they disappear while a study is closed: their change
# is reported. The status of a listed site is not: it exists only while the study recruits. Fields that
# `diff` doesn't read (summary, dates of posting, the event's own reason) are not needed.
NOT_KEPT = frozenset({"status", "title", "why_stopped"})

FIELDS = (*(key for key in KEYS if key != "eligibility" and key not in NOT_KEPT), *PARTS)


def update_last_known(newest: Snapshot, older: Snapshot | None, remembered: LastKnown) -> LastKnown:
    """The last known values of what `newest` lacks, from `older` or `remembered`, whichever is newer."""
    values = {}
    for field in FIELDS:
        if _value(newest, field) is not None:
            continue
        last = remembered.get(field)
        value = None if older is None else _value(older, field)
        if older is not None and value is not None and (last is None or older["revision"] > last["revision"]):
            last = {"value": value, "revision": older["revision"]}
        if last is not None:
            values[field] = last
    return values


def with_last_known(snapshot: Snapshot, remembered: LastKnown) -> Snapshot:
    """The snapshot with last known values of the fields that it lacks; for comparison, not for display."""
    if not remembered:
        return snapshot
    values = {field: last["value"] for field, last in remembered.items()}
    parts = {part: values.pop(part) for part in PARTS if part in values}
    if parts:
        values["eligibility"] = {**(snapshot.get("eligibility") or {}), **parts}
    return {**snapshot, **values}


def _value(snapshot: Snapshot, field: str) -> Any:
    """A field's value; None if unknown, as an empty list is, except that of the sites."""
    if field in PARTS:
        return (snapshot.get("eligibility") or {}).get(field)
    value = snapshot.get(field)
    return None if value == [] and field != "locations" else value
