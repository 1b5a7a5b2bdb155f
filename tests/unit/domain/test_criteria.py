"""Criteria compared as a careful reader would: by the meaning of rules, in any order and spelling."""

import pytest

from service.domain.trials.criteria.diff import diff_criteria, rule_changes
from service.domain.trials.criteria.rule_list import read_rules
from tests.unit.domain.trials import DATA

CASES = DATA / "registry" / "cases"


def changes(before, after, section="Inclusion"):
    """The rules that differ, as (before, after), the most important first."""
    found = rule_changes(*(read_rules(f"{section} Criteria:\n{text}") for text in (before, after)))
    return [(change.before, change.after) for change in found]


def rules(text):
    return [rule for _, rule in read_rules(text)]


def test_run_on_text_is_split_at_its_numbers():
    text = "1. Signed consent (ICF); 2. Aged ≥ 18 years, male or female; 3. Grade 2. Or more. 4) A donor"
    assert [rule for _, rule in read_rules(text)] == [
        "Signed consent (ICF);",
        "Aged ≥ 18 years, male or female;",
        "Grade 2. Or more.",
        "A donor",
    ]


def test_a_number_at_the_end_of_a_line_begins_the_next_rule():
    text = "5. Adults\n6.\nConsent\n* Long enough (12 weeks) 7. No HIV.\nA donor (as listed): 8.\nA biopsy"
    assert rules(text) == [
        "Adults",
        "Consent",
        "Long enough (12 weeks)",
        "No HIV.",
        "A donor (as listed):",
        "A biopsy",
    ]


@pytest.mark.parametrize(
    "number",
    ["3.{}", "3.1.{}", "3.{}.", "* 3.{}", "I{}.", "E1{}.", "#{}", "[{}]", "{}:", "IC{}:", "EC{}.", "Inc{})"],
)
def test_a_rule_that_comes_between_numbered_ones_is_the_only_change(number):
    old = ["Adults", "≥ 3 attacks", "No HIV", "A donor"]
    new = ["Adults", "Signed consent", "≥ 3 attacks", "No HIV", "A donor"]
    before, after = (
        "\n".join(f"{number.format(place)} {rule}" for place, rule in enumerate(rules, 1))
        for rules in (old, new)
    )
    assert changes(before, after) == [("", "Signed consent")]


def test_a_number_with_a_fraction_before_a_unit_is_a_limit():
    text = "* Bilirubin of at most\n1.5 ULN\n* Creatinine of at most\n2.5 mg"
    assert rules(text) == ["Bilirubin of at most", "1.5 ULN", "Creatinine of at most", "2.5 mg"]


def test_brackets_are_not_torn_apart():
    assert rules("ECOG status of 0 or 1 (0 = fully active; 1 = restricted in work). No HIV.") == [
        "ECOG status of 0 or 1 (0 = fully active; 1 = restricted in work).",
        "No HIV.",
    ]
    left_open = "Adults (see below. Women; men. No HIV. No cancer. A donor. A biopsy."
    assert len(rules(left_open)) == 7, "a bracket that is never closed joins nothing"


def test_a_number_that_measures_something_begins_no_rule():
    text = "1. An ECOG status of 2. Patients who can walk\n2. Toxicity of grade 3. Aged adults\n3. At most 4."
    assert rules(text) == [
        "An ECOG status of 2. Patients who can walk",
        "Toxicity of grade 3. Aged adults",
        "At most 4.",
    ]


def test_a_number_that_counts_nothing_splits_nothing():
    assert [rule for _, rule in read_rules("Grade 3. Or stage 4. Or worse")] == [
        "Grade 3. Or stage 4. Or worse"
    ]


def test_a_number_on_a_line_of_its_own_is_no_rule():
    assert [rule for _, rule in read_rules("13.\nPregnant women.\n14.\nDrug abuse.")] == [
        "Pregnant women.",
        "Drug abuse.",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("* A\n* B", "* B\n* A"),
        ("1. Adults\n2. Consent", "a. Consent\nb. Adults"),
        ("* Confirmed leukaemia", "* Confirmed leukemia"),
        ("* Two liver metastases", "* 2 liver metastases"),
        ("* Aged 18 yrs. or more", "* Aged 18 years or more"),
        ("* Age ≥ 18 years", "* Age at least 18 years"),
        ("* Age >= 18 years", "* Patients must be of age greater than or equal to 18 years."),
        (
            "* Eastern Cooperative Oncology Group (ECOG) performance status 0-2",
            "* ECOG performance status 0 - 2.",
        ),
        ("* Prior ixabepilone therapy.", "* Subjects who have had prior ixabepilone therapy."),
        ("* HER2-positive disease", "* HER2+ disease"),
        ("* Age 18 years or older", "* Age ≥ 18 years"),
        ("* Age 18 years or younger; 2 or fewer lines", "* Age ≤ 18 years; at most two lines"),
        ("* Relapsed/refractory leukemia", "* Relapsed or refractory leukemia"),
        ("* Relapsed and/or refractory leukemia", "* Relapsed or refractory leukemia"),
        ("* ECOG 0-1", "* ECOG 0 or 1"),
        ("* ECOG 0-1", "* ECOG 0, 1"),
        ("* ECOG 0-1", "* ECOG ≤ 1."),
        ("* ECOG 0-1", "* ECOG < 2"),
        ("* ECOG performance status of 0, 1, or 2", "* ECOG performance status ≤ 2"),
        ("* ECOG performance status score of 1 or less", "* ECOG performance status score 0 through 1"),
        ("* Age between 18 and 75 years", "* Age 18-75 years"),
        ("* 18 years of age and above; 2 or more lines", "* At least 18 years of age; ≥2 lines"),
        ("* Pregnant or breast-feeding", "* Pregnant or breastfeeding"),
        ("* Post-menopausal, auto immune, grade 3", "* Postmenopausal, autoimmune, grade 3"),
        ("* Bilirubin ≤ 2 x ULN, HbA1c 7-10%", "* Bilirubin ≤ 2.0 x ULN, HbA1c 7.0-10.0%"),
        ("* Creatinine < .5 mg/dL", "* Creatinine < 0.5 mg/dL"),
        ("* At least two lines, 3 weeks", "* At least two (2) lines, three (3) weeks"),
        ("* CD19- or MRD-negative relapse", "* CD19- or MRD- relapse"),
        ("* CD19-directed treatment", "* CD19- directed treatment"),
        ("* No diagnosed hypertention", "* No diagnosed hypertension"),
        ("* ANC of 1,500 or 12,000,000", "* ANC of 1500 or 12000000"),
        ("* ANC of 1.5 x 10<sup>9</sup>/L", "* ANC of 1.5 x 10^9/L"),
        ("* ANC of 1.5 x 10⁹/L", "* ANC of 1.5 x 10\\^9/L"),
        ("* ECOG 0-2, no HIV and age 18-65", "* Age 18-65, no HIV and ECOG 0-2"),
        ("* BMI of 30 kg/m²", "* BMI of 30 kg/m^2"),
        ("* BMI of 30 kg/m2", "* BMI of 30 kg/m<sup>2</sup>"),
        (
            "* Verified carcinoma with two or multiple liver metastases",
            "* Verified carcinoma\n* 2 or multiple liver metastases",
        ),
        ("* Consent, and a donor of age 18", "* A donor of age 18, and consent"),
        ("* From 1 to 18 years", "* 1 to 18 years"),
        ("* No other tumours, 24 hrs", "* No other tumor, 24 hours"),
        ("* A 24 hour urine test, exercises", "* A 24 hours urine test, exercise"),
        ("* Ages 6 months -5 years, ECOG 0 -2", "* Ages 6 months - 5 years, ECOG 0-2"),
        ("* T-score ≤ -2.5", "* T-score <= −2.5"),
        ("* Patients must not have HIV", "* Patients may not have HIV"),
        ("* ALT ≤ 5 x ULN & AST ≤ 3 x ULN", "* ALT ≤ 5 × ULN and AST ≤ 3 times the ULN"),
        ("* ANC of 1.5 * 10^9, three times the upper limit", "* ANC of 1.5 x 10^9, 3 x the upper limit"),
        ("* Bilirubin of 34 µmol/L, 5 mcg", "* Bilirubin of 34 umol/L, 5 µg"),
        ("* No treatment prior to consent", "* No treatment before consent"),
        ("* Urea in dL; or\n* Creatinine", "* Urea in dL\n* Creatinine"),
        ("* Patients must be treated", "* Patients should be treated"),
        ("* Treatment-naïve Behçet disease", "* Treatment-naive Behcet disease"),
        ("* Crohn’s and Alzheimer´s disease", "* Crohn and Alzheimer disease"),
        ("* Patients who can't or don't smoke", "* Patients who cannot or do not smoke"),
        ("* Leukocytes ≥ 3,000, no hemorrage", "* Leucocytes ≥ 3000, no hemorrhage"),
    ],
)
def test_a_rule_in_another_spelling_or_order_is_no_change(before, after):
    assert changes(before, after) == []
    assert changes(after, before) == []
    assert diff_criteria(*(read_rules(f"Exclusion Criteria:\n{text}") for text in (before, after))) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Age ≥ 18 years", "Age ≥ 16 years"),
        ("Age > 18 years", "Age < 18 years"),
        ("Prior chemotherapy is allowed", "Prior chemotherapy is not allowed"),
        ("Pregnant and nursing", "Pregnant or nursing"),
        ("Relapse or no donor, and consent or a proxy", "Relapse and no donor, and consent or a proxy"),
        ("HIV or hepatitis B and hepatitis C", "HIV and hepatitis B or hepatitis C"),
        ("Severe hypertension in the past", "Severe hypotension in the past"),
        ("Treated with blinatumomab before", "Treated with inotuzumab before"),
        ("HBsAg (+) at screening", "HBsAg (-) at screening"),
        ("Platelets > 50 and neutrophils > 100", "Platelets > 100 and neutrophils > 50"),
        ("ALT ≤ 3 x ULN (5 x with metastases)", "ALT ≤ 5 x ULN (3 x with metastases)"),
        ("Positive for CD19, negative for CD22", "Negative for CD19, positive for CD22"),
        ("Symptomatic brain metastases", "Asymptomatic brain metastases"),
        ("Atypical hemolytic uremic syndrome", "Typical hemolytic uremic syndrome"),
        ("Macroscopic disease", "Microscopic disease"),
        ("Consent of the maternal side", "Consent of the paternal side"),
        ("Prior afatinib", "Prior apatinib"),
        ("Nephrotic syndrome", "Nephritic syndrome"),
        ("ANC of 1,500", "ANC of 1.500"),
        ("T-score of -2.5 or lower", "T-score of 2.5 or lower"),
        ("T-score of -2.5 or higher", "T-score of 2.5 or higher"),
        ("Aged from 18 years", "Aged to 18 years"),
        ("Contraception may be used", "Contraception must be used"),
        ("Patients who have had surgery", "Patients who will have surgery"),
        ("Hepatitis A, B or C", "Hepatitis B or C"),
        ("Mild hemophilia A", "Mild hemophilia"),
        ("Active infection at the knee", "Active injection at the knee"),
        ("Giant cell arteritis", "Giant cell arthritis"),
        ("Dysphagia after stroke", "Dysphasia after stroke"),
        ("Humeral response", "Humoral response"),
        ("ANC of 1.5 x 10^9", "ANC of 1.5 x 10^8"),
        ("Creatinine < .5 mg/dL", "Creatinine < 5 mg/dL"),
        ("Bilirubin ≤ 10.0 mg/dL", "Bilirubin ≤ 1.0 mg/dL"),
        ("At least two lines", "At least two (3) lines"),
        ("Grades 1 5 and 3", "Grades 15 and 3"),
        ("Women, pregnant or breast-feeding", "Women, pregnant and breastfeeding"),
        ("Age 18 years or older", "Age over 18 years"),
        ("Age 18 years or older", "Age 18 years or younger"),
        ("Grade 2 or higher toxicity", "Grade 2 toxicity"),
        ("Age 18 years or younger", "Age under 18 years"),
        ("Relapsed/refractory leukemia", "Relapsed and refractory leukemia"),
        ("Relapsed and/or refractory leukemia", "Relapsed and refractory leukemia"),
        ("Relapsed/refractory or new leukemia", "Relapsed or refractory and new leukemia"),
        ("ECOG 0-1", "ECOG 0-2"),
        ("ECOG 0 or 1", "ECOG 1 or 2"),
        ("ECOG 0, 1 or 2", "ECOG 0 or 2"),
        ("ECOG ≤ 1", "ECOG < 1"),
        ("ECOG ≤ 1", "ECOG ≥ 1"),
        ("ECOG ≤ 1", "ECOG 1"),
        ("ECOG ≤ 1", "ECOG not ≤ 1"),
        ("Karnofsky status ≤ 70", "Karnofsky status 0-70"),
        ("Grade ≤ 1 toxicity", "Grade 1 toxicity"),
        ("Day 1 and 2", "Day 1 or 2"),
        ("Relapse of CD19 lymphoma", "Relapse of CD19- lymphoma"),
        ("CD22, MRD", "CD22, MRD-"),
        ("Surgery within 4 weeks, biopsy within 2", "Surgery within 2 weeks, biopsy within 4"),
        ("Drugs within 30 days or 5 half-lives", "Drugs within 5 days or 30 half-lives"),
        ("Patients who can walk", "Patients who can't walk"),
        ("HbA1c = 7", "HbA1c ≠ 7"),
        ("Adults with दमा", "Adults with दम"),
        ("Adults with がん", "Adults with かん"),
    ],
)
def test_one_rule_with_another_meaning_is_one_change(before, after):
    assert changes(before, after) == [(before, after)]


def test_a_power_in_html_is_shown_as_one():
    """As "109/L" it would be another number."""
    assert rules("* ANC above 1.5 x 10<sup>9</sup>/L\n* CO<sub>2</sub> on the 1<sup>st</sup> day") == [
        "ANC above 1.5 x 10^9/L",
        "CO2 on the 1st day",
    ]


@pytest.mark.parametrize("unit", ["m^2", "m2", "m²"])
def test_a_unit_on_the_next_line_belongs_to_its_number(unit):
    text = (
        "Inclusion Criteria:\n\n* Clearance >= 60 mL/min/1.73{}" + unit + " if creatinine is high\n* Consent"
    )
    broken, whole = text.format("\n"), text.format(" ")
    assert read_rules(broken) == read_rules(whole)
    assert len(read_rules(whole)) == 2


def test_a_rule_that_moves_to_the_other_section_is_a_change():
    before, after = (read_rules(f"{part} Criteria:\n* HIV") for part in ("Inclusion", "Exclusion"))
    assert [(c.section, c.before, c.after) for c in rule_changes(before, after)] == [
        ("exclusion", "", "HIV"),
        ("inclusion", "HIV", ""),
    ]


def test_numbers_and_negations_come_before_rules_that_came_and_went_and_these_before_rewording():
    before = "* Weight above 10 kg\n* Pregnancy\n* Confirmed disease by biopsy of the marrow"
    after = "* Weight above 6 kg\n* A matched donor\n* Confirmed disease by smear of the marrow"
    assert changes(before, after) == [
        ("Weight above 10 kg", "Weight above 6 kg"),
        ("", "A matched donor"),
        ("Pregnancy", ""),
        ("Confirmed disease by biopsy of the marrow", "Confirmed disease by smear of the marrow"),
    ]


def test_a_real_record_that_runs_its_rules_together_invents_no_new_rule():
    before, after = (
        read_rules((CASES / f"12_criteria_run_on_NCT07294508.{part}.txt").read_text())
        for part in ("before", "after")
    )
    found = rule_changes(before, after)
    assert [change.after for change in found if not change.before] == []
    shown = {change.after for change in found}
    for untouched in (
        "Life expectancy ≥ 12 weeks.",
        "Presence of active tuberculosis.",
        "Pregnant or lactating women.",
    ):
        assert untouched not in shown
