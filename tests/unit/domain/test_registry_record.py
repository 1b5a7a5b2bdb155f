"""A registry record as an event: every field that it holds, or a plain sentence that says what is wrong."""

import json
from copy import deepcopy
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.trials.events.snapshot import read_snapshot
from service.domain.trials.registry.conditions import mesh_id
from service.domain.trials.registry.record import InvalidRecord, to_event, trial_data
from service.domain.trials.registry.revisions import next_revision
from tests.unit.domain.trials import DATA, studies

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
RECORD = "NCT05326516_2023-11-07"


def test_an_event_is_a_cloud_event_that_names_its_trial():
    event = to_event(studies()[RECORD], now=NOW, source="https://clinicaltrials.gov")
    data = event.pop("data")
    assert event == {
        "specversion": "1.0",
        "id": event["id"],
        "source": "https://clinicaltrials.gov",
        "type": "trial.upserted",
        "subject": "NCT05326516",
        "time": "2026-11-20T09:30:00+00:00",
        "datacontenttype": "application/json",
    }
    assert event["id"].startswith(f"NCT05326516-{data['revision']}-")


def test_converting_twice_gives_one_event():
    one, other = (to_event(studies()[RECORD], now=NOW, source="x") for _ in range(2))
    assert one == other


def test_every_field_of_the_contract_is_filled():
    record = studies()[RECORD]
    data = trial_data(record)
    protocol = record["protocolSection"]
    updated = protocol["statusModule"]["lastUpdatePostDateStruct"]["date"]
    assert data["nct_id"] == "NCT05326516"
    assert data["revision"] == int(updated.replace("-", "")) * 10_000
    assert data["url"] == data["registry_url"] == "https://clinicaltrials.gov/study/NCT05326516"
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
    assert [condition["name"] for condition in data["conditions"]] == [
        *protocol["conditionsModule"]["conditions"],
        "Leukemia",
        "Precursor Cell Lymphoblastic Leukemia-Lymphoma",
    ]
    assert data["conditions"][-1]["id"] == "MESH:D054198"
    assert data["registrant_conditions"] == protocol["conditionsModule"]["conditions"]
    assert data["study_type"] == "INTERVENTIONAL"
    assert [arm["label"] for arm in data["arms"]] == [
        arm["label"] for arm in protocol["armsInterventionsModule"]["armGroups"]
    ]
    assert data["arms"][0]["interventions"]
    assert data["expanded_access"]["available"] is True
    assert data["verified_date"] == protocol["statusModule"]["statusVerifiedDate"]
    assert data["keywords"] == protocol["conditionsModule"]["keywords"]
    assert "results_url" not in data
    assert data["registry_first_posted"] == protocol["statusModule"]["studyFirstPostDateStruct"]["date"]
    assert data["registry_last_updated"] == updated


def test_every_real_record_becomes_an_event_that_is_accepted():
    for record in studies().values():
        data = to_event(record, now=NOW, source="x")["data"]
        assert read_snapshot(data) == data


def test_the_website_and_the_revision_may_be_given():
    data = trial_data(studies()[RECORD], revision=17, url="https://trials.example/{nct_id}")
    assert (data["revision"], data["url"]) == (17, "https://trials.example/NCT05326516")


def test_an_age_limit_missing_in_the_record_means_no_limit():
    record = deepcopy(studies()[RECORD])
    del record["protocolSection"]["eligibilityModule"]["minimumAge"]
    assert trial_data(record)["eligibility"]["minimum_age"] == "N/A"


def test_a_record_without_sites_has_none_yet():
    record = deepcopy(studies()[RECORD])
    del record["protocolSection"]["contactsLocationsModule"]
    assert trial_data(record)["locations"] == []


def test_the_sites_contacts_replace_missing_central_ones():
    record = deepcopy(studies()[RECORD])
    module = record["protocolSection"]["contactsLocationsModule"]
    module.pop("centralContacts", None)
    module["locations"][0]["contacts"] = [
        {"name": "Anna", "role": "CONTACT", "phone": "1"},
        {"name": "Bob", "role": "PRINCIPAL_INVESTIGATOR"},
    ]
    assert {"name": "Anna", "phone": "1"} in trial_data(record)["contacts"]
    assert "Bob" not in str(trial_data(record)["contacts"])


def test_a_site_has_its_region_postal_code_and_contact():
    record = deepcopy(studies()[RECORD])
    record["protocolSection"]["contactsLocationsModule"]["locations"] = [
        {
            "facility": "Mayo Clinic",
            "city": "Rochester",
            "state": "Minnesota",
            "zip": "55905",
            "country": "United States",
            "contacts": [
                {"name": "Bob", "role": "PRINCIPAL_INVESTIGATOR", "phone": "9"},
                {"name": "Site Contact", "role": "CONTACT"},
                {
                    "name": "Anna",
                    "role": "CONTACT",
                    "phone": "507-1",
                    "phoneExt": "12",
                    "email": "a@example.org",
                },
            ],
        },
        {"city": "Roma", "country": "Italy", "contacts": [{"name": "Carla"}]},
    ]
    assert trial_data(record)["locations"] == [
        {
            "facility": "Mayo Clinic",
            "city": "Rochester",
            "region": "Minnesota",
            "postal_code": "55905",
            "country": "United States",
            "contact": "Anna, 507-1 ext. 12, a@example.org",
        },
        {"city": "Roma", "country": "Italy"},
    ]


def test_older_numbers_of_a_trial_are_aliases_and_numbers_elsewhere_are_not():
    record = deepcopy(studies()[RECORD])
    names = record["protocolSection"]["identificationModule"]
    names["secondaryIdInfos"] = [{"id": "2019-003475-39", "type": "EUDRACT_NUMBER"}]
    assert "aliases" not in trial_data(record)
    names["nctIdAliases"] = ["NCT00000099"]
    assert trial_data(record)["aliases"] == ["NCT00000099"]


def test_a_summary_keeps_its_paragraphs_and_lists():
    record = json.loads((DATA / "registry/cases/09_summary_bullets_NCT06452199.json").read_text())
    summary = trial_data(record)["summary"]
    assert summary == record["protocolSection"]["descriptionModule"]["briefSummary"]
    assert summary.count("\n* ") == 8


def test_a_study_with_more_site_contacts_than_an_event_may_hold_is_converted():
    record = deepcopy(studies()[RECORD])
    module = record["protocolSection"]["contactsLocationsModule"]
    module.pop("centralContacts", None)
    module["locations"] = [{"city": "Roma", "contacts": [{"name": f"Anna {n}"}]} for n in range(1_200)]
    data = trial_data(record)
    assert len(data["locations"]) == 1_200
    assert data["contacts"][0] == {"name": "Anna 0"}


def test_results_that_are_submitted_and_not_posted_are_none_yet():
    record = deepcopy(studies()[RECORD])
    record["hasResults"] = True
    record["protocolSection"]["statusModule"]["resultsFirstSubmitDate"] = "2026-01-01"
    assert trial_data(record)["has_results"] is False
    assert "results_url" not in trial_data(record)
    record["protocolSection"]["statusModule"]["resultsFirstPostDateStruct"] = {"date": "2026-03-01"}
    assert trial_data(record)["has_results"] is True
    assert trial_data(record)["results_url"] == "https://clinicaltrials.gov/study/NCT05326516?tab=results"


def test_a_flip_to_unknown_has_a_higher_revision_without_a_date_of_its_own():
    before, after = (
        json.loads((DATA / f"registry/cases/01_unknown_without_update_date.{part}.json").read_text())
        for part in ("before", "after")
    )
    old, new = trial_data(before), trial_data(after)
    assert old["registry_last_updated"] == new["registry_last_updated"]
    assert new["revision"] > old["revision"]


def test_a_revision_rises_with_content_and_with_dates():
    known = (2026_06_30_0000, "a")
    assert next_revision(None, "a", 2026_06_30_0000) == 2026_06_30_0000
    assert next_revision(known, "a", 2026_06_30_0000) == 2026_06_30_0000
    assert next_revision(known, "b", 2026_06_30_0000) == 2026_06_30_0001
    assert next_revision(known, "b", 2026_07_01_0000) == 2026_07_01_0000
    assert next_revision((2026_06_30_0007, "a"), "b", 2026_06_30_0001) == 2026_06_30_0008


def test_an_older_version_that_comes_late_keeps_the_revision_of_its_dates():
    assert next_revision((2026_06_30_0007, "a"), "b", 2026_06_29_0000) == 2026_06_29_0000


def test_other_content_under_one_revision_is_another_event():
    record = studies()[RECORD]
    other = deepcopy(record)
    other["protocolSection"]["identificationModule"]["briefTitle"] = "Another title"
    first, two = (to_event(each, now=NOW, source="x") for each in (record, other))
    assert first["data"]["revision"] == two["data"]["revision"]
    assert first["id"] != two["id"]


def test_a_first_load_notifies_nobody_and_is_the_same_event():
    first = to_event(studies()[RECORD], now=NOW, source="x", first_load=True)
    later = to_event(studies()[RECORD], now=NOW, source="x")
    assert (first["data"]["notify"], first["data"]["reason"]) == ("suppress", "backfill")
    assert (later["data"]["notify"], later["data"]["reason"]) == ("allow", "registry")
    assert first["id"] == later["id"]


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
def test_a_malformed_record_is_named_in_one_sentence(record, words):
    with pytest.raises(InvalidRecord, match=words):
        to_event(record, now=NOW, source="x")


def test_a_record_without_a_status_is_named_with_the_missing_field():
    record = deepcopy(studies()[RECORD])
    del record["protocolSection"]["statusModule"]["overallStatus"]
    with pytest.raises(InvalidRecord, match=r"The record of NCT05326516 can't be used: status: is missing\."):
        trial_data(record)


values = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)


@pytest.mark.slow
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
