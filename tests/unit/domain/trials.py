"""The standing trial of the domain's tests, the one of the website's trial page, and real records."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from service.domain.trials.comparison.diff import diff
from service.domain.trials.events.snapshot import read_snapshot
from service.domain.trials.registry.record import trial_data
from service.domain.wording.language import ENGLISH
from service.domain.wording.sentences import trial_sentences

DATA = Path(__file__).parents[2] / "data"
ALL = {"id": "MONDO:0004967", "name": "acute lymphoblastic leukemia"}
LYMPHOMA = {"id": "MONDO:0005062", "name": "lymphoma"}
ROMA = {"facility": "Ospedale Bambino Gesù", "city": "Roma", "country": "Italy"}
PARIS = {"facility": "Hôpital Necker", "city": "Paris", "country": "France"}

#: The real studies that concern acute lymphoblastic leukemia by a condition or the official title, read one
#: by one.
OF_ALL = {
    "NCT03319901",
    "NCT03564470",
    "NCT04767152",
    "NCT04811560",
    "NCT05086315",
    "NCT05164042",
    "NCT05326516",
    "NCT05521087",
    "NCT05658640",
    "NCT05774990",
    "NCT05918692",
    "NCT05923112",
}


def site(facility: str, city: str, country: str, status: str | None = None) -> dict[str, str]:
    found = {"facility": facility, "city": city, "country": country}
    return {**found, "status": status} if status else found


def trial(**changed: Any) -> dict[str, Any]:
    """The page's trial as a stored snapshot, with some fields changed; None takes a field away."""
    data = {
        "nct_id": "NCT04787263",
        "revision": 1,
        "url": "https://example.org/trials/NCT04787263",
        "title": "Engineered immune cells take on childhood leukemia and lymphoma",
        "summary": "This study is testing a therapy where a child's own immune cells are modified.",
        "status": "RECRUITING",
        "phases": ["PHASE1", "PHASE2"],
        "enrollment": {"count": 40, "type": "ESTIMATED"},
        "start_date": {"date": "2021-03-04", "type": "ACTUAL"},
        "primary_completion_date": {"date": "2026-12", "type": "ESTIMATED"},
        "eligibility": {
            "minimum_age": "1 Year",
            "maximum_age": "25 Years",
            "sex": "ALL",
            "healthy_volunteers": False,
            "criteria": "Inclusion Criteria:\n\n* Relapsed leukemia\n* Weight above 10 kg\n\n"
            "Exclusion Criteria:\n\n* Pregnancy",
        },
        "interventions": [{"type": "BIOLOGICAL", "name": "CD19-CAR_Lenti"}],
        "primary_outcomes": [{"measure": "Dose limiting toxicities", "time_frame": "4 weeks"}],
        "has_results": False,
        "sponsor": "Bambino Gesù Hospital and Research Institute",
        "contacts": [{"name": "Franco", "phone": "+39 06 1", "email": "franco@example.org"}],
        "locations": [{**ROMA, "status": "RECRUITING"}],
        "conditions": [ALL],
        "registry_first_posted": "2021-03-08",
        "registry_last_updated": "2025-12-02",
        **changed,
    }
    return read_snapshot({key: value for key, value in data.items() if value is not None})


def worded(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The sentence for a change, with its level: "high: The registry now says …"."""
    return [
        f"{sentence.level.name.lower()}: {sentence.text}"
        for sentence in trial_sentences(diff(before, after), after["status"], ENGLISH)
    ]


def details(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The lines below what a follower reads."""
    return [
        line
        for sentence in trial_sentences(diff(before, after), after["status"], ENGLISH)
        for line in sentence.details
    ]


@cache
def studies() -> dict[str, dict[str, Any]]:
    """The real records, by file name."""
    paths = sorted((DATA / "registry" / "studies").glob("*.json"))
    return {path.stem: json.loads(path.read_text()) for path in paths}


@cache
def real_trials() -> dict[str, dict[str, Any]]:
    """The snapshots of the real records."""
    return {name: trial_data(record) for name, record in studies().items()}
