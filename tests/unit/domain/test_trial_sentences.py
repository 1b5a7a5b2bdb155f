"""Sentences for several changes of one trial together, without those a careful person would leave out."""

from itertools import pairwise

import pytest

from service.domain.digests.net_changes import net_changes
from service.domain.trials.comparison.diff import diff
from service.domain.wording.headline import headlines
from service.domain.wording.language import ENGLISH
from service.domain.wording.relevant import relevant
from service.domain.wording.sentences import trial_sentences
from service.languages import language
from tests.unit.domain.trials import PARIS, ROMA, details, site, trial, worded


def planned(day):
    return {"date": day, "type": "ESTIMATED"}


def test_two_ends_that_moved_alike_are_reported_as_one():
    before = trial(primary_completion_date=planned("2026-12"), completion_date=planned("2026-12"))
    after = trial(primary_completion_date=planned("2027-12"), completion_date=planned("2027-12"))
    assert worded(before, after) == [
        "low: The planned end of the study moved from December 2026 to December 2027. "
        "The same holds for the end of its main measurements."
    ]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("de", "Laut Register ist die Studie beendet: 30. Juni 2026."),
        ("fr", "Selon le registre, l’étude a pris fin\u00a0: 30 juin 2026."),
        ("it", "Secondo il registro, lo studio è finito: 30 giugno 2026."),
    ],
)
def test_the_end_of_a_study_that_was_stopped_has_other_words_than_a_finished_one(code, words):
    (change,) = diff(
        trial(completion_date={"date": "2026-06-30", "type": "ESTIMATED"}, status="TERMINATED"),
        trial(completion_date={"date": "2026-06-30", "type": "ACTUAL"}, status="TERMINATED"),
    )
    (sentence,) = trial_sentences([change], "TERMINATED", language(code))
    assert sentence.text == words


def test_a_study_that_paused_with_its_sites_is_one_sentence():
    before = trial(
        status="RECRUITING", locations=[{**ROMA, "status": "RECRUITING"}, {**PARIS, "status": "RECRUITING"}]
    )
    paused = trial(
        status="SUSPENDED", locations=[{**ROMA, "status": "SUSPENDED"}, {**PARIS, "status": "SUSPENDED"}]
    )
    assert worded(before, paused) == ["high: The registry now says this study is paused."]
    fewer = trial(
        status="SUSPENDED", locations=[{**ROMA, "status": "SUSPENDED"}, {**PARIS, "status": "COMPLETED"}]
    )
    assert len(worded(before, fewer)) == 2
    assert len(worded(before, {**paused, "status": "RECRUITING"})) == 2


def test_two_ends_that_moved_apart_are_reported_each():
    before = trial(primary_completion_date=planned("2026-12"), completion_date=planned("2026-12"))
    after = trial(primary_completion_date=planned("2027-12"), completion_date=planned("2028-12"))
    assert len(worded(before, after)) == 2


def test_a_study_cancelled_before_anyone_joined_had_no_measurements_and_no_participants():
    before = trial(completion_date=planned("2027-06"))
    ended = {"date": "2026-11-02", "type": "ACTUAL"}
    after = trial(
        status="WITHDRAWN",
        primary_completion_date=ended,
        completion_date=ended,
        enrollment={"count": 0, "type": "ACTUAL"},
    )
    assert worded(before, after) == [
        "high: The registry now says this study was cancelled before anyone joined."
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["Cabozantinib and fulvestrant"], ["Cabozantinib", "Fulvestrant"]),
        (["Glucosamine", "Chondroitin"], ["Chondroitin + Glucosamine"]),
        (["Eribulin mesylate (E7389)"], ["eribulin mesylate"]),
    ],
)
def test_the_same_things_tested_under_other_names_are_no_news(before, after):
    old, new = (trial(interventions=[{"name": name} for name in names]) for names in (before, after))
    assert worded(old, new) == []


def test_a_medicine_that_joins_another_is_shown_beside_it():
    old, new = (trial(interventions=[{"name": name}]) for name in ("Cabozantinib", "Cabozantinib and more"))
    assert details(old, new) == ["Before: Cabozantinib", "Now: Cabozantinib and more"]


def test_another_dose_in_brackets_is_news():
    old, new = (trial(interventions=[{"name": f"Drug ({dose} mg)"}]) for dose in (10, 20))
    assert worded(old, new) == ["medium: What is being tested changed."]


def test_measurements_at_another_time_are_reported_as_that():
    after = trial(primary_outcomes=[{"measure": "Dose limiting toxicities", "time_frame": "8 weeks"}])
    assert worded(trial(), after) == ["low: The time of the study's main measurements changed."]


def test_a_contact_that_is_gone_is_named_where_no_other_one_came():
    anna, bo = {"name": "Anna Rossi", "phone": "+39 06 1"}, {"name": "Bo Li", "phone": "+39 06 2"}
    both, one = trial(contacts=[anna, bo]), trial(contacts=[anna])
    assert details(both, one) == ["No longer there: Bo Li, +39 06 2"]
    assert details(one, trial(contacts=[bo])) == ["New: Bo Li, +39 06 2"]


def test_an_inapplicable_phase_is_worded():
    assert worded(trial(phases=["NA"]), trial()) == [
        "medium: The phase of the study: not applicable → Phase 1 and Phase 2."
    ]


def test_many_countries_are_named_up_to_a_number():
    names = [
        "Italy",
        "France",
        "Spain",
        "Germany",
        "Austria",
        "Poland",
        "Norway",
        "Sweden",
        "Greece",
        "Malta",
    ]
    after = trial(locations=[ROMA, *(site(f"Hospital {n}", n, n, "RECRUITING") for n in names)])
    (sentence,) = worded(trial(), after)
    assert sentence.startswith("high: 10 sites were added: Austria (Austria), France (France)")
    assert sentence.endswith("Poland (Poland) and 2 more countries.")


def test_sites_of_one_country_are_counted_once():
    after = trial(locations=[ROMA, *(site(f"Hospital {n}", "Lyon", "France") for n in "abcd")])
    assert worded(trial(), after) == ["high: 4 sites were added: France (Lyon)."]


def test_a_town_at_the_end_of_a_facility_name_is_not_repeated():
    after = trial(locations=[ROMA, {**PARIS, "facility": "Hôpital Necker, Paris"}])
    assert worded(trial(), after) == ["high: A site was added: Hôpital Necker, Paris, France."]


def test_changed_sites_of_a_closed_study_are_reported_as_numbers():
    closed = trial(status="COMPLETED", locations=[ROMA, PARIS])
    assert worded(closed, trial(status="COMPLETED", locations=[PARIS])) == [
        "low: The list of study sites changed: 1 is no longer listed."
    ]


def test_steps_without_net_news_still_set_the_start_of_the_next_step():
    actual = ({"date": day, "type": "ACTUAL"} for day in ("2026-10-26", "2026-12-07"))
    days = ({"date": "2026-10"}, {"date": "2026-11"}, *actual)
    steps = [trial(start_date=day) for day in days]
    changes = net_changes([change for old, new in pairwise(steps) for change in diff(old, new)])
    assert [sentence.text for sentence in trial_sentences(changes, "RECRUITING", ENGLISH)] == [
        "The registry now says the study started on 7 December 2026. The date given before was October 2026."
    ]


@pytest.mark.parametrize("status", ["COMPLETED", "TERMINATED"])
def test_eligibility_of_an_ended_study_is_in_the_past_tense_and_not_urgent(status):
    limits = [
        {"minimum_age": "1 Year", "sex": "ALL", "healthy_volunteers": False, "criteria": "Any person."},
        {"minimum_age": "2 Years", "sex": "FEMALE", "healthy_volunteers": True, "criteria": "No person."},
    ]
    before, after = (trial(status=status, eligibility=each) for each in limits)
    assert worded(before, after) == [
        "low: Ages who could join: 1 year and older → 2 years and older.",
        "low: Who could join: people of any sex → female participants only.",
        "low: The rules about who could join changed.",
    ]


def test_the_headline_of_a_finished_study_is_that_it_has_finished():
    before = trial(eligibility={"maximum_age": "80 Years"})
    after = trial(status="COMPLETED", eligibility={"maximum_age": "90 Years"})
    shown, _ = headlines(relevant(diff(before, after), "COMPLETED"), ENGLISH)
    assert shown == ("Finished",)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, ["high: A site was added: Hospital 0, Roma, Italy."]),
        (
            2,
            [
                "high: A site was added: Hospital 0, Roma, Italy.",
                "high: A site was added: Hospital 1, Milano, Italy.",
            ],
        ),
        (
            3,
            [
                "high: 3 sites were added: Hospital 0, Roma, Italy; Hospital 1, Milano, Italy; "
                "Hospital 2, Bari, Italy."
            ],
        ),
        (4, ["high: 4 sites were added: Italy (Roma, Milano, Bari, Pisa)."]),
    ],
)
def test_three_sites_share_a_sentence_and_keep_their_names(count, expected):
    towns = ("Roma", "Milano", "Bari", "Pisa")
    new = [site(f"Hospital {n}", towns[n], "Italy") for n in range(count)]
    assert worded(trial(locations=[PARIS]), trial(locations=[PARIS, *new])) == expected


def test_three_sites_that_stop_share_a_sentence():
    towns = ("Roma", "Milano", "Bari")
    before, after = (
        trial(locations=[PARIS, *(site(f"Hospital {n}", towns[n], "Italy", status) for n in range(3))])
        for status in ("RECRUITING", "TERMINATED")
    )
    assert worded(before, after) == [
        "high: 3 sites stopped taking part: Hospital 0, Roma, Italy; Hospital 1, Milano, Italy; "
        "Hospital 2, Bari, Italy."
    ]


def test_past_rules_that_changed_in_two_ways_are_one_sentence():
    closed = {"status": "ACTIVE_NOT_RECRUITING"}
    rules = {"criteria": "Inclusion Criteria:\n\n* Age over 18 years", "healthy_volunteers": False}
    others = {"criteria": "Inclusion Criteria:\n\n* Age over 16 years", "healthy_volunteers": True}
    before, after = trial(eligibility=rules, **closed), trial(eligibility=others, **closed)
    assert worded(before, after) == ["medium: The rules about who could join changed."]
    assert details(before, after) == [
        "Inclusion criteria (who could join):",
        "Before: Age over 18 years",
        "Now: Age over 16 years",
    ]
