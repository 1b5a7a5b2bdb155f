"""Whole histories of studies, put together from the registry's version patches in the order of their days.

A patch says what it changes and nothing of the rest, so a history carries on the last known values. Of lists
a patch reaches only some entries, by position: what they were before it is sent as a quiet re-ingest, and
only what the patch itself did to them is news. The status and the dates stand whole in every patch: what
happened to them between two patches is news, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.domain.trials.registry.record import trial_data
from tests.unit.domain.version_patches import read_patches, records

LISTS = ("locations", "interventions", "primary_outcomes", "conditions", "registrant_conditions", "contacts")


@dataclass(frozen=True)
class Step:
    """One update of one study: the snapshots to send in order, on the day (ISO) of the update."""

    nct_id: str
    day: str
    snapshots: tuple[dict[str, Any], ...]


def histories() -> list[Step]:
    """The updates of all studies by their day."""
    by_trial: dict[str, list[dict[str, Any]]] = {}
    for _, patch in read_patches():
        by_trial.setdefault(patch["nctId"], []).append(patch)
    steps = [step for patches in by_trial.values() for step in _steps(patches)]
    return sorted(steps, key=lambda step: (step.day, step.nct_id))


def _steps(patches: list[dict[str, Any]]) -> Iterator[Step]:
    patches.sort(key=lambda patch: patch["fromVersion"])
    known: dict[str, Any] = {"title": _first_title(patches), "conditions": []}
    for patch in patches:
        before, after = (_named(known, _known(record, patch)) for record in records(patch))
        since = _with(known, {key: value for key, value in before.items() if key not in LISTS})
        quiet = _with(since, before) | {"reason": "reingest"}
        known = _with(known | quiet, after) | {"reason": "registry"}
        numbered = (
            {key: value for key, value in since.items() if key not in LISTS or key == "conditions"}
            | {"revision": 4 * patch["fromVersion"] + 1},
            quiet | {"revision": 4 * patch["fromVersion"] + 2},
            known | {"revision": 4 * patch["toVersion"]},
        )
        yield Step(patch["nctId"], patch["toSubmitDate"], numbered)


def _known(record: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """A side of a patch, as the data of an event."""
    data = trial_data(record, revision=0, url="https://example.org/trials/{nct_id}")
    if data["title"].startswith("["):
        del data["title"]
    for bound in ("minimum", "maximum"):
        # Both limits missing from a record say that there are none; missing from a patch, nothing.
        if not any(op["path"].endswith(f"/{bound}Age") for op in patch["ops"]):
            data.get("eligibility", {}).pop(f"{bound}_age", None)
    return {key: value for key, value in data.items() if value not in ([], {})}


def _named(known: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """The data with the measures that a patch gives by their position alone under their known names."""
    names = [outcome["measure"] for outcome in known.get("primary_outcomes", ())]
    placeholders = {f"[measure of outcome {number}]": name for number, name in enumerate(names, 1)}
    outcomes = [
        {**outcome, "measure": placeholders.get(outcome["measure"], outcome["measure"])}
        for outcome in data.get("primary_outcomes", ())
    ]
    return {**data, "primary_outcomes": outcomes} if outcomes else data


def _with(known: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    parts = {
        key: {**known[key], **more[key]}
        for key in ("eligibility", "enrollment")
        if key in known and key in more
    }
    return {**known, **more, **parts}


def _first_title(patches: list[dict[str, Any]]) -> str:
    titles = (_known(records(patch)[0], patch).get("title") for patch in patches)
    return next((title for title in titles if title), f"The study {patches[0]['nctId']}")
