"""Records as large as an event may be: compared each with each, their parts would hold a worker for long."""

import pytest

from service.domain.trials.change import Kind
from service.domain.trials.comparison.collections import diff_interventions
from service.domain.trials.comparison.diff import diff
from service.domain.wording.language import ENGLISH
from service.domain.wording.sentences import trial_sentences
from tests.unit.domain.trials import trial

LETTERS = "bcdfghjklmnpqrstvwxz"
VOWELS = "aeiouy"


def word(number):
    """A word of its own for each number."""
    word = ""
    for _ in range(4):
        number, letter = divmod(number, len(LETTERS))
        word += LETTERS[letter] + VOWELS[letter % len(VOWELS)]
    return word


def change(kind, before, after):
    (found,) = diff(before, after)
    assert found.kind is kind
    assert trial_sentences([found], after["status"], ENGLISH)
    return len(found.before), len(found.after)


def of_criteria(before, after):
    return change(
        Kind.CRITERIA,
        *(trial(eligibility={"criteria": "Inclusion Criteria:\n" + text}) for text in (before, after)),
    )


def rules(first, count=2_450):
    return "".join(f"* {word(first + 2 * n)} {word(first + 2 * n + 1)}\n" for n in range(count))


def test_thousands_of_new_rules_replace_as_many():
    assert of_criteria(rules(0), rules(10_000)) == (2_450, 2_450)


def test_thousands_of_numbers_within_a_line_are_looked_at_one_by_one():
    assert of_criteria(" 1. a" * 9_800, " 1. b" * 9_800) == (1, 1)


def test_a_word_that_fills_the_text_is_a_rule():
    assert of_criteria("a" * 48_000 + " (A)", "b" * 48_000 + " (B)") == (1, 1)


@pytest.mark.parametrize("part", ["1.", "1", "ps "])
def test_endless_figures_and_scales_are_read_once(part):
    text = part * (48_000 // len(part))
    assert of_criteria(f"{text} 2 or more, ECOG < 1 - 2", f"{text} 3 or less, ECOG < 2 - 3") == (1, 1)


def test_a_thousand_treatments_replace_as_many():
    before, after = (
        trial(interventions=[{"name": f"{word(first + n) * 20} (code {n})"} for n in range(1_000)])
        for first in (0, 1_000)
    )
    assert change(Kind.INTERVENTIONS, before, after) == (1_000, 1_000)


@pytest.mark.parametrize("name", ["Treatment ({} mg)", "ABC-{} (treatments)"])
def test_a_thousand_names_with_something_in_common_are_compared(name):
    before, after = ([name.format(n) for n in range(first, first + 1_000)] for first in (10_000, 20_000))
    change = diff_interventions(before, after)
    assert (change is None) == (name == "ABC-{} (treatments)"), "one names a dose, the other a substance"


@pytest.mark.parametrize("label", [1, pytest.param(100, marks=pytest.mark.slow)], ids=["short", "long"])
def test_a_thousand_groups_replace_as_many(label):
    before, after = (
        trial(arms=[{"label": f"{word(first + n)} " * label, "type": "OTHER"} for n in range(1_000)])
        for first in (0, 1_000)
    )
    (found,) = diff(before, after)
    assert (len(found.before["arms"]), len(found.after["arms"])) == (1_000, 1_000)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["a ", "< "])
def test_a_hundred_groups_whose_labels_are_nothing_but_marks_replace_as_many(part):
    before, after = (
        trial(arms=[{"label": part * 500 + word(first + n), "type": "OTHER"} for n in range(100)])
        for first in (0, 100)
    )
    (found,) = diff(before, after)
    assert (len(found.before["arms"]), len(found.after["arms"])) == (100, 100)


def test_measurements_of_many_words_are_shown_by_their_difference():
    before, after = (
        trial(
            primary_outcomes=[
                {"measure": " ".join(word((n * k + first) % 40) for k in range(550))} for n in range(50)
            ]
        )
        for first in (0, 3)
    )
    gone, new = change(Kind.PRIMARY_OUTCOMES, before, after)
    assert gone == new > 20
