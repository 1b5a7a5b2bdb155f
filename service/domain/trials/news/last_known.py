"""A trial's known values after each of its revisions: the last value of every field that is compared.

A field is a register: its value is that of the newest revision that had the field. So a value that is absent
for a while is compared with the next one, regardless of the order in which revisions arrive.
"""

from collections.abc import Mapping
from typing import Any

from service.domain.trials.comparison.diff import KEYS

Snapshot = Mapping[str, Any]
Values = Mapping[str, Any]
"""Field values by field; what is unknown is absent."""

#: Eligibility is remembered part by part: a snapshot may know the ages and not the criteria.
PARTS = ("minimum_age", "maximum_age", "sex", "healthy_volunteers", "criteria")

# Every snapshot has a status and a title. A reason for stopping is the status's, and goes with it: beside a
# later status it would be a reason that nobody gave for that. Contacts are remembered, though they vanish
# while a study is closed: readers who know the old ones are notified of others. The status of a site that the
# snapshot lists isn't: it exists only while the study recruits, and comes again when it recruits again.
NOT_KEPT = ("status", "title", "why_stopped")

#: The remembered fields: those compared, and the day of posting, which decides whether a trial is new.
FIELDS = (
    *(key for key in KEYS if key != "eligibility" and key not in NOT_KEPT),
    *PARTS,
    "registry_first_posted",
)


def values_of(snapshot: Snapshot) -> dict[str, Any]:
    """The values that a snapshot knows. An empty list says nothing, but that there are no sites."""
    eligibility = snapshot.get("eligibility") or {}
    values = {name: snapshot.get(name) for name in NOT_KEPT}
    for field in FIELDS:
        value = (eligibility if field in PARTS else snapshot).get(field)
        if value is not None and (value != [] or field == "locations"):
            values[field] = value
    return values


def as_snapshot(values: Values) -> dict[str, Any]:
    """A snapshot with these values, to compare with: the inverse of `values_of`."""
    snapshot = {field: value for field, value in values.items() if field not in PARTS and value is not None}
    parts = {part: values[part] for part in PARTS if part in values}
    if parts:
        snapshot["eligibility"] = parts
    return {"conditions": [], **snapshot}


def remembered_beside(known: Values, own: Values) -> dict[str, Any]:
    """The known values that the newest snapshot lacks and older ones had."""
    return {field: known[field] for field in FIELDS if field in known and field not in own}
