"""Conditions: keys, topics, names as shown; the page's six conditions and the 801-term hierarchy."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.topic_parsing import InvalidTopic, parse_topic
from service.domain.trials.conditions.condition import (
    closure,
    condition_key,
    display_name,
    slug,
)
from service.domain.trials.conditions.obo import read_obo
from service.domain.trials.events.snapshot import read_condition
from service.domain.trials.news.announcements import announcements_for
from tests.unit.domain.trials import DATA, trial

LINES = (DATA / "conditions" / "mondo_heme_slice.obo").read_text().splitlines()
TERMS = {term["id"]: term for term in read_obo(LINES)}
NAMES = {term["name"]: key for key, term in TERMS.items()}
ABOVE = closure({key: term["parents"] for key, term in TERMS.items()})
SEEDS = json.loads((DATA / "conditions" / "seed_conditions_closure.json").read_text())
PAGE = [
    "acute lymphoblastic leukemia",
    "B-cell acute lymphoblastic leukemia",
    "diffuse large B-cell lymphoma",
    "mediastinal malignant lymphoma",
    "primary mediastinal large B-cell lymphoma",
]
MESH = {"id": "MESH:D054198", "name": "Precursor Cell Lymphoblastic Leukemia-Lymphoma"}


def notified_conditions(*conditions):
    """The names of the conditions whose followers are notified of a new trial on these."""
    found = announcements_for(
        None, trial(conditions=list(conditions)), lambda key: ABOVE.get(key, ()), date(2026, 11, 20)
    )
    return {TERMS[key]["name"] if key in TERMS else key for key in found}


def named(name):
    return {"id": NAMES[name], "name": name}


def test_all_801_terms_are_read_and_are_valid_events():
    assert len(TERMS) == 801
    assert all(read_condition(term)["name"] == term["name"] for term in TERMS.values())


def test_the_closure_of_the_pages_conditions_agrees_with_the_ontology():
    for key, seed in SEEDS.items():
        assert ABOVE[key] == {key, *seed["ancestors"]}


def test_the_pages_conditions_close_over_44_terms():
    ids = [NAMES[name] for name in PAGE]
    covered = frozenset().union(*(ABOVE[key] for key in ids))
    assert len(covered) == 44
    assert {"disease", "acute disease"} <= {TERMS[key]["name"] for key in covered}


@pytest.mark.parametrize(
    "name", ["disease", "human disease", "acute disease", "cancer", "neoplasm", "hematologic disorder"]
)
def test_unspecific_terms_are_too_broad_to_follow(name):
    assert not TERMS[NAMES[name]]["followable"]


@pytest.mark.parametrize(
    "name", [*PAGE, "leukemia", "lymphoma", "non-Hodgkin lymphoma", "acute leukemia", "myeloid leukemia"]
)
def test_illnesses_that_people_have_can_be_followed(name):
    assert TERMS[NAMES[name]]["followable"]


def test_few_terms_are_too_broad():
    assert sorted(term["name"] for term in TERMS.values() if not term["followable"]) == [
        "acute disease",
        "cancer",
        "cancer or benign tumor",
        "disease",
        "disease by body system or component",
        "disease by developmental or physiological process",
        "disease by etiologic mechanism",
        "hematologic disorder",
        "hematopoietic and lymphoid cell neoplasm",
        "hematopoietic and lymphoid system neoplasm",
        "hereditary disease",
        "human disease",
        "immune system disorder",
        "neoplasm",
        "neoplastic disease or syndrome",
    ]


def test_a_follower_of_leukemia_is_notified_of_acute_lymphoblastic_leukemia():
    matched = notified_conditions(named("acute lymphoblastic leukemia"))
    assert {"acute lymphoblastic leukemia", "leukemia", "lymphoma", "acute leukemia"} <= matched
    assert "B-cell acute lymphoblastic leukemia" not in matched


def test_a_follower_of_a_narrower_condition_is_not_notified_of_a_broader_trial():
    assert "acute lymphoblastic leukemia" not in notified_conditions(named("leukemia"))


def test_every_follower_of_the_pages_conditions_is_notified_of_the_pages_trial():
    matched = notified_conditions(*(named(name) for name in PAGE), MESH)
    assert {*PAGE, "MESH:D054198", "leukemia", "lymphoma", "thymus lymphoma"} <= matched
    assert not {"myeloid leukemia", "acute myeloid leukemia", "Hodgkins lymphoma"} & matched


def test_a_condition_below_a_covered_one_is_news_only_for_itself_and_those_between():
    before = trial(conditions=[named("acute lymphoblastic leukemia")])
    after = trial(
        conditions=[named("acute lymphoblastic leukemia"), named("B-cell acute lymphoblastic leukemia")]
    )
    found = announcements_for(before, after, lambda key: ABOVE.get(key, ()), date(2026, 11, 20))
    matched = {TERMS[key]["name"] for key in found}
    assert "B-cell acute lymphoblastic leukemia" in matched
    assert not {"leukemia", "lymphoma", "acute lymphoblastic leukemia"} & matched


@given(st.dictionaries(st.integers(0, 12), st.lists(st.integers(0, 12), max_size=4)))
def test_the_closure_ends_in_circles_and_holds_itself_and_everything_above(parents):
    above = closure(parents)
    for term, found in above.items():
        assert term in found
        for upper in parents.get(term, ()):
            assert above[upper] <= found
    assert set(above) == set(parents).union(*parents.values())


#: A term in use, two obsolete ones of which one is replaced, and a stanza that is no term.
OBO = r"""format-version: 1.2
[Term]
id: X:1
name: leukemia
synonym: "leukaemia" EXACT ABBREVIATION []
synonym: "blood cancer" []
xref: MSH:D007938 {source="MONDO:equivalentTo"}
xref: NCIT:C3161 "leukemia" {source="MONDO:relatedTo"}
xref: http://example.org/leukemia
alt_id: X:11
synonym: "cancer of \"white\" cells" RELATED [Wiki:1]
is_a: X:0 {source="a"} ! neoplasm

[Term]
id: X:2
name: obsolete something
is_obsolete: true

[Term]
id: X:3
name: obsolete white blood
is_obsolete: true
replaced_by: X:1 ! leukemia

[Typedef]
id: part_of
name: part of
"""


def test_obo_is_read_with_synonyms_qualifiers_and_obsolete_terms():
    assert list(read_obo(OBO.splitlines())) == [
        {
            "id": "X:1",
            "name": "leukemia",
            "synonyms": [
                {"name": "leukaemia", "scope": "EXACT"},
                {"name": "blood cancer", "scope": "RELATED"},
                {"name": 'cancer of "white" cells', "scope": "RELATED"},
            ],
            "parents": ["X:0"],
            "xrefs": ["MESH:D007938", "X:11"],
            "followable": True,
        },
        {
            "id": "X:3",
            "name": "white blood",
            "synonyms": [],
            "parents": [],
            "xrefs": [],
            "replaced_by": "X:1",
            "followable": True,
        },
    ]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Acute Lymphoblastic Leukemia", "acute-lymphoblastic-leukemia"),
        ("Sjögren's  syndrome", "sjogren-s-syndrome"),
        ("B-cell leukemia &amp; lymphoma", "b-cell-leukemia-lymphoma"),
        ("白血病", "白血病"),
        ("दमा", "दमा"),
        ("ไข้", "ไข้"),
        ("がん", "がん"),
        ("سَرَطان", "سرطان"),
        (" - ", ""),
    ],
)
def test_a_slug_is_the_bare_name(name, key):
    assert slug(name) == key


def test_a_condition_without_an_id_is_keyed_by_its_names_slug():
    assert condition_key({"id": "MONDO:1", "name": "X"}) == "MONDO:1"
    assert condition_key({"name": "Acute Leukemia"}) == "acute-leukemia"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ACUTE LYMPHOBLASTIC LEUKEMIA", "acute lymphoblastic leukemia"),
        ("B-CELL ACUTE LYMPHOBLASTIC LEUKEMIA", "B-cell acute lymphoblastic leukemia"),
        ("HODGKIN LYMPHOMA", "Hodgkin lymphoma"),
        ("NON-HODGKIN LYMPHOMA", "non-Hodgkin lymphoma"),
        ("PARKINSON'S DISEASE", "Parkinson's disease"),
        ("HIV INFECTION", "HIV infection"),
        ("COVID-19", "COVID-19"),
        ("HIV", "HIV"),
        ("DLBCL", "DLBCL"),
        ("Precursor Cell Lymphoblastic Leukemia-Lymphoma", "Precursor Cell Lymphoblastic Leukemia-Lymphoma"),
        ("acute  lymphoblastic&#x20;leukemia", "acute lymphoblastic leukemia"),
    ],
)
def test_a_shouted_name_is_shown_in_normal_case(name, shown):
    assert display_name(name) == shown


@pytest.mark.parametrize("name", [term["name"] for term in list(TERMS.values())[::40]])
def test_a_name_in_normal_case_is_shown_as_it_stands(name):
    assert display_name(name) == name


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("trial:NCT04787263", ("trial", "NCT04787263")),
        (" Trial:nct04787263 ", ("trial", "NCT04787263")),
        ("condition:acute-lymphoblastic-leukemia", ("condition", "acute-lymphoblastic-leukemia")),
        ("condition:MONDO:0004967", ("condition", "MONDO:0004967")),
        ("condition: ACUTE  Leukemia", ("condition", "ACUTE Leukemia")),
    ],
)
def test_a_topic_is_read(text, topic):
    assert parse_topic(text) == topic


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("NCT04787263", "A topic begins with trial: or condition:"),
        ("study:NCT04787263", "A topic begins with trial: or condition:"),
        ("trial:NCT1", "NCT and eight digits"),
        ("trial:NCT0478726٣", "NCT and eight digits"),
        ("condition:", "by its name or id"),
        ("condition: --", "by its name or id"),
        ("condition:" + "x" * 301, "300 characters"),
    ],
)
def test_an_invalid_topic_is_refused_with_the_right_form(text, words):
    with pytest.raises(InvalidTopic, match=words):
        parse_topic(text)
