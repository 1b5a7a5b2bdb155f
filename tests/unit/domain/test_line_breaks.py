"""Criteria whose lines only break elsewhere are the same; a changed rule among them is told whole."""

import textwrap
from itertools import permutations

import pytest

from service.domain.trials.criteria.diff import diff_criteria, rule_changes
from service.domain.trials.criteria.rule_list import read_rules
from tests.unit.domain.trials import studies


def criteria_of(name):
    return studies()[name]["protocolSection"]["eligibilityModule"]["eligibilityCriteria"]


def changes(before, after):
    """The rules that differ, as (before, after)."""
    return [(change.before, change.after) for change in rule_changes(read_rules(before), read_rules(after))]


@pytest.mark.parametrize("width", [60, 72, 80, 95])
@pytest.mark.parametrize(
    "name", ["NCT02513394_2023-10-06", "NCT04267848_2025-09-11", "NCT05326516_2023-11-07"]
)
def test_a_real_record_whose_lines_break_elsewhere_is_not_changed(name, width):
    whole = criteria_of(name)
    wrapped, otherwise = (
        "\n".join(textwrap.fill(line, wide, break_on_hyphens=False) for line in whole.splitlines())
        for wide in (width, width + 7)
    )
    for before, after in permutations((whole, wrapped, otherwise), 2):
        assert diff_criteria(read_rules(before), read_rules(after)) is None


def test_only_the_changed_rule_of_a_text_whose_lines_break_elsewhere_is_told():
    before = "* A biopsy of the marrow is required or\nof blood\n* ANC above 1500\n* No hepatitis B or C"
    after = "* A biopsy of the\nmarrow is required or of blood\n* ANC above 1000\n* No hepatitis\nB or C"
    assert changes(before, after) == [("ANC above 1500", "ANC above 1000")]


@pytest.mark.parametrize("width", [60, 72, 80])
def test_a_changed_rule_whose_lines_break_elsewhere_too_is_told_whole(width):
    """A number in a rule of three lines, among forty other rules."""
    whole = criteria_of("NCT05326516_2023-11-07")
    changed = whole.replace("within 28 days or 5 half-lives", "within 28 days or 7 half-lives")
    wrapped, otherwise = (
        "\n".join(textwrap.fill(line, wide) for line in text.splitlines())
        for text, wide in ((whole, width), (changed, width + 7))
    )
    (rule,) = rule_changes(read_rules(whole), read_rules(changed))
    assert "28 days or 5 half-lives, whichever is longer, since the completion" in rule.before
    for before, after in ((whole, otherwise), (wrapped, changed), (wrapped, otherwise)):
        told = diff_criteria(read_rules(before), read_rules(after))
        (found,) = rule_changes(told.before, told.after)
        assert " ".join(found.before.split()).replace("- ", "-") == rule.before
        assert " ".join(found.after.split()).replace("- ", "-") == rule.after


def test_a_word_that_breaks_at_its_hyphen_is_one():
    before = "* At least 100 days post-transplant, no disease\n* HIV\n* No anti-CD19 treatment before"
    after = "* At least 100 days post-\ntransplant, no disease\n* HIV\n* No anti-CD22 treatment\nbefore"
    assert changes(before, after) == [
        ("No anti-CD19 treatment before", "No anti-CD22 treatment\nbefore"),
    ]


def test_rules_that_stand_side_by_side_in_both_texts_stay_two():
    before = "* No surgery within 6 months\n* Prior chemotherapy is allowed\n* HIV"
    after = "* No surgery within 3 months\n* Prior chemotherapy is required\n* HIV"
    assert changes(before, after) == [
        ("No surgery within 6 months", "No surgery within 3 months"),
        ("Prior chemotherapy is allowed", "Prior chemotherapy is required"),
    ]
    before = "* Lung criteria:\n* Lung-specific illness is an exclusion\n* HIV"
    after = "* Lung criteria:\n* Lung specific illness or asthma is an exclusion\n* HIV or AIDS"
    assert changes(before, after)[0] == (
        "Lung-specific illness is an exclusion",
        "Lung specific illness or asthma is an exclusion",
    )


@pytest.mark.parametrize("rules", [4_000, 20])
def test_of_rules_that_all_begin_alike_only_the_changed_one_is_told(rules):
    """Of the many, not every pair is compared word by word: that would take a worker half a minute."""
    alike = [f"No earlier treatment with compound {number}" for number in range(rules)]
    changed = [*alike[:7], "No earlier treatment with radiation", *alike[8:]]
    assert changes("\n".join(alike), "\n".join(changed)) == [(alike[7], changed[7])]
