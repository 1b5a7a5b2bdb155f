"""Rules of the groups of a study: a rule of Cohort A is not that of Cohort B."""

from itertools import pairwise

import pytest

from service.domain.digests.net_changes import net_changes
from service.domain.trials.comparison.diff import diff
from tests.unit.domain.trials import details, trial, worded

A, B = ("Relapse", "Age 1-18 years"), ("No relapse", "Age 1-25 years")


def of_groups(first, second, heads=("Cohort A:", "Cohort B (without relapse):"), more=""):
    """A trial with the rules of two groups."""
    lines = [line for head, rules in zip(heads, (first, second), strict=True) for line in (head, *rules)]
    criteria = "Inclusion Criteria:\n* Consent\n" + "\n* ".join(lines) + "\n" + more
    return trial(eligibility={"criteria": criteria + "\n\nExclusion Criteria:\n* HIV"})


@pytest.mark.parametrize(
    ("first", "second", "lines"),
    [
        (
            ("Relapse", "Age 1-25 years"),
            ("No relapse", "Age 1-18 years"),
            [
                "Before: Cohort A: Age 1-18 years",
                "Now: Cohort A: Age 1-25 years",
                "Before: Cohort B (without relapse): Age 1-25 years",
                "Now: Cohort B (without relapse): Age 1-18 years",
            ],
        ),
        ((*A, "No relapse"), B, ["New: Cohort A: No relapse"]),
        (A, ("No relapse", "Age 1-25 years", "Donor"), ["New: Donor"]),
    ],
)
def test_a_rule_of_another_group_is_reported_with_it(first, second, lines):
    before, after = of_groups(A, B), of_groups(first, second)
    assert worded(before, after) == [
        "medium: The rules about who can join changed. Ask the study team what this means for you."
    ]
    assert details(before, after) == ["Inclusion criteria (who can join):", *lines]


def test_a_rule_that_one_of_two_groups_loses_is_reported():
    both = of_groups((*A, "Donor"), (*B, "Donor"))
    assert details(both, of_groups((*A, "Donor"), B)) == [
        "Inclusion criteria (who can join):",
        "No longer there: Cohort B (without relapse): Donor",
    ]


@pytest.mark.parametrize(
    "heads",
    [
        ("Cohort A", "Cohort B (children)"),
        ("For patients of the escalation part only:", "For patients in the expansion part (adults):"),
        # NCT02724163
        ("Inclusion criteria for trial entry", "Inclusion criteria for participation in R3."),
    ],
)
def test_a_group_has_a_heading_of_many_forms(heads):
    both = of_groups((*A, "Normal blood:", "ALT ≤ 3"), (*B, "Normal blood:", "ALT ≤ 3"), heads)
    assert details(both, of_groups((*A, "Normal blood:", "ALT ≤ 3"), (*B, "Normal blood:"), heads)) == [
        "Inclusion criteria (who can join):",
        f"No longer there: {heads[1].rstrip('.:')}: ALT ≤ 3",
    ]


def test_groups_in_another_order_under_other_names_or_numbers_are_no_change():
    before = of_groups(A, B)
    heads = ("Cohort B (without relapse):", "Cohort A:")
    assert diff(before, of_groups(B, A, heads)) == ()
    assert diff(before, of_groups(A[::-1], B[::-1], ("1. COHORT A:", "2. Cohort B (without relapse)"))) == ()


@pytest.mark.parametrize("heading", ["General:", "For all cohorts:", "Both groups of patients:"])
def test_a_rule_below_a_heading_for_all_is_of_no_group(heading):
    general = of_groups(A, B, more=f"{heading}\n* Age 1-18 years")
    assert details(of_groups(A, B, more=heading), general) == []


@pytest.mark.parametrize("general", [("ECOG ≤ 1",), ("ECOG ≤ 1", "Consent of a parent")])
def test_rules_for_everybody_behind_the_last_group_are_not_its_own(general):
    """Another group comes behind it, or groups change places."""
    heads = ("Cohort A:", "Cohort B (without relapse):")
    before = of_groups(A, (*B, *general), heads)
    assert diff(before, of_groups(B, (*A, *general), heads[::-1])) == ()
    third = "Cohort C:\n* Age 30 years\n" + "\n".join(f"* {rule}" for rule in general)
    with_third = of_groups(A, B, heads, more=third)
    assert details(before, with_third) == [
        "Inclusion criteria (who can join):",
        "New: Cohort C:",
        "New: Age 30 years",
    ]
    assert details(with_third, before) == [
        "Inclusion criteria (who can join):",
        "No longer there: Cohort C:",
        "No longer there: Age 30 years",
    ]


def test_a_rule_that_comes_back_to_its_group_is_no_news():
    steps = (of_groups(A, B), of_groups(B, A), of_groups(A, B))
    changes = [change for old, new in pairwise(steps) for change in diff(old, new)]
    assert len(changes) == 2
    assert net_changes(changes) == ()
