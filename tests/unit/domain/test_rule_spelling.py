"""Rules and measurements that are respelled, and others that only look so."""

import pytest

from service.domain.trials.comparison.diff import diff
from tests.unit.domain.trials import trial

#: Each line has two spellings of one rule.
SAME = """
Patients who can't walk | Patients who can not walk
the patient's consent | patients consent
antibiotics (e.g., penicillin) | antibiotics (for example penicillin)
adults (i.e. 18 years) | adults (that is, 18 years)
use of β-blockers | use of beta blockers
interferon alfa | interferon alpha
within 24 hours | within 24h
a 24-hr urine test | a 24 hour urine test
ANC 1.5 x 10^9/L | ANC 1.5 × 10E9/L
ANC 1.5 x 10^9/L | ANC 1.5 x 109/L
platelets ≥ 100,000/mm3 | platelets ≥ 100 000/mm³
aged 18-75 | ages 18 to 75
Age ≥ 18 | Age 18 years or above
18 years old | 18 years of age
18+ years | ≥ 18 years
< 18 years | younger than 18 years
> 65 years | older than 65 years
not exceeding 5 cm | ≤ 5 cm
age ≥ 18 and ≤ 75 years | age 18 to 75 years
weight ≥ 50 kg, ≤ 90 kg | weight 50-90 kg
a maximum of five lesions | ≤ 5 lesions
a minimum of 5 lesions | ≥ 5 lesions
in the judgement of a doctor | in the judgment of a doctor
leucocytes and sulphate per litre | leukocytes and sulfate per liter
dietary fibre, counselling, enrolment | dietary fiber, counseling, enrollment
a behavioural programme, analysed | a behavioral program, analyzed
people with asthma | participants with asthma
follow-up visits | followup visits
non-small cell lung cancer | nonsmall-cell lung cancer
pre-treatment biopsy, post-menopausal | pretreatment biopsy, postmenopausal
health care of women of child-bearing age | healthcare of women of childbearing age
Males and females | Male or female
Men/women | Men and women
Type 2 diabetes, grade 3, stage 4B | type II diabetes, grade III, stage IVB
NYHA class III or IV | NYHA class 3-4
fever > 38 °C | fever > 38 degrees Celsius
COVID-19 and IL-2 after HER-2 negative | COVID19 and IL 2 after HER2 negative
prior anti-PD-1 or PD-L1 antibodies | prior anti-PD1 or PDL1 antibodies
Karnofsky status ≥ 70% | Karnofsky status ≥ 70
ECOG performance status 0-1 | ECOG PS 0-1
at the time of screening | at screening
Inability to comply | Unable to comply
two or more lines | 2 or more lines
first-degree relatives | 1st degree relatives
residents of the U.S. | residents of the US
""".strip().split("\n")

#: Each line has two rules.
DIFFERENT = """
Grade 2 toxicity | Grade II-III toxicity
Stage IIIA disease | Stage IIIB disease
NYHA class III | NYHA class II
first-line treatment | second-line treatment
prior IL-2 therapy | prior IL-6 therapy
prior anti-PD-1 antibodies | prior anti-PD-L1 antibodies
T1N2 disease | T2N1 disease
CD4 > 200, CD8 > 300 | CD8 > 200, CD4 > 300
Male or female patients | Female patients
Smokers | Nonsmokers
Ability to walk | Inability to walk
older than 18 years | younger than 18 years
older than 18 years | 18 years or older
a maximum of 5 lesions | a minimum of 5 lesions
ANC 1.5 x 109/L | ANC 1.5 x 108/L
platelets 100 000 | platelets 10 000
Age ≥ 18 | Age ≥ 18 months
within 24 h | within 24 weeks
18+ years | 18 years
HER2 3+ tumor | HER2 2+ tumor
two or more lines | two lines
pre-treatment biopsy | post-treatment biopsy
in-patient treatment | out-patient treatment
10E9 cells | 10E8 cells
fever > 38 degrees C | fever > 39 degrees C
Karnofsky status ≥ 70% | Karnofsky status ≥ 60%
One of the following | Two of the following
not exceeding 5 cm | exceeding 5 cm
Day 1 to 5 | Day 1 or 5
weight ≥ 50 kg, ≤ 90 kg | weight ≥ 50 kg, ≤ 90 lb
weight ≥ 50 and ≤ 90 kg | weight ≥ 50 and < 90 kg
""".strip().split("\n")


def kinds(line, make):
    before, after = (make(text.strip()) for text in line.split(" | "))
    return [change.kind.value for change in diff(before, after)]


def of_rule(text):
    return trial(eligibility={"criteria": f"Inclusion Criteria:\n* {text}\n* Signed consent"})


def of_measurement(text):
    return trial(primary_outcomes=[{"measure": f"Change in those with {text}", "time_frame": "1 year"}])


@pytest.mark.parametrize("line", SAME)
def test_a_respelled_rule_is_no_change(line):
    assert kinds(line, of_rule) == []


@pytest.mark.parametrize("line", SAME)
def test_a_respelled_measurement_is_no_change(line):
    assert kinds(line, of_measurement) == []


@pytest.mark.parametrize("line", DIFFERENT)
def test_another_rule_is_a_change(line):
    assert kinds(line, of_rule) == ["criteria"]


@pytest.mark.parametrize("line", DIFFERENT)
def test_another_measurement_is_a_change(line):
    assert kinds(line, of_measurement) == ["primary_outcomes"]


def test_an_abbreviation_behind_its_long_form_is_no_change():
    assert kinds("Type 2 diabetes mellitus | Type 2 diabetes mellitus (T2DM)", of_rule) == []
    assert kinds("an overall survival | an overall survival (OS)", of_measurement) == []
    assert kinds("a survival | a survival (5 years)", of_measurement) == ["primary_outcomes"]


@pytest.mark.parametrize(
    "line",
    [
        "the MTD of amrubicin | the maximum tolerated dose (MTD) of amrubicin",
        "5 years DFS | 5 years Disease free survival(DFS)",
        "recurrent ductal carcinoma in situ (DCIS) | recurrent DCIS",
        "able and willing people, hemorrage | willing and able people, hemorrhage",
    ],
)
def test_a_measurement_with_an_abbreviation_or_a_typing_mistake_is_the_same(line):
    assert kinds(line, of_measurement) == []


@pytest.mark.parametrize(
    "line",
    [
        "Cycle 1 (28 days) | Cycle 28 (1 day)",
        "the MTD of amrubicin | the MTD of ixabepilone",
        "5 mg, 10 days of ursodiol | 10 mg, 5 days of ursodiol",
    ],
)
def test_a_measurement_with_other_words_or_numbers_is_another_one(line):
    assert kinds(line, of_measurement) == ["primary_outcomes"]


def measured(measure, time_frame=None):
    outcome = {"measure": measure} | ({"time_frame": time_frame} if time_frame else {})
    return trial(primary_outcomes=[outcome])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            measured("Time to progression (TTP) after 632 events"),
            measured("Time to progression (TTP)", "assessed after 632 events"),
        ),
        (
            measured("Response rate (using RECIST criteria)"),
            measured("Response rate (RECIST criteria)", "Event driven"),
        ),
        (measured("Pain as measured by the BPI", "week 1"), measured("Pain by BPI", "week 1")),
        # As registrants write it once they report the results.
        (
            measured("Percentage of participants who experience an AE", "Up to ~28 months"),
            measured("Percentage of Participants Who Experienced an AE", "Up to approximately 28 months"),
        ),
        (measured("Death that occurs or stops it"), measured("Death that occurred or stopped it")),
        (measured("Patients with AEs"), measured("Participants With Adverse Events (AEs)")),
    ],
)
def test_a_measurement_in_another_tense_or_with_its_time_elsewhere_is_the_same(before, after):
    assert diff(before, after) == diff(after, before) == ()


def test_a_measurement_with_another_time_in_another_tense_is_a_change():
    before = measured("Participants who experience an AE", "Up to 28 months")
    assert diff(before, measured("Participants who experienced an AE", "Up to 39 months"))
    assert diff(before, measured("Participants who reported an AE", "Up to 28 months"))


def test_a_time_that_differs_from_that_in_the_measure_is_a_change():
    before = measured("Time to progression after 632 events")
    assert diff(before, measured("Time to progression", "after 623 events"))
    assert diff(before, measured("Time to response", "after 632 events"))


def test_a_comma_for_the_last_and_of_a_measurement_is_no_change():
    assert kinds("pain, fever and cough | pain and fever, cough", of_measurement) == []
