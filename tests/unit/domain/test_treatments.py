"""Treatments are compared by what they are: a drug that got another name is the same drug."""

import pytest

from service.domain.trials.comparison.diff import diff
from tests.unit.domain.trials import trial


def treated_with(*names):
    return trial(interventions=[{"name": name} for name in names])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Larotrectinib LOXO-101", "BAY2757556 (Larotrectinib, Vitrakvi)"),  # NCT02576431
        ("Larotrectinib", "BAY 2757556 (larotrectinib; Vitrakvi)"),
        ("Pembrolizumab MK-3475", "Pembrolizumab"),
        ("MK-3475 (Keytruda/pembrolizumab)", "Keytruda"),
    ],
)
def test_a_name_beside_a_code_is_that_of_the_same_treatment(old, new):
    assert diff(treated_with(old, "Placebo"), treated_with("Placebo", new)) == ()
    assert diff(treated_with(new), treated_with(old)) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Larotrectinib LOXO-101", "BAY2757556 (Entrectinib, Vitrakvi)"),
        ("Larotrectinib LOXO-101", "Larotrectinib LOXO-195"),
        ("Vaccine ABC-101", "XYZ-202 (vaccine)"),
        ("Chemotherapy (carboplatin, paclitaxel)", "Carboplatin"),
        ("Placebo", "AZD2936 (placebo)"),
    ],
)
def test_another_treatment_beside_a_code_is_another_one(old, new):
    (change,) = diff(treated_with(old), treated_with(new))
    assert (change.before, change.after) == ([old], [new])
