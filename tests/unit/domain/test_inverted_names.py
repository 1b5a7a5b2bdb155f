"""Inverted headings are shown in the order of speech; every other name with a comma stays as it is."""

import pytest

from service.domain.trials.comparison.diff import diff
from service.domain.trials.conditions.condition import display_name
from service.domain.trials.conditions.inverted_names import natural_order
from service.domain.trials.conditions.names import name_key
from service.domain.wording.language import ENGLISH
from service.domain.wording.sentences import trial_sentences
from tests.unit.domain.trials import trial

NATURAL = {
    "Anemia, Iron-Deficiency": "Iron-Deficiency Anemia",
    "Anemia, Sickle Cell": "Sickle Cell Anemia",
    "Carcinoma, Intraductal, Noninfiltrating": "Noninfiltrating Intraductal Carcinoma",
    "Carcinoma, Non-Small-Cell Lung": "Non-Small-Cell Lung Carcinoma",
    "Carcinoma, Renal Cell": "Renal Cell Carcinoma",
    "Diabetes Mellitus, Type 2": "Type 2 Diabetes Mellitus",
    "Leukemia, Lymphocytic, Chronic, B-Cell": "B-Cell Chronic Lymphocytic Leukemia",
    "Leukemia, Lymphoid": "Lymphoid Leukemia",
    "Leukemia, lymphoid": "Lymphoid leukemia",
    "Leukemia, Myelogenous, Chronic, BCR-ABL Positive": "BCR-ABL Positive Chronic Myelogenous Leukemia",
    "Leukemia, Myeloid, Acute": "Acute Myeloid Leukemia",
    "Lymphoma, Follicular": "Follicular Lymphoma",
    "Lymphoma, Non-Hodgkin": "Non-Hodgkin Lymphoma",
    "lymphoma, non-Hodgkin, familial": "familial non-Hodgkin lymphoma",
    "LEUKEMIA, LYMPHOID": "lymphoid leukemia",
}

OTHERS = [
    "Pain, Nausea",
    "Leukemia, Lymphoma",
    "Anemia, Leukemia, Chronic",
    "Hypertension, Diabetes",
    "Brain Tumor, Recurrent, Adult",
    "Acute Lymphoblastic Leukemia, in Relapse",
    "acute myeloid leukemia, t(6;9)(p23;q34.1)",
    "leukemia, myeloid, accelerated-phase",
    "Recurrence, Local Neoplasm",
    "Anemia, Survival",
    "Leukemia, Care in a Hospital or at Home, Acute",
    "Leukemia",
    "Leukemia, ",
    ", Acute",
]


@pytest.mark.parametrize(("heading", "natural"), NATURAL.items())
def test_an_inverted_heading_is_shown_in_the_order_of_speech(heading: str, natural: str) -> None:
    assert display_name(heading) == natural
    assert display_name(natural) == natural
    assert name_key(heading) == name_key(natural), "it is found by both"


@pytest.mark.parametrize("name", OTHERS)
def test_other_names_with_commas_stay_as_they_are(name: str) -> None:
    assert natural_order(name) == name


def test_a_sentence_names_conditions_in_the_order_of_speech() -> None:
    old, new = ([{"name": name}] for name in ("Leukemia, Lymphoid", "Lymphoma, Non-Hodgkin"))
    before, after = trial(conditions=old), trial(conditions=new)
    (first,) = trial_sentences(diff(before, after), "RECRUITING", ENGLISH)
    assert "also lists the condition “Non-Hodgkin Lymphoma”" in first.text
    assert "no longer lists the condition “Lymphoid Leukemia”" in first.text
