"""Changes of a demo trial, one click each: each makes a new snapshot from the last one."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

DemoTrial = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OneClick:
    """A change of a trial, with the text of its button."""

    slug: str
    label: str
    apply: Callable[[DemoTrial, date], None]


def _recruiting(trial: DemoTrial, today: date) -> None:
    trial["status"], trial["why_stopped"] = "RECRUITING", None
    for place in trial["locations"]:
        place["status"] = "RECRUITING"


def _not_recruiting(trial: DemoTrial, today: date) -> None:
    trial["status"] = "ACTIVE_NOT_RECRUITING"
    for place in trial["locations"]:
        place["status"] = None


def _site_in(city: str, country: str, facility: str) -> Callable[[DemoTrial, date], None]:
    def apply(trial: DemoTrial, today: date) -> None:
        place = {"facility": facility, "city": city, "region": None, "postal_code": None, "country": country}
        if all(site["facility"] != facility for site in trial["locations"]):
            open_now = trial["status"] == "RECRUITING"
            trial["locations"].append(place | {"status": "RECRUITING" if open_now else None})

    return apply


def _last_site_gone(trial: DemoTrial, today: date) -> None:
    if len(trial["locations"]) > 1:
        trial["locations"].pop()


def _stopped(trial: DemoTrial, today: date) -> None:
    trial["status"] = "TERMINATED"
    trial["why_stopped"] = "Too few people could take part to answer the question."
    trial["completion_date"] = {"date": today.isoformat(), "type": "ACTUAL"}


def _results(trial: DemoTrial, today: date) -> None:
    trial["has_results"] = True


def _older_people(trial: DemoTrial, today: date) -> None:
    ages = trial["eligibility"]
    ages["maximum_age"] = "30 Years" if ages.get("maximum_age") != "30 Years" else "25 Years"


def _later_end(trial: DemoTrial, today: date) -> None:
    moved = (today + timedelta(days=730)).strftime("%Y-%m")
    trial["primary_completion_date"] = {"date": moved, "type": "ESTIMATED"}


def _rewritten(trial: DemoTrial, today: date) -> None:
    trial["summary"] = f"{trial['summary']} (Reworded on {today.isoformat()}.)"


CHANGES = (
    OneClick("recruiting", "It takes participants (again)", _recruiting),
    OneClick("not-recruiting", "It no longer takes new participants", _not_recruiting),
    OneClick(
        "site-milano", "A site is added in Milano, Italy", _site_in("Milano", "Italy", "Ospedale di Milano")
    ),
    OneClick("site-lyon", "A site is added in Lyon, France", _site_in("Lyon", "France", "Hôpital de Lyon")),
    OneClick("site-gone", "The last site is no longer listed", _last_site_gone),
    OneClick("older-people", "The ages who can join change", _older_people),
    OneClick("later-end", "It is expected to end two years from now", _later_end),
    OneClick("results", "Results are posted", _results),
    OneClick("stopped", "It stops early, with a reason", _stopped),
    OneClick("rewritten", "Only the website's own words change (nobody is notified)", _rewritten),
)


def changed(trial: DemoTrial, slug: str, today: date) -> DemoTrial:
    """The snapshot of `trial` after one of CHANGES. Raises KeyError for an unknown change."""
    change = {example.slug: example for example in CHANGES}[slug]
    after = copy.deepcopy(trial)
    change.apply(after, today)
    after |= {
        "revision": trial["revision"] + 1,
        "notify": "allow",
        "reason": "registry",
        "registry_last_updated": today.isoformat(),
    }
    return after


def new_trial(number: int, today: date) -> DemoTrial:
    """A new trial on acute lymphoblastic leukemia that recruits."""
    return {
        "nct_id": f"NCT{99000000 + number}",
        "revision": 1,
        "notify": "allow",
        "reason": "registry",
        "title": f"A demonstration study of a new medicine for leukemia (number {number})",
        "summary": "This study was made up to show how a new study is announced. It tests a new medicine "
        "together with standard treatment. The goal is to find out which dose is safe.",
        "status": "RECRUITING",
        "phases": ["PHASE2"],
        "enrollment": {"count": 60, "type": "ESTIMATED"},
        "eligibility": {"minimum_age": "18 Years", "maximum_age": None, "sex": "ALL"},
        "interventions": [{"type": "DRUG", "name": "Demonstramab"}],
        "has_results": False,
        "sponsor": "Example Foundation",
        "locations": [
            {
                "facility": "Example Hospital",
                "city": "Berlin",
                "region": None,
                "postal_code": None,
                "country": "Germany",
                "status": "RECRUITING",
            }
        ],
        "conditions": [{"id": "MONDO:0004967", "name": "acute lymphoblastic leukemia"}],
        "registry_first_posted": today.isoformat(),
        "registry_last_updated": today.isoformat(),
        "first_seen": today.isoformat(),
    }
