"""Matching of conditions, in any order of arrival, and of their names."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.trials.conditions.matching import Term, representatives
from service.domain.trials.conditions.names import is_near, name_key


def term(key: str, name: str = "", *synonyms: str, xrefs: str = "", replaced_by: str | None = None) -> Term:
    known = ":" in key and not key.endswith("?")
    return Term(
        key.rstrip("?"),
        known,
        frozenset({name_key(name)}) if name else frozenset(),
        frozenset(map(name_key, synonyms)),
        frozenset(xrefs.split()),
        replaced_by,
    )


def stands(*terms: Term) -> dict[str, str]:
    """The representatives of the terms that have one, in any order of arrival."""
    answers = []
    for seed in range(4):
        mixed = list(terms)
        random.Random(seed).shuffle(mixed)
        answers.append(representatives({term.key: term for term in mixed}))
    assert all(answer == answers[0] for answer in answers)
    return {key: other for key, other in answers[0].items() if key != other}


LEUKEMIA = term("MONDO:1", "leukemia", "blood cancer", xrefs="MESH:D1 UMLS:C1")


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (term("MESH:D1?", "Leukemias, whatever"), True),
        (term("MESH:D1", "Leucosis"), True),
        (term("DOID:1", "leucosis", xrefs="MONDO:1"), True),
        (term("DOID:1", "leucosis", xrefs="UMLS:C1"), True),
        (term("DOID:1", "Leukaemia"), True),
        (term("leukaemia", "Leukaemia"), True),
        (term("cancers-of-blood", "Blood Cancers"), True),
        (term("MESH:D9?", "Leukemia"), True),
        (term("DOID:1", "blood cancer"), False),  # what one calls a synonym may be a narrower term of another
        (term("lymphoma", "Lymphoma"), False),
        (term("MONDO:2", "leucosis", xrefs="UMLS:C1"), False),  # of one ontology no two terms are one
    ],
)
def test_a_synonymous_term_is_matched_by_id_cross_reference_or_name(other: Term, found: bool) -> None:
    assert stands(LEUKEMIA, other) == ({other.key: "MONDO:1"} if found else {})


def test_terms_of_two_ontologies_match_by_name_unless_a_cross_reference_contradicts() -> None:
    named = term("DOID:1", "Leukaemia")
    acute = term("MONDO:2", "acute leukemia", xrefs="DOID:1")
    assert stands(LEUKEMIA, acute, named) == {"DOID:1": "MONDO:2"}
    elsewhere = term("DOID:2", "leucosis", xrefs="MONDO:1")
    assert stands(LEUKEMIA, elsewhere, named) == {"DOID:2": "MONDO:1"}
    assert stands(LEUKEMIA, named, term("DOID:3", "leukemias")) == {}
    assert stands(LEUKEMIA, term("MONDO:4", "Leukaemia"), named) == {}
    assert stands(term("MONDO:1", "leukemia", replaced_by="MONDO:2"), named) == {}
    assert stands(LEUKEMIA, named, term("MESH:D2", "leucosis", xrefs="DOID:1")) == {
        "DOID:1": "MONDO:1",
        "MESH:D2": "MONDO:1",
    }


def test_a_name_outranks_a_coarser_vocabulary_that_both_refer_to() -> None:
    cells, acute = term("MONDO:2", "T-cell leukemia", xrefs="MESH:D2"), term("MONDO:3", "T-cell ALL")
    assert stands(cells, acute, term("DOID:3", "T-cell ALL", xrefs="MESH:D2")) == {"DOID:3": "MONDO:3"}
    assert stands(cells, term("DOID:3", "T-cell ALL", xrefs="MESH:D2")) == {"DOID:3": "MONDO:2"}
    both = term("DOID:2", "T-cell leukemias"), term("DOID:3", "T-cell ALL", xrefs="MESH:D2")
    assert stands(cells, *both) == {"DOID:2": "MONDO:2"}


def test_an_obsolete_term_and_its_names_lead_to_its_replacement() -> None:
    old = term("MONDO:5", "", "old name", xrefs="MESH:D5", replaced_by="MONDO:6")
    newer = term("MONDO:6", "newer name", replaced_by="MONDO:7")
    others = (term("MESH:D5?", "Old Name"), term("old-name", "Old name"))
    assert stands(old, newer, term("MONDO:7", "newest name"), *others) == dict.fromkeys(
        ("MONDO:5", "MONDO:6", "MESH:D5", "old-name"), "MONDO:7"
    )
    assert stands(old, term("old-name", "Old name")) == {"old-name": "MONDO:5"}


def test_replacements_in_a_circle_end() -> None:
    circle = (term("X:1", replaced_by="X:2"), term("X:2", replaced_by="X:3"), term("X:3", replaced_by="X:2"))
    assert stands(*circle) == {"X:1": "X:2", "X:3": "X:2"}


def test_a_name_that_two_terms_share_stands_for_neither_unless_it_is_the_own_name_of_one() -> None:
    acute = term("MONDO:3", "acute lymphoblastic leukemia", "ALL")
    other = term("MONDO:4", "allantoic duct lipoma", "ALL")
    assert stands(acute, other, term("all", "ALL")) == {}
    assert stands(acute, other, term("all", "ALL"), term("MONDO:8", "ALL")) == {"all": "MONDO:8"}


def test_a_name_in_two_ontologies_leads_to_the_first_of_them() -> None:
    other = term("DOID:1", "Leukaemia"), term("DOID:2", "Leukemia")
    assert stands(LEUKEMIA, *other, term("leukemias", "Leukemias")) == {"leukemias": "MONDO:1"}


def test_a_cross_reference_of_two_terms_goes_to_the_one_of_the_same_name() -> None:
    wide, narrow = (
        term("MONDO:1", "leukemia", xrefs="MESH:D1"),
        term("MONDO:2", "leukemia rare", xrefs="MESH:D1"),
    )
    assert stands(wide, narrow, term("MESH:D1?", "Leukemia")) == {"MESH:D1": "MONDO:1"}
    assert stands(wide, narrow, term("MESH:D1?", "Leucosis")) == {}


def test_names_given_by_trials_alone_match_in_all_spellings() -> None:
    spelt = ("rare-tumour", "Rare Tumour"), ("rare-tumors", "Rare tumors"), ("tumor-rare", "Tumor, Rare")
    assert stands(*(term(key, name) for key, name in spelt)) == {
        "rare-tumour": "rare-tumors",
        "tumor-rare": "rare-tumors",
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lymphoma, Follicular", "follicular lymphoma"),
        ("Leukaemia", "leukemia"),
        ("Tumours of the Oesophagus", "tumor of the esophagus"),
        ("Leukemia, Myelogenous, Chronic, BCR-ABL Positive", "BCR-ABL positive chronic myelogenous leukemia"),
        ("Hodgkin's lymphoma", "Hodgkins Lymphomas"),
        ("Carcinoma, Non-Small-Cell Lung", "non-small cell lung carcinoma"),
        ("metastases", "Metastasis"),
        ("Sézary&#x20;syndrome", "Sezary syndrome"),
        ("Multiple Myeloma (MM)", "multiple myeloma"),
        ("Asthma (disorder)", "Asthma"),
        ("Acute Lymphocytic Leukaemia", "acute lymphoblastic leukemia"),
        ("Leukemia, Lymphoid, Acute", "acute lymphoblastic leukemia"),
        ("Acute Lymphoid Leukaemia (ALL)", "acute lymphoblastic leukemia"),
        ("AML (Acute Myelogenous Leukemia)", "acute myeloid leukemia"),
        ("Leukemia, Lymphocytic, Chronic, B-Cell", "chronic lymphocytic leukemia"),
        ("Chronic Lymphoid Leukaemia", "B-cell chronic lymphocytic leukemia"),
        ("Chronic Granulocytic Leukemia", "Chronic Myeloid Leukaemia (CML)"),
        ("Graft vs. Host Disease (GVHD)", "graft-versus-host disease"),
        ("β-Thalassaemia", "beta thalassemia"),
        ("Gaucher Disease, Type I", "Gaucher's disease type 1"),
        ("TYPE III spinal muscular atrophy", "spinal muscular atrophy type 3"),
        ("ß-Thalassemia", "BETA-THALASSEMIA"),
        ("\u0392-THALASSEMIA", "\u03d0 thalassemia"),
        ("\u00b5 Heavy Chain Disease", "mu-heavy chain disease"),
        ("Hepatosplenic γδ T-Cell Lymphoma", "hepatosplenic gamma-delta T cell lymphoma"),
        ("HER2+ Breast Cancer", "Breast Cancer, HER2-Positive"),
        ("EBV(+) Lymphoma", "EBV-positive lymphoma"),
        ("HR+/HER2- Breast Cancer", "HR-positive, HER2-negative breast cancer"),
        ("ALL, Ph-", "Ph-negative ALL"),
        ("HIV- and HCV-related lymphoma", "HIV and HCV related lymphoma"),
        ("HER2- positive cancer", "HER2-positive cancer"),
        ("Non- Small Cell Lung Carcinoma", "non-small cell lung carcinoma"),
    ],
)
def test_names_are_one_in_all_spellings_numbers_and_orders(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hodgkin lymphoma", "non-Hodgkin lymphoma"),
        ("acute leukemia", "chronic leukemia"),
        ("AIDS", "aid"),
        ("type 1 diabetes", "type 2 diabetes"),
        ("type I diabetes", "type 2 diabetes"),
        ("collagen type II", "collagen ii"),
        ("lymphoblastic leukemia", "lymphocytic leukemia"),
        ("acute lymphoblastic leukemia", "B-cell acute lymphoblastic leukemia"),
        ("acute lymphoblastic leukemia", "chronic lymphoblastic leukemia"),
        ("acute lymphoblastic leukemia", "lymphoblastic leukemia"),
        ("chronic lymphocytic leukemia", "T-cell chronic lymphocytic leukemia"),
        ("chronic myeloid leukemia", "atypical chronic myeloid leukemia"),
        ("chronic lymphocytic leukemia", "CLL, Refractory"),
        ("acute lymphoblastic leukemia", "ALL"),  # a synonym: it may stand for something else
        ("lung cancer", "Lung Cancer (NSCLC)"),
        ("melanoma", "Melanoma (Skin)"),
        ("HER2+ Breast Cancer", "HER2- Breast Cancer"),
        ("HR+/HER2- Breast Cancer", "HR-/HER2+ Breast Cancer"),
        ("HR-positive, HER2-negative cancer", "HR-negative, HER2-positive cancer"),
        ("EZB-MYC+ diffuse large B-cell lymphoma", "EZB-MYC- diffuse large B-cell lymphoma"),
        ("HER2(+) cancer", "HER2(-) cancer"),
        ("HER2 cancer", "HER2- cancer"),
    ],
)
def test_other_conditions_are_others(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text(string.printable, max_size=60))
def test_a_key_ignores_case_and_white_space(text: str) -> None:
    for same in (text.upper(), text.lower(), f" {text.replace(' ', '  ')} "):
        assert name_key(same) == name_key(text)


@pytest.mark.parametrize("typed", ["lukemia", "leukemai", "leukemmia", "leukimia", "leuke", "leukamia"])
def test_a_slip_of_the_finger_is_near(typed: str) -> None:
    assert is_near(typed, "leukemia")


@pytest.mark.parametrize("typed", ["lymphoma", "lukmia", "eulkemai"])
def test_two_slips_are_not(typed: str) -> None:
    assert not is_near(typed, "leukemia")


@pytest.mark.parametrize(("typed", "word"), [("lymfoma", "lymphoma"), ("nefroblastoma", "nephroblastoma")])
def test_an_f_is_a_ph(typed: str, word: str) -> None:
    assert is_near(typed, word)
