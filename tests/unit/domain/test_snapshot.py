"""Events' data: checked, every problem named in plain words, and put into one shape."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.trials.events.snapshot import (
    InvalidSnapshot,
    content_digest,
    read_condition,
    read_merged,
    read_removed,
    read_snapshot,
)
from service.domain.trials.trial_ids import is_nct_number
from tests.unit.domain.trials import real_trials, trial

LEAST = {
    "nct_id": "NCT04787263",
    "revision": 17,
    "url": "https://example.org/trials/NCT04787263",
    "title": "Cells",
    "status": "RECRUITING",
    "conditions": [{"name": "leukemia"}],
}
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


def problems(data, read=read_snapshot):
    with pytest.raises(InvalidSnapshot) as raised:
        read(data)
    return dict(raised.value.problems)


def test_the_least_that_is_required_is_enough():
    assert read_snapshot(LEAST) == {**LEAST, "notify": "allow", "reason": "registry"}


def test_every_missing_field_is_named():
    assert problems({}) == dict.fromkeys(LEAST, "is missing")


def test_every_wrong_field_is_named_in_plain_words():
    wrong = {
        "nct_id": "NCT1",
        "revision": True,
        "notify": "shout",
        "url": "javascript:alert(1)",
        "title": " ",
        "status": 7,
        "conditions": [{"id": "X:1"}, {"name": "--"}, 3],
        "start_date": "soon",
        "enrollment": {"count": -1},
        "eligibility": {"healthy_volunteers": "perhaps"},
        "locations": "Roma",
        "has_results": 1,
    }
    assert problems(wrong) == {
        "nct_id": "must be NCT and eight digits, such as NCT04787263",
        "revision": "must be a whole number that is not negative",
        "notify": "must be one of allow, suppress",
        "url": "must be a web address that begins with https:// or http://",
        "title": "must not be empty",
        "status": "must be a text",
        "conditions[0].name": "is missing",
        "conditions[1].name": "must hold letters or digits",
        "conditions[2]": "must be an object",
        "start_date.date": "must be a date, such as 2026-12-01 or 2026-12",
        "enrollment.count": "must be a whole number that is not negative",
        "eligibility.healthy_volunteers": "must be true or false",
        "has_results": "must be true or false",
    }


def test_unknown_fields_and_unknown_values_are_left_out():
    read = read_snapshot(
        {**LEAST, "favourite_colour": "red", "sponsor": None, "summary": "", "start_date": None}
    )
    assert read == read_snapshot(LEAST)


def test_a_contact_of_a_site_and_a_treatment_of_a_group_may_be_objects_as_those_of_the_trial_are():
    anna = {"name": "Anna Rossi", "phone": "+39 06 1", "email": "anna@example.org", "role": "CONTACT"}
    sites = [{"city": "Roma", "contact": anna}, {"city": "Bari", "contact": {"phone": "+39 080 2"}}]
    groups = [{"label": "A", "interventions": [{"type": "DRUG", "name": "Imatinib"}, "Aspirin"]}]
    read = read_snapshot({**LEAST, "locations": [*sites, {"city": "Bra", "contact": {}}], "arms": groups})
    assert read["locations"] == [
        {"city": "Roma", "contact": "Anna Rossi, +39 06 1, anna@example.org"},
        {"city": "Bari", "contact": "+39 080 2"},
        {"city": "Bra"},
    ]
    assert read["arms"] == [{"label": "A", "interventions": ["Imatinib", "Aspirin"]}]


def test_a_status_is_read_as_the_registry_writes_it_and_an_unknown_one_is_kept():
    assert read_snapshot({**LEAST, "status": "Active, not recruiting"})["status"] == "ACTIVE_NOT_RECRUITING"
    assert read_snapshot({**LEAST, "status": "ON_ICE"})["status"] == "ON_ICE"


@pytest.mark.parametrize("unseen", ["\u200b", " \u2060\ufeff", "\u202e", "\x07\x1b", "\u00ad\u00a0", "\0"])
def test_a_text_that_nobody_can_see_is_none(unseen: str):
    assert problems({**LEAST, "title": unseen, "url": unseen}) == dict.fromkeys(
        ("title", "url"), "must not be empty"
    )
    nameless = {**LEAST, "conditions": [{"id": "X:1", "name": unseen}]}
    assert problems(nameless) == {"conditions[0].name": "is missing"}
    assert "summary" not in read_snapshot({**LEAST, "summary": unseen})


@pytest.mark.parametrize("title", ["<b></b>", "&lt;p&gt;", "&#x202e;", "&nbsp;<br/>"])
def test_a_title_of_nothing_but_markup_is_empty(title: str):
    assert problems({**LEAST, "title": title}) == {"title": "must not be empty"}


@pytest.mark.parametrize("mark", ["-", "--, -", "_", "?", "\u200b-"])
def test_a_value_of_an_enumeration_has_letters_or_digits(mark: str):
    assert problems({**LEAST, "status": mark}) == {"status": "must not be empty"}
    count = {"count": 3, "type": mark}
    read = read_snapshot({**LEAST, "study_type": mark, "phases": [mark, "PHASE1"], "enrollment": count})
    assert "study_type" not in read
    assert (read["phases"], read["enrollment"]) == (["PHASE1"], {"count": 3})


@pytest.mark.parametrize(
    "url", ["https://", "http:///x", "https://[x", "https:// a.org", "https://?q", "https://:8"]
)
def test_a_web_address_names_a_host(url: str):
    words = "must be a web address that begins with https:// or http://"
    assert problems({**LEAST, "url": url, "results_url": url}) == {"url": words, "results_url": words}


def test_characters_that_no_database_stores_are_removed():
    assert read_snapshot({**LEAST, "title": "Ce\0lls \ud800"})["title"] == "Cells ?"


def test_reading_a_snapshot_again_changes_nothing():
    for snapshot in [trial(), *real_trials().values()]:
        assert read_snapshot(snapshot) == snapshot
        assert read_snapshot(json.loads(json.dumps(snapshot))) == snapshot


@given(st.dictionaries(st.sampled_from([*trial(), "outlook", "why_stopped", "other"]), values))
def test_bad_data_of_any_kind_is_a_named_problem_and_nothing_else(data):
    for read in (read_snapshot, read_removed, read_merged, read_condition):
        named = [("data", "is good")]
        try:
            read({**LEAST, **data})
        except InvalidSnapshot as raised:
            named = list(raised.problems)
        assert named
        assert all(field and message for field, message in named)


@given(values)
def test_data_that_are_no_object_are_a_named_problem(data):
    if not isinstance(data, dict):
        assert problems(data) == {"data": "must be an object"}


@given(st.dictionaries(st.sampled_from(sorted(trial())), values))
def test_an_accepted_snapshot_can_be_stored_as_json_and_digested(data):
    try:
        read = read_snapshot({**LEAST, **data})
    except InvalidSnapshot:
        return
    assert json.loads(json.dumps(read)) == read
    assert len(content_digest(read)) == 64


def test_a_removal_a_merger_and_a_condition_are_read():
    removal = {"nct_id": "NCT04787263", "revision": 3, "explanation": "Twice"}
    assert read_removed(removal) == removal
    assert read_removed({"nct_id": "NCT04787263", "revision": 3})["explanation"] is None
    merger = {"nct_id": "NCT04787263", "revision": 3, "into": "NCT00000001"}
    assert read_merged(merger) == merger
    assert read_condition({"id": "X:1", "name": "leukemia"}) == {
        "id": "X:1",
        "name": "leukemia",
        "synonyms": [],
        "related": [],
        "parents": [],
        "xrefs": [],
        "replaced_by": None,
        "followable": True,
    }
    scoped = {"synonyms": ["leukaemia", {"name": "blood cancer", "scope": "BROAD"}]}
    read = read_condition({"id": "X:1", "name": "leukemia", **scoped})
    assert (read["synonyms"], read["related"]) == (["leukaemia"], ["blood cancer"])
    assert read_condition({"id": "X:1", "name": "disease", "followable": False})["followable"] is False


def test_a_trial_is_not_merged_into_itself():
    merger = {"nct_id": "NCT04787263", "revision": 3, "into": "NCT04787263"}
    assert problems(merger, read_merged) == {"into": "must be another trial"}


@pytest.mark.parametrize(
    "text", ["NCT0478726", "NCT047872633", "nct04787263", "NCT0478726٣", "NCT04787263\n"]
)
def test_an_invalid_nct_number_is_not_recognized(text):
    assert not is_nct_number(text)
