"""A study at a glance: its most important changes, and the status as a line of words."""

import pytest

from service.domain.trials.change import Change, Kind, Level, merged, removed
from service.domain.trials.comparison.diff import diff
from service.domain.wording.headline import Tone, headlines, importance, status_label, status_line
from service.domain.wording.language import ENGLISH
from tests.unit.domain.trials import trial

STATUSES = [
    "RECRUITING",
    "NOT_YET_RECRUITING",
    "ENROLLING_BY_INVITATION",
    "ACTIVE_NOT_RECRUITING",
    "SUSPENDED",
    "TERMINATED",
    "WITHDRAWN",
    "COMPLETED",
    "UNKNOWN",
    "AVAILABLE",
    "NO_LONGER_AVAILABLE",
    "TEMPORARILY_NOT_AVAILABLE",
    "APPROVED_FOR_MARKETING",
    "WITHHELD",
]


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_label_that_says_whether_one_can_join(status):
    label = status_label(status, ENGLISH)
    assert label[0].isupper()
    assert "_" not in label
    assert label.lower() != status.replace("_", " ").lower() or status == "WITHHELD"
    assert (label == "Taking participants") == (status == "RECRUITING")


def test_an_unknown_status_is_shown_as_the_registry_writes_it():
    assert status_label("SOMETHING_ELSE", ENGLISH) == "Something else"


def test_the_status_line_shows_the_earlier_status_only_after_a_change():
    line = status_line(diff(trial(), trial(status="SUSPENDED")), "SUSPENDED", ENGLISH)
    assert line == "Status in the registry: Taking participants → Paused"
    unchanged = status_line(diff(trial(), trial(has_results=True)), "RECRUITING", ENGLISH)
    assert unchanged == "Status in the registry: Taking participants"
    anew = diff(
        trial(status="TERMINATED", why_stopped="Funding"), trial(status="TERMINATED", why_stopped="Sponsor")
    )
    assert status_line(anew, "TERMINATED", ENGLISH) == "Status in the registry: Stopped early"


def test_two_changes_are_named_at_most_and_a_small_one_only_alone():
    changes = diff(
        trial(),
        trial(status="TERMINATED", has_results=True, eligibility={"minimum_age": "9 Years"}, sponsor="Other"),
    )
    assert headlines(changes, ENGLISH) == (("Stopped early", "Results posted"), Tone.STOPPED)
    small = diff(trial(), trial(sponsor="Another"))
    assert headlines(small, ENGLISH) == (("Details changed",), Tone.PLAIN)
    both = diff(trial(), trial(sponsor="Another", has_results=True))
    assert headlines(both, ENGLISH) == (("Results posted",), Tone.PLAIN)


def test_the_headline_on_eligibility_of_a_closed_study_is_in_the_past_tense():
    changes = diff(trial(), trial(eligibility={"maximum_age": "30 Years"}))
    assert headlines(changes, ENGLISH) == (("Who can join changed",), Tone.PLAIN)
    assert headlines(changes, ENGLISH, past=True) == (("Who could join changed",), Tone.PLAIN)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_change_has_words_and_a_place(kind):
    change = _example(kind)
    ((words, *_), tone) = headlines([change], ENGLISH)
    assert words
    assert words[0].isupper()
    assert isinstance(tone, Tone)
    assert 0 <= importance(change) <= 99


def _example(kind):
    if kind is Kind.REMOVED:
        return removed(None)
    if kind is Kind.MERGED:
        return merged("NCT00000001")
    return Change(kind, Level.HIGH, {"status": "RECRUITING"}, {"status": "SUSPENDED", "recent": True})
