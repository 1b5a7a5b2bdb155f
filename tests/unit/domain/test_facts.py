"""A study's facts beside its status: for whom, where, whom to ask, how old the record is."""

import pytest

from service.domain.wording.facts import conditions, joined_conditions, links, outlook
from service.domain.wording.facts import facts as facts_of
from service.domain.wording.language import ENGLISH
from service.domain.wording.places import place
from service.languages import language
from tests.unit.domain.trials import ALL, trial


def fact(label, **changed):
    """The value behind a label; None without such a line."""
    return {fact.label: fact.text for fact in facts_of(trial(**changed), ENGLISH)}.get(label)


def test_a_study_without_a_treatment_says_so():
    assert fact("Kind of study:", study_type="OBSERVATIONAL") == "people are observed, no treatment is tried"
    assert fact("Kind of study:") is None


@pytest.mark.parametrize(
    ("eligibility", "text"),
    [
        ({"minimum_age": "18 Years", "maximum_age": "N/A"}, "18 years and older"),
        ({"minimum_age": "N/A", "maximum_age": "N/A", "sex": "FEMALE"}, "any age; female participants only"),
        ({"healthy_volunteers": True}, "healthy volunteers too"),
        ({"sex": "ALL", "healthy_volunteers": False}, "people of any sex; no healthy volunteers"),
        ({"criteria": "Inclusion Criteria:\n\n* Relapse"}, None),
    ],
)  # fmt: skip
def test_eligibility_is_shown_as_far_as_it_is_known(eligibility, text):
    assert fact("Who can join:", eligibility=eligibility) == text


def test_eligibility_of_a_closed_study_is_in_the_past_tense():
    assert fact("Who could join:", status="ACTIVE_NOT_RECRUITING").startswith("1–25 years")
    assert fact("Who can join:", status="ACTIVE_NOT_RECRUITING") is None


def test_few_interventions_are_named_and_the_rest_counted():
    many = [{"type": "DRUG", "name": f"Drug {n}"} for n in range(8)]
    assert fact("What is tested:", interventions=[*many, {"type": "DRUG", "name": "drug 0"}]) == (
        "drug 0; Drug 1; Drug 2; Drug 3; Drug 4; and 3 more"
    )


def test_tested_treatments_come_before_examinations():
    scan = {"type": "PROCEDURE", "name": "Computed tomography"}
    drug = {"type": "DRUG", "name": "Pembrolizumab"}
    assert fact("What is tested:", interventions=[scan, drug]) == "Pembrolizumab; Computed tomography"


def test_unknown_facts_of_an_open_study_refer_to_its_page():
    for label, field in (("Places:", "locations"), ("Whom to ask:", "contacts")):
        assert fact(label, **{field: None}) == "see the study’s page"
        assert fact(label, status="COMPLETED", **{field: None}) is None
    assert fact("Places:", locations=[]) == "the registry lists none"


def test_a_contact_of_a_site_names_the_site():
    sites = [{"facility": "Clinic", "country": "France", "contact": "Anna, +33 1"}]
    contacts = [{"name": "Anna", "phone": "+33 1"}]
    assert fact("Whom to ask:", contacts=contacts, locations=sites) == "Anna, +33 1 (Clinic)"
    unnamed = [{**sites[0], "facility": "Local Institution - 0062"}]
    assert fact("Whom to ask:", contacts=contacts, locations=unnamed) == "Anna, +33 1"


def test_few_contacts_are_named_with_telephone_and_address():
    contacts = [{"name": f"Dr {n}", "phone": f"+39 {n}", "email": f"{n}@example.org"} for n in range(3)]
    assert fact("Whom to ask:", contacts=contacts) == (
        "Dr 0, +39 0, 0@example.org; Dr 1, +39 1, 1@example.org; and 1 more"
    )


def test_without_contacts_of_its_own_those_of_the_nearest_sites_are_named():
    sites = [
        {"facility": "Clinic", "country": country, "contact": f"+{n}"}
        for n, country in enumerate(("France", "Italy", "Spain"))
    ]
    found = facts_of(trial(contacts=None, locations=sites), ENGLISH, frozenset({"ES"}))
    assert "+2 (Clinic)" in [fact.text for fact in found]
    found = facts_of(trial(contacts=None, locations=sites), ENGLISH)
    assert "+0 (Clinic); +1 (Clinic); and 1 more" in [fact.text for fact in found]
    found = facts_of(trial(locations=sites), ENGLISH, frozenset({"ES"}))
    assert "+2 (Clinic); Franco, +39 06 1, franco@example.org" in [fact.text for fact in found]


def test_the_date_when_the_team_last_confirmed_the_record_is_shown():
    assert fact("Last confirmed by the study team:", verified_date="2025-09") == "September 2025"


def test_followed_conditions_come_first_and_those_beyond_six_are_counted():
    names = [{"name": f"Syndrome {n}"} for n in range(8)]
    listed, followed = conditions(trial(conditions=[*names, ALL]), ENGLISH, f"condition:{ALL['id']}", "ALL")
    assert listed == (
        "acute lymphoblastic leukemia",
        *(f"Syndrome {n}" for n in range(5)),
        "and 3 more conditions",
    )
    assert followed == 1
    both = joined_conditions(("acute lymphoblastic leukemia", "Syndrome 7"), listed)
    assert both[:2] == ("acute lymphoblastic leukemia", "Syndrome 7")
    assert (len(both), both[-1]) == (7, "and 3 more conditions")


def test_conditions_that_are_only_counted_are_named_as_such_in_every_language():
    """A number alone would need their gender: "e altre 2", not "e altri 2"."""
    listed = trial(conditions=[{"name": f"condition {n}"} for n in range(8)])
    counted = {code: conditions(listed, language(code), "", "")[0][-1] for code in ("en", "de", "it", "ar")}
    assert counted == {
        "en": "and 2 more conditions",
        "de": "und 2 weitere Erkrankungen",
        "it": "e altre 2 malattie",
        "ar": "ومرضان آخران",
    }


def test_a_follower_of_a_broader_condition_sees_the_narrower_one_first():
    both = trial(conditions=[{"name": "Lymphoma"}, ALL])
    assert conditions(both, ENGLISH, "condition:MONDO:0005059", "leukemia")[0][0] == ALL["name"]
    assert conditions(both, ENGLISH, "trial:NCT04787263", "")[0][0] == "Lymphoma"


def test_the_registrys_page_and_results_are_linked_if_they_are_given():
    pages = {name: f"https://example.org/{name}" for name in ("registry_url", "results_url")}
    pages["plain_results_url"] = "https://example.org/plain"
    found = links(trial(**pages, has_results=True), ENGLISH)
    assert [(link.text, link.url) for link in found] == [
        ("NCT04787263 in the registry", "https://example.org/registry_url"),
        ("Results of NCT04787263", "https://example.org/results_url"),
        ("Results of NCT04787263 in plain language", "https://example.org/plain"),
    ]
    assert links(trial(registry_url=""), ENGLISH) == links(trial(), ENGLISH) == ()
    assert links(trial(**pages, has_results=False), ENGLISH) == (found[0], found[2]), "none are there yet"


def test_the_outlook_is_in_the_websites_words():
    given = {
        "active_substance": "CAR T-cells",
        "could_lead_to": "A new option.",
        "could_go_wrong": "Fever. " * 90,
    }
    substance, lead, wrong = outlook(trial(outlook=given), ENGLISH)
    assert (substance.label, substance.text) == ("Active substance:", "CAR T-cells")
    assert lead.text == "A new option."
    assert wrong.text.endswith("Fever.")
    assert len(wrong.text) <= 500
    assert outlook(trial(), ENGLISH) == ()


def test_parts_of_a_contact_are_isolated_where_the_language_is_read_from_right_to_left():
    """The groups of a telephone number would stand in the opposite order."""
    contacts = [{"name": "مستشفى", "phone": "+39 06 1"}, {"name": None, "phone": "+39 06 2"}]
    sites = [{"facility": "Clinic", "city": "Roma", "country": "Italy", "contact": "+39 06 3"}]
    arabic = language("ar")
    text = [fact.text for fact in facts_of(trial(contacts=contacts, locations=[]), arabic)]
    assert "\u2068مستشفى\u2069، \u2068+39 06 1\u2069؛ \u2068+39 06 2\u2069" in text
    text = [fact.text for fact in facts_of(trial(contacts=None, locations=sites), arabic)]
    assert "\u2068+39 06 3\u2069 (\u2068Clinic\u2069)" in text
    assert place(sites[0], arabic) == "Clinic، Roma، إيطاليا"
    assert fact("Whom to ask:", contacts=contacts, locations=[]) == "مستشفى, +39 06 1; +39 06 2"
