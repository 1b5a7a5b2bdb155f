"""Headings in the criteria, and the sections of the rules below them."""

import pytest

from service.domain.trials.criteria.diff import diff_criteria, read_criteria
from service.domain.trials.criteria.rule_list import read_rules
from tests.unit.domain.trials import details, trial


def test_a_rule_in_the_line_of_its_heading_is_a_rule_of_its_own():
    assert read_rules("Key Exclusion Criteria: HIV\nNo donor") == [
        ["exclusion", "HIV"],
        ["exclusion", "No donor"],
    ]


def test_headings_within_run_on_text_begin_a_section():
    found = read_rules(
        "Inclusion Criteria: 1. Adults. 2. Consent. Exclusion Criteria: 1. Pregnancy. 2. Hepatitis."
    )
    assert ["exclusion", "Hepatitis."] in found
    assert [section for section, _ in found].count("exclusion") >= 2


@pytest.mark.parametrize(
    "rule",
    [
        "Not meeting inclusion criteria",  # NCT05774990
        "Inclusion criteria not met",
        "Patients who do not meet the criteria for inclusion",
        "Age below 18 years at inclusion",
    ],
)
def test_a_rule_that_speaks_of_the_other_section_is_no_heading(rule):
    assert read_rules(f"Exclusion Criteria:\n* {rule}\n* Pregnancy") == [
        ["exclusion", rule],
        ["exclusion", "Pregnancy"],
    ]


@pytest.mark.parametrize(
    "heading",
    [
        # NCT05923281
        "Exclusion Criteria: The person who meet any of the following criteria will be excluded.",
        "* B-Exclusion criteria • Patients with acute and chronic diseases are excluded from the study.",
        "Non-inclusion criteria:",
        "Criteria for exclusion",
        "* The following exclusion criteria:",
        "EXCLUSIONS:",
        "Donor Exclusion Criteria for Part 1 (run-in)",
    ],
)
def test_rules_below_a_heading_of_the_exclusion_criteria_are_of_that_section(heading):
    found = read_rules(f"Inclusion Criteria:\n* Adults\n{heading}\n* Pregnancy")
    assert found[0] == ["inclusion", "Adults"]
    assert found[-1] == ["exclusion", "Pregnancy"]
    assert [rule for rule in found if rule[0] == ""] == []


@pytest.mark.parametrize(
    "head", ["**Exclusion Criteria**", "<u>Exclusion Criteria:</u>", "■ Exclusion Criteria"]
)
def test_a_heading_in_bold_or_underlined_is_one(head):
    assert read_rules(f"{head}\n* HIV") == [["exclusion", "HIV"]]


HEADED = "Inclusion Criteria:\n* Adults\n* Consent\n\nExclusion Criteria:\n* Infection\n* Pregnancy"


@pytest.mark.parametrize(
    ("inclusion", "exclusion"), [("", ""), ("", "Exclusion Criteria:"), ("Inclusion -", "EXCLUSION –")]
)
def test_rules_whose_headings_are_left_out_or_shortened_are_the_same(inclusion, exclusion):
    bare = HEADED.replace("Inclusion Criteria:", inclusion).replace("Exclusion Criteria:", exclusion)
    texts = (HEADED, bare)
    before, after = (read_criteria({"eligibility": {"criteria": text}}) for text in texts)
    assert diff_criteria(before, after) is None
    assert diff_criteria(after, before) is None


def test_rules_below_headings_of_other_words_are_no_new_ones():
    before = trial(eligibility={"criteria": HEADED})
    other = HEADED.replace("Inclusion Criteria", "Who can join").replace("Exclusion Criteria", "Who can not")
    after = trial(eligibility={"criteria": other.replace("Infection", "Infection or fever")})
    assert details(before, after) == [
        "New: Who can join:",
        "New: Who can not:",
        "New: Infection or fever",
        "Exclusion criteria (who cannot join):",
        "No longer there: Infection",
    ]


def test_the_end_of_a_rule_on_a_line_of_its_own_is_no_heading():
    assert read_rules("Exclusion Criteria:\n* Values other than in the\ninclusion criteria.\n* HIV") == [
        ["exclusion", "Values other than in the"],
        ["exclusion", "inclusion criteria."],
        ["exclusion", "HIV"],
    ]


RULES = "Inclusion Criteria:{}\n* Adults\n* Consent\n\nExclusion Criteria:{}\n* Pregnancy\n* HIV"


@pytest.mark.parametrize(
    ("included", "excluded"),
    [
        ("\nSubjects must meet all of the following criteria:", "\nSubjects who meet any will be excluded:"),
        (" Patients are eligible only if all of the following apply:", ""),
        ("\n* To be eligible:", "\n* Any of the following:"),
    ],
)
def test_a_line_that_leads_to_all_rules_of_a_section_is_no_rule(included, excluded):
    assert read_rules(RULES.format(included, excluded)) == read_rules(RULES.format("", ""))


@pytest.mark.parametrize(
    ("included", "excluded"),
    [
        ("\nSubjects must meet any of the following:", ""),
        ("\nSubjects must meet at least two of the following:", ""),
        ("\nWomen:", ""),
        ("", "\nSubjects who meet all of the following are excluded:"),
    ],
)
def test_a_line_about_some_people_or_a_number_of_rules_is_a_rule(included, excluded):
    assert len(read_rules(RULES.format(included, excluded))) == 5


def test_all_of_the_following_below_another_rule_is_a_rule():
    assert len(read_rules("Inclusion Criteria:\n* Adults\n* All of the following:\n* Consent")) == 3


@pytest.mark.parametrize("words", ["Inclusion criteria include:", "INCLUSION CRITERIA FOR PATIENTS"])
def test_a_heading_in_more_words_is_no_rule(words):
    assert read_rules(f"{words}\n* Adults") == [["inclusion", "Adults"]]


def test_numbers_of_a_section_are_bullets():
    assert read_rules("Inclusion Criteria:\nI-01: Adults\nI 2. Consent") == [
        ["inclusion", "Adults"],
        ["inclusion", "Consent"],
    ]
