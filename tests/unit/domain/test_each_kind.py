"""Each kind of change: its example is found, has a level, a sentence, a headline, a place in the order."""

from datetime import date

import pytest

from service.domain.digests.filters import Filters, narrowed
from service.domain.trials.change import ORDER, Change, Kind, Level, merged, removed
from service.domain.trials.comparison.diff import diff
from service.domain.trials.news.announcements import announcements_for
from service.domain.wording.headline import headlines, importance
from service.domain.wording.language import ENGLISH
from service.domain.wording.sentences import sentences
from tests.unit.domain.trials import LYMPHOMA, PARIS, trial

TODAY = date(2026, 1, 2)
ELIGIBILITY = {"minimum_age": "1 Year", "maximum_age": "25 Years", "sex": "ALL", "healthy_volunteers": False}
ARM = {"label": "CD19-CAR", "type": "EXPERIMENTAL"}


def _differing(before, after):
    """The only change between two versions of the trial."""
    (change,) = diff(trial(**before), trial(**after))
    return change


def _eligibility(**changed):
    return _differing({"eligibility": ELIGIBILITY}, {"eligibility": ELIGIBILITY | changed})


def _estimated(name, day):
    return _differing(
        {name: {"date": "2027-05", "type": "ESTIMATED"}}, {name: {"date": day, "type": "ESTIMATED"}}
    )


def _announced(before, after):
    """The announcement to the followers of the trial's condition."""
    found = announcements_for(
        None if before is None else trial(**before), trial(**after), lambda key: (), TODAY
    )
    (change,) = found.values()
    return change


def _fits_now():
    """Known and open before: new to a reader who filters for the country that was added."""
    change = _announced({}, {"locations": [PARIS]})
    return narrowed(Filters(countries=frozenset({"FR"})), change, trial(locations=[PARIS]))


#: An example of each kind, and the level that it has.
EXAMPLES = {
    Kind.REMOVED: (lambda: removed(None), Level.HIGH),
    Kind.MERGED: (lambda: merged("NCT00000001"), Level.HIGH),
    Kind.NEW_FOR_CONDITION: (lambda: _announced(None, {}), Level.HIGH),
    Kind.NOW_RECRUITING: (lambda: _announced({"status": "SUSPENDED"}, {}), Level.HIGH),
    Kind.NOW_MATCHES: (_fits_now, Level.HIGH),
    Kind.STATUS: (lambda: _differing({}, {"status": "SUSPENDED"}), Level.HIGH),
    Kind.RESULTS: (lambda: _differing({}, {"has_results": True}), Level.HIGH),
    Kind.PLAIN_RESULTS: (
        lambda: _differing({"plain_results_url": ""}, {"plain_results_url": "https://example.org/results"}),
        Level.HIGH,
    ),
    Kind.AGES: (lambda: _eligibility(maximum_age="30 Years"), Level.HIGH),
    Kind.SEX: (lambda: _eligibility(sex="FEMALE"), Level.HIGH),
    Kind.EXPANDED_ACCESS: (
        lambda: _differing(
            {"expanded_access": {"available": False}}, {"expanded_access": {"available": True}}
        ),
        Level.HIGH,
    ),
    Kind.ARMS: (
        lambda: _differing({"arms": [ARM]}, {"arms": [ARM, {"label": "Placebo", "type": "PLACEBO"}]}),
        Level.HIGH,
    ),
    Kind.SITES: (lambda: _differing({}, {"locations": [PARIS]}), Level.HIGH),
    Kind.CRITERIA: (
        lambda: _differing(
            {"eligibility": {"criteria": "Inclusion Criteria:\n\n* Relapsed leukemia"}},
            {"eligibility": {"criteria": "Inclusion Criteria:\n\n* First remission"}},
        ),
        Level.MEDIUM,
    ),
    Kind.HEALTHY_VOLUNTEERS: (lambda: _eligibility(healthy_volunteers=True), Level.MEDIUM),
    Kind.INTERVENTIONS: (
        lambda: _differing({}, {"interventions": [{"type": "DRUG", "name": "Blinatumomab"}]}),
        Level.MEDIUM,
    ),
    Kind.STUDY_TYPE: (
        lambda: _differing({"study_type": "OBSERVATIONAL"}, {"study_type": "INTERVENTIONAL"}),
        Level.MEDIUM,
    ),
    Kind.PHASES: (lambda: _differing({}, {"phases": ["PHASE2"]}), Level.MEDIUM),
    Kind.START_DATE: (lambda: _estimated("start_date", "2027-09"), Level.MEDIUM),
    Kind.PRIMARY_COMPLETION_DATE: (lambda: _estimated("primary_completion_date", "2027-09"), Level.LOW),
    Kind.COMPLETION_DATE: (lambda: _estimated("completion_date", "2027-09"), Level.LOW),
    Kind.ENROLLMENT: (
        lambda: _differing({}, {"enrollment": {"count": 80, "type": "ESTIMATED"}}),
        Level.LOW,
    ),
    Kind.PRIMARY_OUTCOMES: (
        lambda: _differing({}, {"primary_outcomes": [{"measure": "Overall survival"}]}),
        Level.LOW,
    ),
    Kind.DESIGN: (lambda: _differing({"masking": "NONE"}, {"masking": "DOUBLE"}), Level.LOW),
    Kind.CONDITIONS: (lambda: _differing({}, {"conditions": [LYMPHOMA]}), Level.LOW),
    Kind.CONTACTS: (lambda: _differing({}, {"contacts": [{"name": "Anna"}]}), Level.LOW),
    Kind.TITLE: (lambda: _differing({}, {"title": "Another name"}), Level.LOW),
    Kind.SPONSOR: (lambda: _differing({}, {"sponsor": "Another hospital"}), Level.LOW),
}


def test_each_kind_has_an_example():
    assert list(EXAMPLES) == list(Kind) == list(ORDER)


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_of_change_has_a_sentence_a_level_and_a_place(kind):
    make, level = EXAMPLES[kind]
    change: Change = make()
    assert (change.kind, change.level) == (kind, level)
    found = sentences(change, ENGLISH)
    assert found
    for sentence in found:
        assert sentence.level is level
        assert sentence.text[0].isupper()
        assert sentence.text[-1] in ".”"
        assert "{" not in sentence.text
    (headline, *_), _tone = headlines([change], ENGLISH)
    assert headline[0].isupper()
    assert 0 <= importance(change) <= 99
