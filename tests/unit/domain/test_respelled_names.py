"""Names in a record that are respelled, and others that only look so."""

import pytest

from service.domain.trials.comparison.diff import diff
from tests.unit.domain.trials import trial

#: How a record has a name of each kind.
RECORDS = {
    "title": lambda name: trial(title=name),
    "sponsor": lambda name: trial(sponsor=name),
    "why_stopped": lambda name: trial(status="TERMINATED", why_stopped=name),
    "intervention": lambda name: trial(interventions=[{"name": name, "type": "DRUG"}]),
    "arm": lambda name: trial(arms=[{"label": name, "type": "EXPERIMENTAL"}]),
    "condition": lambda name: trial(conditions=[{"name": name}]),
    "contact": lambda name: trial(contacts=[{"name": name, "phone": "+39 06 68591"}]),
    "phone": lambda name: trial(contacts=[{"name": "Franca Rossi", "phone": name}]),
    "allocation": lambda name: trial(allocation=name),
    "masking": lambda name: trial(masking=name),
    "study_type": lambda name: trial(study_type=name),
    "maximum_age": lambda name: trial(eligibility={"maximum_age": name}),
}

SAME = """
title: A Phase II Study in Patients With Tumours | Phase 2 Study in Participants With Tumors
title: Study of β-Blockers vs. Placebo | The Study of Beta-Blockers Versus Placebo
title: Twelve Weeks of Ursodiol + Vitamin D | 12 Weeks of Ursodiol Plus Vitamin D
title: Crohn's Disease in Naïve Patients | Crohn Disease in Naive Patients
sponsor: Merck Sharp & Dohme Corp. | Merck Sharp & Dohme LLC
sponsor: Pfizer Inc. | Pfizer
sponsor: Chiesi Farmaceutici S.p.A. | Chiesi Farmaceutici SpA
sponsor: The Cancer Centre (TCC) | Cancer Center
why_stopped: Sponsor's decision; slow enrolment | Sponsors decision, slow enrollment.
intervention: Drug: Paclitaxel 1.0 mg | Paclitaxel 1 mg
intervention: Interferon alfa-2b | Interferon alpha-2b
intervention: Cisplatin/Gemcitabine | Cisplatin + Gemcitabine
intervention: Cisplatin, Gemcitabine | Cisplatin and Gemcitabine
intervention: Aluminium hydroxide, first dose | Aluminum hydroxide, 1st dose
intervention: CBT | Cognitive Behavioural Therapy (CBT)
intervention: 5-Fluorouracil (5-FU) | 5 FU
arm: Arm II, dose level two | Arm 2, dose level 2
arm: First cohort, phase IIA | 1st cohort, phase 2A
condition: COVID-19 | COVID19
condition: HER2-positive Breast Cancer | HER-2 Positive Breast Cancer
condition: Stage IV Nonsmall Cell Lung Cancer | Stage 4 Non-small Cell Lung Cancer
condition: Post-operative Pain | Postoperative Pain
contact: José A. Pérez | Jose A Perez
contact: Pérez, José | José Pérez
phone: +49 (0)30 1234 | 0049 30 1234
allocation: RANDOMIZED | Randomised
allocation: NA | N/A
masking: DOUBLE | Double (Participant, Investigator)
masking: TRIPLE | Triple-blinded
masking: NONE | None (Open Label)
masking: NONE | Open label
study_type: OBSERVATIONAL | Observational [Patient Registry]
study_type: EXPANDED_ACCESS | Expanded access
maximum_age: 99 Years | N/A
maximum_age: 100 Years | 120 Years
""".strip().split("\n")

DIFFERENT = """
title: A Phase II Study of Ursodiol | A Phase III Study of Ursodiol
title: Ursodiol With Vitamin D | Ursodiol Without Vitamin D
sponsor: Merck KGaA | Merck Sharp & Dohme LLC
why_stopped: Slow enrolment | Safety
intervention: CD34+ cells | CD34- cells
intervention: CD34+CD38- cells | CD34-CD38+ cells
intervention: Paclitaxel 1.0 mg | Paclitaxel 10 mg
intervention: Cisplatin + Gemcitabine | Cisplatin
intervention: CBT | Cognitive Behavioural Therapy
intervention: Vitamin D2 | Vitamin D3
arm: Arm I, dose level one | Arm II, dose level two
condition: Stage IV Lung Cancer | Stage III Lung Cancer
contact: José Pérez | Juan Pérez
phone: +49 30 1234 | +49 30 12340
allocation: RANDOMIZED | Non-randomised
masking: SINGLE | Double (Participant, Investigator)
study_type: OBSERVATIONAL | Interventional
maximum_age: 98 Years | N/A
""".strip().split("\n")


def changes(line):
    kind, _, names = line.partition(": ")
    before, after = map(RECORDS[kind], names.split(" | "))
    return diff(before, after)


@pytest.mark.parametrize("line", SAME)
def test_a_respelled_name_is_no_change(line):
    assert changes(line) == ()


@pytest.mark.parametrize("line", DIFFERENT)
def test_another_name_is_one_change(line):
    assert len(changes(line)) == 1
