"""The sentences for the registry's 83 real version patches, against the file checked line by line."""

import pytest

from service.domain.trials.change import Kind
from service.domain.trials.comparison.diff import diff
from service.domain.trials.registry.record import trial_data
from service.domain.wording.relevant import relevant
from tests.unit.domain.golden_file import GOLDEN, golden
from tests.unit.domain.version_patches import read_patches, records

PATCHES = read_patches()


def reported(patch):
    before, after = (trial_data(record, revision=number) for number, record in enumerate(records(patch)))
    return {change.kind: change for change in relevant(diff(before, after), after["status"])}


def replaced(patch, path):
    return any(op["path"] == path and op["op"] == "replace" for op in patch["ops"])


def test_the_sentences_of_every_patch_are_those_of_the_golden_file():
    assert golden() == GOLDEN.read_text()


def test_there_are_83_patches():
    assert len(PATCHES) == 83


@pytest.mark.parametrize(("name", "patch"), PATCHES, ids=[name for name, _ in PATCHES])
def test_no_change_of_status_is_missed_or_invented(name, patch):
    changed = replaced(patch, "/protocolSection/statusModule/overallStatus")
    assert (Kind.STATUS in reported(patch)) == changed


@pytest.mark.parametrize(("name", "patch"), PATCHES, ids=[name for name, _ in PATCHES])
def test_results_are_reported_when_they_are_posted_and_not_before(name, patch):
    posted = any(op["path"].endswith("/resultsFirstPostDateStruct") for op in patch["ops"])
    assert (Kind.RESULTS in reported(patch)) == posted


@pytest.mark.parametrize(("name", "patch"), PATCHES, ids=[name for name, _ in PATCHES])
def test_no_site_is_reported_by_a_patch_that_touches_none(name, patch):
    touched = any("/contactsLocationsModule/locations" in op["path"] for op in patch["ops"])
    assert touched or Kind.SITES not in reported(patch)


@pytest.mark.parametrize(("name", "patch"), PATCHES, ids=[name for name, _ in PATCHES])
def test_the_number_of_sites_reported_is_the_number_that_the_list_grew_by(name, patch):
    before, after = (trial_data(record, revision=1)["locations"] for record in records(patch))
    change = reported(patch).get(Kind.SITES)
    past = ("WITHDRAWN", "TERMINATED", "COMPLETED")
    grown = len([s for s in after if s.get("status") not in past]) - len(
        [s for s in before if s.get("status") not in past]
    )
    if change and not any("status" in s for s in (*change.before["sites"], *change.after["sites"])):
        assert len(change.after["sites"]) - len(change.before["sites"]) == grown


def test_a_list_that_shifts_by_one_moves_no_site():
    patch = dict(PATCHES)["NCT03197935_v0027-v0028_2019-10-29"]
    assert sum(op["path"].endswith("/facility") for op in patch["ops"]) == 76
    assert set(reported(patch)) == {Kind.STATUS}


def test_closure_is_reported_once_and_no_site_with_it():
    patch = dict(PATCHES)["NCT02755272_v0014-v0015_2023-06-23"]
    assert sum(op["path"].endswith("/status") for op in patch["ops"]) == 6
    assert set(reported(patch)) == {Kind.STATUS}
