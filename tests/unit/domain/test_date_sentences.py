"""Sentences for dates and for the number of participants, planned and actual."""

import pytest

from tests.unit.domain.trials import trial, worded


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            ("2026-12", "ESTIMATED"),
            ("2027-06-30", "ESTIMATED"),
            "low: The planned end of the study's main measurements moved from December 2026 to 30 June 2027.",
        ),
        (
            ("2026-12-01", "ESTIMATED"),
            ("2027-01-15", "ESTIMATED"),
            "low: The planned end of the study's main measurements moved from 1 December "
            "2026 to 15 January 2027.",
        ),
        (
            ("2026-12", "ESTIMATED"),
            ("2026-12-15", "ACTUAL"),
            "low: The registry now says the study's main measurements ended on 15 December 2026.",
        ),
        (
            ("2026-12", "ANTICIPATED"),
            ("2026-12-15", "ACTUAL"),
            "low: The registry now says the study's main measurements ended on 15 December 2026.",
        ),
        (
            ("2026-12", "Anticipated"),
            ("2027-06", "ANTICIPATED"),
            "low: The planned end of the study's main measurements moved from December 2026 to June 2027.",
        ),
        (
            ("2026-12", "ACTUAL"),
            ("2026-11", "ACTUAL"),
            "low: The date on which the study's main measurements ended was corrected from December 2026 to "
            "November 2026.",
        ),
        (
            ("2026-12", "ACTUAL"),
            ("2027-11", "ESTIMATED"),
            "medium: The end of the study's main measurements, given as past before, is now expected: "
            "November 2027.",
        ),
    ],
)
def test_a_date_is_worded(before, after, words):
    old, new = (trial(primary_completion_date={"date": day, "type": kind}) for day, kind in (before, after))
    assert worded(old, new) == [words]


def test_the_start_of_a_study_is_worded():
    before = trial(start_date={"date": "2021-02", "type": "ESTIMATED"})
    assert worded(before, trial()) == [
        "low: The registry now says the study started on 4 March 2021. The date given "
        "before was February 2021."
    ]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ((40, "ESTIMATED"), (70, "ESTIMATED"), "low: Planned participants: 40 → 70."),
        ((1250, "ESTIMATED"), (625, "ESTIMATED"), "medium: Planned participants: 1,250 → 625."),
        ((40, "ESTIMATED"), (32, "ACTUAL"), "low: 32 people took part. 40 were planned."),
        ((32, "ESTIMATED"), (32, "ACTUAL"), "low: 32 people took part."),
        ((40, "ANTICIPATED"), (32, "ACTUAL"), "low: 32 people took part. 40 were planned."),
        ((40, "ANTICIPATED"), (70, "ESTIMATED"), "low: Planned participants: 40 → 70."),
        ((40, None), (32, "ACTUAL"), "low: 32 people took part. The registry said 40 before."),
        ((40, "ESTIMATED"), (1, "ACTUAL"), "medium: 1 person took part. 40 were planned."),
        (
            (40, "ACTUAL"),
            (70, "ESTIMATED"),
            "low: 70 participants are planned now. The registry gave 40 as the final number before.",
        ),
        ((40, "ESTIMATED"), (0, "ACTUAL"), "medium: Nobody took part in the study. 40 were planned."),
    ],
)
def test_the_number_of_participants_is_worded(before, after, words):
    old, new = (trial(enrollment={"count": count, "type": kind}) for count, kind in (before, after))
    assert worded(old, new) == [words]


def test_a_plan_in_the_word_of_older_records_is_the_same():
    for field, value in (("start_date", {"date": "2021-03"}), ("enrollment", {"count": 40})):
        old, new = (trial(**{field: {**value, "type": kind}}) for kind in ("ANTICIPATED", "ESTIMATED"))
        assert worded(old, new) == worded(new, old) == []
