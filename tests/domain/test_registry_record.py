"""A registry record as an event: every field that it holds, or a plain sentence that says what is wrong."""

from copy import deepcopy
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.registry_record import InvalidRecord, mesh_id, to_event, trial_data
from service.domain.snapshot import read_snapshot
from tests.domain.trials import studies

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
RECORD = "NCT05326516_2023-11-07"


def test_an_event_is_a_cloud_event_that_names_its_trial():
    event = to_event(studies()[RECORD], now=NOW, source="https://clinicaltrials.gov")
    data = event.pop("data")
    assert event == {
        "specversion": "1.0",
        "id": f"NCT05326516-{data['revision']}",
        "source": "https://clinicaltrials.gov",
        "type": "trial.upserted",
        "subject": "NCT05326516",
        "time": "2026-11-20T09:30:00+00:00",
        "datacontenttype": "application/json",
    }


def test_converting_twice_gives_one_event():
    one, other = (to_event(studies()[RECORD], now=NOW, source="x") for _ in range(2))
    assert one == other


def test_every_field_of_the_contract_is_filled():
    record = studies()[RECORD]
    data = trial_data(record)
    protocol = record["protocolSection"]
    updated = protocol["statusModule"]["lastUpdatePostDateStruct"]["date"]
    assert data["nct_id"] == "NCT05326516"
    assert data["revision"] == int(updated.replace("-", ""))
    assert data["url"] == "https://example.org/trials/NCT05326516"
    assert data["title"] == protocol["identificationModule"]["briefTitle"]
    assert data["official_title"] == protocol["identificationModule"]["officialTitle"]
    assert data["summary"].startswith(protocol["descriptionModule"]["briefSummary"][:30])
    assert (data["status"], data["phases"]) == ("RECRUITING", ["PHASE1"])
    assert data["enrollment"] == protocol["designModule"]["enrollmentInfo"]
    assert data["start_date"] == protocol["statusModule"]["startDateStruct"]
    assert data["primary_completion_date"] == protocol["statusModule"]["primaryCompletionDateStruct"]
    assert data["completion_date"] == protocol["statusModule"]["completionDateStruct"]
    assert set(data["eligibility"]) == {"minimum_age", "maximum_age", "sex", "healthy_volunteers", "criteria"}
    assert [i["name"] for i in data["interventions"]] == [
        i["name"] for i in protocol["armsInterventionsModule"]["interventions"]
    ]
    assert len(data["primary_outcomes"]) == len(protocol["outcomesModule"]["primaryOutcomes"])
    assert data["primary_outcomes"][0]["time_frame"]
    assert data["has_results"] is False
    assert data["sponsor"] == protocol["sponsorCollaboratorsModule"]["leadSponsor"]["name"]
    assert data["contacts"][0]["email"]
    assert len(data["locations"]) == len(protocol["contactsLocationsModule"]["locations"])
    assert {"facility", "city", "country"} <= set(data["locations"][0])
    assert data["conditions"][:2] == [
        {"id": "MESH:D007938", "name": "Leukemia"},
        {"id": "MESH:D054198", "name": "Precursor Cell Lymphoblastic Leukemia-Lymphoma"},
    ]
    assert {"name": "Acute Lymphoblastic Leukemia"} in data["conditions"]
    assert data["registrant_conditions"] == protocol["conditionsModule"]["conditions"]
    assert data["registry_first_posted"] == protocol["statusModule"]["studyFirstPostDateStruct"]["date"]
    assert data["registry_last_updated"] == updated


def test_every_real_record_becomes_an_event_that_is_accepted():
    for record in studies().values():
        data = to_event(record, now=NOW, source="x")["data"]
        assert read_snapshot(data) == data


def test_the_website_and_the_revision_may_be_given():
    data = trial_data(studies()[RECORD], revision=17, url="https://trials.example/{nct_id}")
    assert (data["revision"], data["url"]) == (17, "https://trials.example/NCT05326516")


def test_an_age_limit_that_the_record_leaves_out_is_known_to_be_none():
    record = deepcopy(studies()[RECORD])
    del record["protocolSection"]["eligibilityModule"]["minimumAge"]
    assert trial_data(record)["eligibility"]["minimum_age"] == "N/A"


def test_a_record_without_sites_has_none_yet():
    record = deepcopy(studies()[RECORD])
    del record["protocolSection"]["contactsLocationsModule"]
    assert trial_data(record)["locations"] == []


def test_the_sites_contacts_stand_in_where_there_are_no_central_ones():
    record = deepcopy(studies()[RECORD])
    module = record["protocolSection"]["contactsLocationsModule"]
    module.pop("centralContacts", None)
    module["locations"][0]["contacts"] = [
        {"name": "Anna", "role": "CONTACT", "phone": "1"},
        {"name": "Bob", "role": "PRINCIPAL_INVESTIGATOR"},
    ]
    assert {"name": "Anna", "phone": "1"} in trial_data(record)["contacts"]
    assert "Bob" not in str(trial_data(record)["contacts"])


def test_results_that_are_submitted_and_not_posted_are_none_yet():
    record = deepcopy(studies()[RECORD])
    record["hasResults"] = True
    record["protocolSection"]["statusModule"]["resultsFirstSubmitDate"] = "2026-01-01"
    assert trial_data(record)["has_results"] is False
    record["protocolSection"]["statusModule"]["resultsFirstPostDateStruct"] = {"date": "2026-03-01"}
    assert trial_data(record)["has_results"] is True


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("D000007938", "MESH:D007938"),
        ("D003027", "MESH:D003027"),
        ("D000069293", "MESH:D000069293"),
        ("D000077195", "MESH:D000077195"),
    ],
)
def test_a_mesh_id_is_written_as_mesh_and_mondo_write_it(text, shown):
    assert mesh_id(text) == shown


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({}, "it has no protocolSection"),
        ([], "it has no protocolSection"),
        ({"protocolSection": {}}, "nctId is missing"),
        (
            {"protocolSection": {"identificationModule": {"nctId": "NCT04787263"}}},
            "NCT04787263 has no last update date",
        ),
    ],
)
def test_a_malformed_record_is_named_in_a_sentence(record, words):
    with pytest.raises(InvalidRecord, match=words):
        to_event(record, now=NOW, source="x")


def test_a_record_without_a_status_is_named_with_what_it_lacks():
    record = deepcopy(studies()[RECORD])
    del record["protocolSection"]["statusModule"]["overallStatus"]
    with pytest.raises(InvalidRecord, match=r"The record of NCT05326516 can't be used: status: is missing\."):
        trial_data(record)


values = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)


@given(st.data())
def test_a_record_that_is_broken_anywhere_is_converted_or_named(data):
    record = deepcopy(studies()[RECORD])
    protocol = record["protocolSection"]
    module = data.draw(st.sampled_from(sorted(protocol)))
    if isinstance(protocol[module], dict) and data.draw(st.booleans()):
        part = data.draw(st.sampled_from(sorted(protocol[module])))
        protocol[module][part] = data.draw(values)
    else:
        protocol[module] = data.draw(values)
    message = "converted"
    try:
        converted = trial_data(record)
    except InvalidRecord as raised:
        message, converted = str(raised), None
    assert message.endswith(".") or converted == read_snapshot(converted)
