"""A heading that the registry derived counts only where it fits what the registrant entered."""

import json

import pytest

from service.domain.trials.registry.derived_headings import Heading, fitting_headings
from service.domain.trials.registry.record import trial_data
from tests.unit.domain.trials import DATA, real_trials, studies

CASES = DATA / "registry" / "cases"
PARKINSON = "Parkinson Disease 4, Autosomal Dominant Lewy Body"


def kept(terms, headings, **known):
    made = [Heading(f"MESH:{number}", name) for number, name in enumerate(headings)]
    return [heading.name for heading in fitting_headings(terms, made, **known)]


def names(case):
    data = trial_data(json.loads((CASES / f"{case}.json").read_text()))
    return [condition["name"] for condition in data["conditions"]]


def test_parkinsons_disease_is_no_condition_of_a_cancer_study():
    assert names("08_odd_mesh_heading_NCT06989112") == [
        "Endometrial Cancer",
        "Endometrial Neoplasms",
        "Uterine Neoplasms",
    ]


@pytest.mark.parametrize(
    "term", ["β-Thalassemia", "ß-Thalassemia Major", "Transfusion Dependent β Thalassaemia"]
)
def test_a_heading_fits_a_term_with_a_greek_letter(term):
    assert kept([term], ["beta-Thalassemia"]) == ["beta-Thalassemia"]
    assert kept([term], ["alpha-Thalassemia"]) == []


@pytest.mark.parametrize("term", ["Type II Diabetes", "Diabetes Mellitus Type II", "diabetes type ii"])
def test_a_heading_fits_a_term_with_the_number_of_a_type_in_roman_figures(term):
    headings = ["Diabetes Mellitus, Type 1", "Diabetes Mellitus, Type 2"]
    assert kept([term], headings) == headings[1:]


def test_keywords_alone_make_no_conditions():
    assert names("09_summary_bullets_NCT06452199") == ["Healthy", "Healthy Nutrition"]


def test_narrower_headings_of_a_leukemia_stay():
    assert names("10_all_trial_NCT05480501") == [
        "Leukemia",
        "Precursor Cell Lymphoblastic Leukemia-Lymphoma",
        "Leukemia, Lymphoid",
        "Acute Lymphoblastic Leukemia",
    ]


def test_every_real_study_of_leukemia_keeps_a_heading_of_leukemia():
    for name, data in real_trials().items():
        meshes = studies()[name]["derivedSection"].get("conditionBrowseModule", {}).get("meshes", [])
        if any("Leukemia" in mesh["term"] for mesh in meshes):
            assert any("Leukemia" in c["name"] for c in data["conditions"] if "id" in c), name


def test_the_registrants_terms_come_first_and_carry_the_id_of_a_heading_of_their_name():
    data = real_trials()["NCT03564470_2023-11-07"]
    assert data["conditions"] == [
        {"id": "MESH:D007938", "name": "Leukemia"},
        {"name": "Leukemia, Acute"},
        {"name": "Leukemia, Lymphoblastic"},
        {"id": "MESH:D015448", "name": "Leukemia, B-cell"},
        {"id": "MESH:D054198", "name": "Precursor Cell Lymphoblastic Leukemia-Lymphoma"},
        {"name": "Acute Lymphoblastic Leukemia"},
    ]


@pytest.mark.parametrize(
    ("term", "heading"),
    [
        ("Acute Myeloid Leukaemia", "Leukemia, Myeloid, Acute"),
        ("Breast Cancer", "Breast Neoplasms"),
        ("Gastric cancer", "Stomach Neoplasms"),
        ("Prostate Tumour", "Prostatic Neoplasms"),
        ("Stage II Lung Cancer AJCC v8", "Lung Neoplasms"),
        ("NSCLC", "Carcinoma, Non-Small-Cell Lung"),
        ("HNSCC", "Squamous Cell Carcinoma of Head and Neck"),
        ("Childhood ALL", "Precursor Cell Lymphoblastic Leukemia-Lymphoma"),
        ("Clear Cell RCC", "Carcinoma, Renal Cell"),
        ("Acute Lymphocytic Leukemia", "Precursor Cell Lymphoblastic Leukemia-Lymphoma"),
        ("Relapsed/Refractory Leukemias", "Leukemia"),
        ("Cancer", "Melanoma"),
        ("Solid Tumors", "Colorectal Neoplasms"),
        ("Caries, Dental", "Dental Caries"),
        ("Asthmatics", "Asthma"),
        ("Major Depression", "Depressive Disorder, Major"),
        ("Type 2 Diabetes", "Diabetes Mellitus, Type 2"),
        ("Food Allergy", "Food Hypersensitivity"),
        ("COPD", "Pulmonary Disease, Chronic Obstructive"),
        ("High Blood Pressure", "Hypertension"),
        ("Oesophageal Carcinoma", "Esophageal Neoplasms"),
    ],
)
def test_a_heading_fits_a_term_in_other_words(term, heading):
    assert kept([term], [heading, PARKINSON, "Epilepsy"]) == [heading]


@pytest.mark.parametrize(
    ("term", "heading"),
    [
        ("Endometrial Cancer", PARKINSON),
        ("PD-L1 positive solid tumors", "Parkinson Disease"),
        ("Peanut Allergy", "Epilepsy"),
        ("Breast Cancer", "Ovarian Neoplasms"),
        ("Endometrial Cancer", "Endometriosis"),
        ("Hypertension", "Hyperlipidemias"),
        ("Acute Myeloid Leukemia", "Leukemia, Myelogenous, Chronic, BCR-ABL Positive"),
        ("Acute Myeloid Leukemia", "Leukemia, Myeloid, Chronic"),
        ("Type 1 Diabetes", "Diabetes Mellitus, Type 2"),
        ("Recurrent Leukemia", "Recurrence"),
        ("Acute Leukemia", "Acute Disease"),
        ("Healthy", "Colic"),
        ("", "Leukemia"),
    ],
)
def test_an_unrelated_heading_is_left_out(term, heading):
    assert kept([term], [heading]) == []


def test_a_term_that_names_an_ancestor_keeps_the_heading_below_it():
    above = ["Headache Disorders, Primary", "Headache Disorders", "Brain Diseases"]
    assert kept(["Headache"], ["Migraine Disorders"], ancestors=above) == ["Migraine Disorders"]
    assert kept(["Obesity"], ["Migraine Disorders"], ancestors=above) == []


def test_an_ancestor_that_a_fitting_heading_explains_keeps_no_other():
    above = ["Neoplasms by Histologic Type", "Neoplasms", "Parkinson Disease", "Brain Diseases"]
    assert kept(["Cancer"], ["Melanoma", PARKINSON], ancestors=above) == ["Melanoma"]


def test_a_keyword_counts_if_it_is_related_to_a_condition():
    words = ["Gallbladder cancer", "Inflammation", "Recurrent"]
    headings = ["Gallbladder Neoplasms", "Inflammation", "Recurrence"]
    assert kept(["Biliary Tract Cancer"], headings, keywords=words) == ["Gallbladder Neoplasms"]


def test_a_heading_fits_by_the_words_that_the_registry_derived_it_from():
    heading = Heading("MESH:D009203", "Myocardial Infarction", ("Coronary Event",))
    assert fitting_headings(["Coronary event"], [heading]) == [heading]
    assert fitting_headings(["Stroke"], [heading]) == []


def test_a_chronic_illness_that_the_record_never_calls_chronic_is_left_out():
    assert [c["name"] for c in real_trials()["NCT04100187_2023-11-07"]["conditions"]] == [
        "Leukemia",
        "Leukemia, B-Cell",
    ]


def test_a_chronic_illness_counts_if_a_title_names_or_abbreviates_it():
    heading = "Leukemia, Lymphocytic, Chronic, B-Cell"
    for said in ("Venetoclax in Chronic Lymphocytic Leukaemia", "Venetoclax in R/R CLL"):
        assert kept(["Leukemia"], [heading], titles=[said]) == [heading]
    assert kept(["Leukemia"], [heading], titles=["Venetoclax in Acute Leukemia"]) == []
    assert kept(["COPD"], ["Pulmonary Disease, Chronic Obstructive"]) != []


def test_a_heading_that_only_means_acute_is_no_condition():
    heading = Heading("MESH:D000208", "Acute Disease", ("Acute Leukemia",))
    assert fitting_headings(["Acute Leukemias"], [heading]) == []
