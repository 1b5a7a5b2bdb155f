"""What was found on the registry's real records: a test for each row of that table, by the row's name."""

import json
from typing import Any

import pytest

from service.domain.trials.announcements import announcements_for
from service.domain.trials.change import Change, Kind, Level
from service.domain.trials.diff import diff
from service.domain.trials.registry_record import trial_data
from service.domain.trials.snapshot import read_snapshot
from tests.unit.domain.revision_store import TODAY
from tests.unit.domain.trials import ALL, DATA, ROMA, trial

CASES = DATA / "registry" / "cases"


def record(name: str) -> dict[str, Any]:
    read = json.loads((CASES / f"{name}.json").read_text())
    return read_snapshot(trial_data(read, revision=1, url="https://example.org/trials/{nct_id}"))


def changes(name: str) -> dict[Kind, Change]:
    return {one.kind: one for one in diff(record(f"{name}.before"), record(f"{name}.after"))}


def kinds(before: dict[str, Any], after: dict[str, Any]) -> list[Kind]:
    return [one.kind for one in diff(trial(**before), trial(**after))]


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


def test_a_site_goes_from_completed_to_active_not_recruiting() -> None:
    before, after = (
        {"status": "RECRUITING", "locations": [{**ROMA, "status": status}]}
        for status in ("COMPLETED", "ACTIVE_NOT_RECRUITING")
    )
    assert kinds(before, after) == []


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
    names = [one["name"].casefold() for one in record("08_odd_mesh_heading_NCT06989112")["conditions"]]
    assert names
    assert not [name for name in names if "parkinson" in name]


def test_arms_and_cohorts_opened_or_closed() -> None:
    assert Kind.ARMS in changes("06_arms_changed")


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
    assert [one.level for one in diff(before, after)] == [Level.LOW]


def test_a_full_stop_or_hyphen_in_the_title() -> None:
    assert kinds({"title": "A long-term study"}, {"title": "A long term study."}) == []
