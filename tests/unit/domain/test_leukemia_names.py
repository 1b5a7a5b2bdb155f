"""A study of a common leukemia is known as one by any name in its record."""

import pytest

from service.domain.trials.conditions.leukemia_names import named_in_general, named_in_term, named_in_text
from service.domain.trials.registry.conditions import conditions
from service.domain.trials.registry.record import trial_data
from tests.unit.domain.trials import OF_ALL, real_trials

ALL, AML = "Acute Lymphoblastic Leukemia", "Acute Myeloid Leukemia"
CLL, CML = "Chronic Lymphocytic Leukemia", "Chronic Myeloid Leukemia"


@pytest.mark.parametrize(
    ("term", "leukemias"),
    [
        ("Acute Lymphocytic Leukemia", [ALL]),
        ("Acute Lymphoid Leukaemias", [ALL]),
        ("Acute Lymphoblastic Leukemia, in Relapse", [ALL]),
        ("Leukemia, Lymphoblastic", [ALL]),
        ("Leukemia, Lymphoblastic, Acute, Childhood", [ALL]),
        ("Precursor B-Cell Lymphoblastic Leukemia", [ALL]),
        ("B-ALL", [ALL]),
        ("ALL", [ALL]),
        ("ALL, Childhood", [ALL]),
        ("Relapsed Adult ALL", [ALL]),
        ("Acute Myeloid Leukaemia Refractory", [AML]),
        ("ACUTE MYELOGENOUS LEUKEMIA", [AML]),
        ("Leukemia, Myeloid, Acute", [AML]),
        ("Relapsed/Refractory AML", [AML]),
        ("Acute lymphoblastic or myeloid leukemia", [ALL, AML]),
        ("Acute Lymphoblastic/Myeloid Leukemia", [ALL, AML]),
        ("Acute Myeloid and Lymphoblastic Leukemia", [AML, ALL]),
        ("Leukemia, Lymphocytic, Chronic, B-Cell", [CLL]),
        ("CLL/SLL", [CLL]),
        ("Chronic Granulocytic Leukemia", [CML]),
        ("Chronic Myeloid Leukemia, Lymphoblastic", [CML]),
        ("Acute Non-Lymphocytic Leukemia", []),
        ("Acute Myelomonocytic Leukemia", []),
        ("Atypical Chronic Myeloid Leukemia", []),
        ("Familial chronic myelocytic leukemia-like syndrome", []),
        ("Mixed Phenotype Acute Leukemia", []),
        ("Acute Mixed Lymphoid Myeloid Leukemia", []),
        ("T-Cell Chronic Lymphocytic Leukemia", []),
        ("Chronic Lymphoblastic Leukemia", []),
        ("Lymphoblastic Lymphoma", []),
        ("Lymphoblastic Lymphoma (Precursor B-Lymphoblastic Lymphoma/Leukaemia) Recurrent", []),
        ("Acute Leukemia", []),
        ("Leukemia", []),
        ("ALL CANCERS OF CHILDREN", []),
        ("ALL Cancers", []),
        ("Small Cell Lung Cancer", []),
        ("", []),
    ],
)
def test_a_condition_names_a_leukemia(term, leukemias):
    assert [leukemia.name for leukemia in named_in_term(term)] == leukemias


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("High-risk Leukemias", ["Leukemia"]),
        ("Hematological Malignancy (Leukemia- Lymphoma)", ["Leukemia", "Lymphoma"]),
        ("EBV Lymphoma", ["Lymphoma"]),
        ("B-cell Lymphoma Refractory", ["Lymphoma"]),
        ("Relapsed/Refractory Plasma Cell Leukaemia", ["Leukemia"]),
        ("Pre-leukemia", []),
        ("Preleukemia", []),
        ("Pseudolymphoma", []),
        ("Cancer, excluding leukemia", []),
        ("Leukemia-like syndrome", []),
        ("Multiple Myeloma", []),
        ("", []),
    ],
)
def test_a_text_names_a_leukemia_or_a_lymphoma_of_any_kind(text, named):
    assert [illness.name for illness in named_in_general(text)] == named


@pytest.mark.parametrize(
    ("term", "title", "found"),
    [
        ("Lymphoid Leukemia", "CAR T Cells in B-cell Acute Lymphoblastic Leukemia (ALL)", [ALL]),
        ("B Cell Leukemias", "Pilot Study in Refractory Acute Lymphoblastic Leukemia", [ALL]),
        ("Leukemia, Lymphoid", "Venetoclax in Chronic Lymphocytic Leukemia", [CLL]),
        ("Myeloid Leukemia", "A Study in Chronic Myeloid Leukemia", [CML]),
        ("Myeloid Leukemia", "Mold Infections in Acute Lymphoblastic Leukemia", ["Leukemia"]),
        ("T Cell Leukemia", "Cells from Patients With Chronic Lymphocytic Leukemia", ["Leukemia"]),
        ("Hematologic Malignancy", "In Patients With Chronic Myelomonocytic Leukemia", ["Leukemia"]),
        ("Multiple Myeloma", "Infections After Leukemia or Lymphoma", []),
        ("High-risk Leukemias", "Infusion of Natural Killer Cells", ["Leukemia"]),
        ("Tonsil Lymphoma", "Ultrasound of the Oropharynx", ["Lymphoma"]),
    ],
)
def test_a_title_narrows_down_a_broader_condition(term, title, found):
    assert _conditions(title, term) == [term, *found]


def test_chronic_myeloid_leukemia_is_given_by_name_for_mondo_does_not_refer_to_its_heading():
    """A name beside an id that is known by another name would not be looked for."""
    browse = {"meshes": [], "ancestors": [], "browseLeaves": []}
    found = conditions(["Chronic Myelogenous Leukemia, Accelerated Phase"], [], [], browse)
    assert found[1:] == [{"name": CML}]


def test_a_leukemia_that_a_heading_names_is_not_named_again():
    browse = {"meshes": [], "ancestors": [], "browseLeaves": []}
    browse["meshes"] = [{"id": "MESH:D007943", "term": "Leukemia, Hairy Cell"}]
    found = conditions(["Hairy Cell Leukemia"], [], [], browse)
    assert [item["name"] for item in found] == ["Hairy Cell Leukemia", "Leukemia, Hairy Cell"]


def test_a_title_names_in_full_only():
    named = named_in_text(
        "CAR T Cells for Patients With ALL, B-cell Acute Lymphoblastic Leukemia or Lymphoma"
    )
    assert [leukemia.name for leukemia in named] == [ALL]
    assert named_in_text("A Study of ALL Patients With AML") == []


def _conditions(title, *terms, keywords=()):
    record = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001", "briefTitle": title},
            "statusModule": {"overallStatus": "RECRUITING", "lastUpdateSubmitDate": "2026-01-01"},
            "conditionsModule": {"conditions": [*terms], "keywords": [*keywords]},
        }
    }
    return [condition["name"] for condition in trial_data(record)["conditions"]]


def test_a_title_or_keyword_counts_if_a_condition_is_broader():
    title = "CAR T Cells in Relapsed Acute Lymphoblastic Leukemia"
    for broader in (
        "Leukemia",
        "Refractory Leukemias",
        "Acute Leukemia",
        "Hematologic Malignancies",
        "Cancer",
    ):
        assert _conditions(title, broader) == [broader, ALL]
        assert _conditions("CAR T Cells", broader, keywords=["acute lymphocytic leukaemia"]) == [broader, ALL]
    for other in (AML, "Lymphoma", "Graft Versus Host Disease", "Healthy"):
        assert _conditions(title, other) == [other]
    assert _conditions(title, "Chronic Leukemia") == ["Chronic Leukemia", "Leukemia"]


def test_a_leukemia_that_a_condition_or_a_heading_is_already_is_not_repeated():
    assert _conditions("Venetoclax", "Leukemia, Lymphoblastic, Acute") == ["Leukemia, Lymphoblastic, Acute"]
    assert _conditions("Venetoclax", "Acute Myeloid Leukaemia") == ["Acute Myeloid Leukaemia"]
    data = real_trials()["NCT04265963_2023-11-07"]
    assert [condition["name"] for condition in data["conditions"]] == [
        "Leukemia",
        "Leukemia, Myeloid",
        "Leukemia, Myeloid, Acute",
    ]


def test_the_real_studies_of_acute_lymphoblastic_leukemia_are_all_known_as_such():
    """Read one by one: these concern it by a condition or the official title, and no other does."""
    concerned = {
        name.partition("_")[0]
        for name, data in real_trials().items()
        if any(condition["name"] == ALL for condition in data["conditions"])
    }
    assert concerned == OF_ALL
