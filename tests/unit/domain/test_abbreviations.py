"""Abbreviations that registrants write beside names; most are names of real records."""

import pytest

from service.domain.trials.conditions.abbreviations import initials, without_abbreviation


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Acute Myeloid Leukemia (AML)", "Acute Myeloid Leukemia"),
        ("Relapsed/Refractory Acute Myeloid Leukemia(AML)", "Relapsed/Refractory Acute Myeloid Leukemia"),
        ("B-cell Acute Lymphoblastic Leukemia (B-ALL)", "B-cell Acute Lymphoblastic Leukemia"),
        ("Acute Lymphoblastic Leukemia (ALL), Adult", "Acute Lymphoblastic Leukemia, Adult"),
        ("Relapsed/Refractory Multiple Myeloma (RRMM)", "Relapsed/Refractory Multiple Myeloma"),
        ("Follicular Lymphoma ( FL)", "Follicular Lymphoma"),
        ("Advanced Hepatocellular Carcinoma (HCC)", "Advanced Hepatocellular Carcinoma"),
        ("Glioblastoma Multiforme (GBM)", "Glioblastoma Multiforme"),
        ("Systemic Sclerosis (SSc)", "Systemic Sclerosis"),
        ("Graft-versus-host Disease (GVHD)", "Graft-versus-host Disease"),
        ("Lymphoma, Large B-Cell, Diffuse (DLBCL)", "Lymphoma, Large B-Cell, Diffuse"),
        ("Pulmonary Disease, Chronic Obstructive (COPD)", "Pulmonary Disease, Chronic Obstructive"),
        ("NSCLC (Advanced Non-small Cell Lung Cancer)", "Advanced Non-small Cell Lung Cancer"),
        ("Microsatellite Stable (MSS) Colorectal Cancer (CRC)", "Microsatellite Stable Colorectal Cancer"),
        ("Chronic Rhinosinusitis (Diagnosis)", "Chronic Rhinosinusitis"),
        ("Post-Viral Disorder (Disorder)", "Post-Viral Disorder"),
    ],
)
def test_an_abbreviation_that_repeats_the_name_is_removed(name: str, plain: str) -> None:
    assert without_abbreviation(name) == plain


@pytest.mark.parametrize(
    "name",
    [
        "Lung Cancer (NSCLC)",
        "SLE (Systemic Lupus)",
        "ALL (Acute B-Lymphoblastic Leukemia)",
        "Melanoma (Skin)",
        "Melanoma (Skin Cancer)",
        "Acute Lymphoblastic Leukemia (Ph+)",
        "Acute Myeloid Leukemia (FLT3)",
        "Mitral Valve Regurgitation (Degenerative or Functional)",
        "Recurrent Primary Mediastinal (Thymic) Large B-Cell Lymphoma",
        "Hematological Malignancy (Leukemia- Lymphoma)",
        "Leukemia (Adult)",
        "T(8;21)",
        "Lymphoma ()",
        "(AML)",
        "((AML)",
        "",
    ],
)
def test_brackets_that_add_to_the_name_stay(name: str) -> None:
    assert without_abbreviation(name) == name


def test_initials_are_those_of_names_of_three_words_in_their_natural_order() -> None:
    assert initials("acute lymphoblastic leukemia") == "all"
    assert initials("Leukemia, Lymphocytic, Chronic") == "cll"
    assert initials("Acute Myeloid Leukemia (AML)") == "aml"
    assert initials("gallbladder cancer") == ""


def test_a_long_name_is_read_quickly() -> None:
    """A name is looked at from its last words alone: each way to leave words out would be tried."""
    name = "cell " * 1000 + "(cccccccx)"
    assert without_abbreviation(name) == name
