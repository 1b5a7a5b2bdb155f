"""Findings on the registry's real records: a test for each row of that table, by the row's name."""

import json
from typing import Any

import pytest

from service.domain.trials.change import Change, Kind, Level
from service.domain.trials.comparison.diff import diff
from service.domain.trials.events.snapshot import read_snapshot
from service.domain.trials.news.announcements import announcements_for
from service.domain.trials.registry.record import trial_data
from tests.unit.domain.revision_store import TODAY
from tests.unit.domain.trials import ALL, DATA, ROMA, details, trial, worded

CASES = DATA / "registry" / "cases"


def record(name: str) -> dict[str, Any]:
    read = json.loads((CASES / f"{name}.json").read_text())
    return read_snapshot(trial_data(read, revision=1, url="https://example.org/trials/{nct_id}"))


def changes(name: str) -> dict[Kind, Change]:
    return {change.kind: change for change in diff(record(f"{name}.before"), record(f"{name}.after"))}


def kinds(before: dict[str, Any], after: dict[str, Any]) -> list[Kind]:
    return [change.kind for change in diff(trial(**before), trial(**after))]


@pytest.mark.parametrize("name", ["03_town_respelled", "04_town_respelled_same_postcode"])
def test_the_registrys_own_geocoder_respells_a_town_in_one_night(name: str) -> None:
    assert Kind.SITES not in changes(name)


@pytest.mark.parametrize(
    "placeholder", ["Local Institution - 0062", "Research Site", "GSK Investigational Site"]
)
def test_a_placeholder_that_becomes_a_name_or_loses_it(placeholder: str) -> None:
    sites = {"status": "RECRUITING", "locations": [ROMA]}
    unnamed = sites | {"locations": [{**ROMA, "facility": placeholder}]}
    assert kinds(unnamed, sites) == kinds(sites, unnamed) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [("Ospedale Bambino Gesù", "Policlinico Gemelli"), ("H\u00c3\u00b4pital Necker", "Hôpital Necker")],
    ids=["renamed", "mojibake"],
)
def test_a_renamed_hospital_or_corrected_mojibake(before: str, after: str) -> None:
    named = [{**ROMA, "facility": name, "postal_code": "00165"} for name in (before, after)]
    old, new = ({"status": "RECRUITING", "locations": [place]} for place in named)
    assert kinds(old, new) == kinds(new, old) == []
    waits, takes = (
        trial(status="RECRUITING", locations=[{**place, "status": status}])
        for place, status in zip(named, ("NOT_YET_RECRUITING", "RECRUITING"), strict=True)
    )
    assert worded(waits, takes) == [f"high: A site now takes participants: {after}, Roma, Italy."]


def test_a_sponsor_drops_all_facility_names_at_once() -> None:
    """As in the study whose 34 and 30 entries had no name in common: 4 sites in, 9 out."""

    def entries(counts: dict[tuple[str, str], int], *, named: bool) -> list[dict[str, str]]:
        return [
            {"city": city, "country": country} | ({"facility": f"{city} Hospital {n}"} if named else {})
            for (city, country), count in counts.items()
            for n in range(count)
        ]

    stays = {("Beijing", "China"): 5, ("Seoul", "Korea"): 10, ("Houston", "United States"): 10}
    left, came = {("Duarte", "United States"): 9}, {("Chengdu", "China"): 4}
    before = trial(status="RECRUITING", locations=entries(stays | left, named=True))
    after = trial(status="RECRUITING", locations=entries(stays | came, named=False))
    assert worded(before, after) == [
        "high: 4 sites were added: China (Chengdu).",
        "high: 9 sites are no longer listed: United States (Duarte).",
    ]


def test_a_site_goes_from_completed_to_active_not_recruiting() -> None:
    before, after = (
        trial(status="RECRUITING", locations=[{**ROMA, "status": status}])
        for status in ("COMPLETED", "ACTIVE_NOT_RECRUITING")
    )
    assert worded(before, after) == []


def test_sites_added_that_do_not_recruit_yet() -> None:
    paris = {"facility": "Robert-Debré", "city": "Paris", "country": "France", "status": "NOT_YET_RECRUITING"}
    rome = {**ROMA, "status": "RECRUITING"}
    before, after = (trial(status="RECRUITING", locations=sites) for sites in ([rome], [rome, paris]))
    (change,) = diff(before, after)
    assert (change.kind, change.level) == (Kind.SITES, Level.MEDIUM)
    assert [site["status"] for site in change.after["sites"]] == ["NOT_YET_RECRUITING"]


def test_open_to_unknown_without_a_new_update_date() -> None:
    assert changes("01_unknown_without_update_date")[Kind.STATUS].after["status"] == "UNKNOWN"


def test_the_registrys_derived_mesh_headings() -> None:
    names = [
        condition["name"].casefold() for condition in record("08_odd_mesh_heading_NCT06989112")["conditions"]
    ]
    assert names
    assert not [name for name in names if "parkinson" in name]


def test_arms_and_cohorts_opened_or_closed() -> None:
    assert changes("06_arms_changed")[Kind.ARMS].level is Level.HIGH


def test_an_expanded_access_programme_opens() -> None:
    before, after = ({"expanded_access": {"available": available}} for available in (False, True))
    assert kinds(before, after) == [Kind.EXPANDED_ACCESS]


def test_a_known_trial_of_a_followed_condition_starts_to_recruit() -> None:
    before, after = (
        trial(status=status, conditions=[ALL]) for status in ("NOT_YET_RECRUITING", "RECRUITING")
    )
    (change,) = announcements_for(before, after, lambda key: (key,), TODAY).values()
    assert (change.kind, change.level) == (Kind.NOW_RECRUITING, Level.HIGH)


def test_a_planned_date_moved_alone() -> None:
    before, after = (
        trial(status="ACTIVE_NOT_RECRUITING", completion_date={"date": day, "type": "ESTIMATED"})
        for day in ("2026-01", "2028-01")
    )
    assert [change.level for change in diff(before, after)] == [Level.LOW]


@pytest.mark.parametrize(
    ("key", "statuses"),
    [
        ("completion_date", ("RECRUITING", "ACTIVE_NOT_RECRUITING")),
        ("start_date", ("NOT_YET_RECRUITING", "NOT_YET_RECRUITING")),
    ],
    ids=["beside a status", "the start of an open study"],
)
def test_a_planned_date_moved_beside_a_status_or_the_start(key: str, statuses: tuple[str, str]) -> None:
    before, after = (
        trial(status=status, **{key: {"date": day, "type": "ESTIMATED"}})
        for status, day in zip(statuses, ("2026-01", "2028-01"), strict=True)
    )
    moved = [change for change in diff(before, after) if change.kind.value == key]
    assert [change.level for change in moved] == [Level.MEDIUM]


def criteria(*rules: str) -> dict[str, Any]:
    return trial(eligibility={"criteria": "Inclusion Criteria:\n\n" + "\n".join(rules)})


def test_criteria_reworded() -> None:
    before = criteria(
        "* Age of at least 18 yrs.", "* Weight above 10 kg", "a. Biopsy of the marrow", "* No HIV"
    )
    after = criteria(
        "1. No HIV", "2. Age of at least 18 years", "3. Smear of the marrow", "4. Weight above 6 kg"
    )
    assert details(before, after) == [
        "Inclusion criteria (who can join):",
        *("Before: Weight above 10 kg", "Now: Weight above 6 kg"),
        *("Before: Biopsy of the marrow", "Now: Smear of the marrow"),
    ]


def test_run_on_criteria_reworded() -> None:
    """A rule that stood there before is never new."""
    old, new = (
        (CASES / f"12_criteria_run_on_NCT07294508.{part}.txt").read_text() for part in ("before", "after")
    )
    lines = details(*(trial(eligibility={"criteria": text}) for text in (old, new)))
    assert lines
    assert not [line for line in lines if line.startswith("New")]


def test_a_full_stop_or_hyphen_in_the_title() -> None:
    assert kinds({"title": "A long-term study"}, {"title": "A long term study."}) == []
