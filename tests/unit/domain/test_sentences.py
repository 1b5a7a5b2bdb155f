"""Every kind of material change, as a follower reads it."""

import pytest

from service.domain.wording.language import ENGLISH
from tests.unit.domain.trials import ALL, LYMPHOMA, PARIS, ROMA, details, site, trial, worded


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "NOT_YET_RECRUITING",
            "RECRUITING",
            "high: The registry now says this study is looking for participants.",
        ),
        (
            "ACTIVE_NOT_RECRUITING",
            "RECRUITING",
            "high: The registry now says this study has started taking participants again.",
        ),
        (
            "SUSPENDED",
            "RECRUITING",
            "high: The registry now says this study has started taking participants again.",
        ),
        (
            "RECRUITING",
            "ACTIVE_NOT_RECRUITING",
            "high: The registry now says this study continues, but is not taking new participants.",
        ),
        ("RECRUITING", "SUSPENDED", "high: The registry now says this study is paused."),
        ("RECRUITING", "TERMINATED", "high: The registry now says this study was stopped early."),
        (
            "RECRUITING",
            "WITHDRAWN",
            "high: The registry now says this study was cancelled before anyone joined.",
        ),
        (
            "RECRUITING",
            "ENROLLING_BY_INVITATION",
            "high: The registry now says this study takes participants by invitation. "
            "Only people whom the team invites can join.",
        ),
        (
            "RECRUITING",
            "COMPLETED",
            "medium: The registry now says this study has finished. This does not say whether it worked.",
        ),
        (
            "RECRUITING",
            "UNKNOWN",
            "medium: Nobody has confirmed this study's record for two years. Ask before relying on it.",
        ),
        (
            "TERMINATED",
            "RECRUITING",
            "high: An earlier notice was reversed: the registry now says this study is "
            "looking for participants.",
        ),
        (
            "COMPLETED",
            "ACTIVE_NOT_RECRUITING",
            "high: An earlier notice was reversed: the registry now says this study continues, but is not "
            "taking new participants.",
        ),
        (
            "WITHDRAWN",
            "NOT_YET_RECRUITING",
            "high: An earlier notice was reversed. The registry now says this study is not "
            "taking participants yet.",
        ),
        (
            "RECRUITING",
            "NOT_YET_RECRUITING",
            "medium: The registry now says this study is not taking participants yet.",
        ),
        (
            "AVAILABLE",
            "NO_LONGER_AVAILABLE",
            "high: The registry now says this treatment is no longer available outside a study.",
        ),
        (
            "AVAILABLE",
            "APPROVED_FOR_MARKETING",
            "medium: The registry now says this treatment has been approved for sale.",
        ),
        (
            "RECRUITING",
            "SOMETHING_NEW",
            "medium: The registry now gives this study the status “something new”.",
        ),
    ],
)
def test_a_status_is_worded(old, new, words):
    assert worded(trial(status=old), trial(status=new)) == [words]


def test_the_reason_for_stopping_is_in_the_teams_words():
    stopped = trial(status="TERMINATED", why_stopped="Low  accrual &amp; funding\nended")
    assert worded(trial(), stopped) == [
        "high: The registry now says this study was stopped early. "
        "The team's reason, in its words: “Low accrual & funding ended”"
    ]


def test_another_reason_for_stopping_is_a_small_change():
    before = trial(status="SUSPENDED", why_stopped="Funding")
    assert worded(before, trial(status="SUSPENDED", why_stopped="Drug supply")) == [
        "low: The team now gives this reason, in its words: “Drug supply”"
    ]


def test_an_added_and_a_removed_site_are_worded():
    assert worded(trial(), trial(locations=[{**PARIS, "status": "RECRUITING"}])) == [
        "high: A site was added: Hôpital Necker, Paris, France.",
        "high: A site is no longer listed: Ospedale Bambino Gesù, Roma, Italy.",
    ]


def test_a_site_that_now_takes_participants_is_worded():
    before = trial(locations=[{**ROMA, "status": "NOT_YET_RECRUITING"}])
    assert worded(before, trial()) == [
        "high: A site now takes participants: Ospedale Bambino Gesù, Roma, Italy."
    ]


def test_sites_of_the_same_name_and_town_are_counted():
    roma = {**ROMA, "status": "RECRUITING"}
    unnamed = site("Research Site", "Boston", "United States", "NOT_YET_RECRUITING")
    opened = {**unnamed, "status": "RECRUITING"}
    boston = "Boston, United States"
    two, both = trial(locations=[roma, unnamed, unnamed]), trial(locations=[roma, opened, opened])
    assert worded(two, both) == [f"high: 2 sites now take participants: {boston}."]
    assert worded(trial(locations=[roma]), both) == [f"high: 2 sites were added: {boston}."]
    assert worded(both, trial(locations=[roma])) == [f"high: 2 sites are no longer listed: {boston}."]


def test_many_sites_are_counted_by_country():
    sites = [
        *(
            site(f"Ospedale {name}", "Milano", "Italy", "RECRUITING")
            for name in ("Sacco", "Niguarda", "Buzzi")
        ),
        *(site(f"Hôpital {name}", "Lyon", "France", "RECRUITING") for name in ("Sud", "Debrousse")),
    ]
    after = trial(locations=[{**ROMA, "status": "RECRUITING"}, *sites])
    assert worded(trial(), after) == ["high: 5 sites were added: Italy (3: Milano) and France (2: Lyon)."]


def test_posted_results_are_worded():
    assert worded(trial(), trial(has_results=True)) == ["high: Results are now posted."]


@pytest.mark.parametrize("phases", ["Phase 1/Phase 2", "Phase I/II", ["Phase 1/2"], ["phase 2", "PHASE_1"]])
def test_the_same_phases_in_another_spelling_are_no_change(phases):
    assert worded(trial(), trial(phases=phases)) == []


@pytest.mark.parametrize(
    ("phases", "words"),
    [
        ("N/A", "not applicable"),
        (["Not Applicable"], "not applicable"),
        (["Early Phase 1"], "Early phase 1"),
        ("Phase II | Phase III", "Phase 2 and Phase 3"),
        (["Phase 2a"], "Phase 2a"),
    ],
)
def test_phases_of_other_registries_are_worded(phases, words):
    assert worded(trial(), trial(phases=phases)) == [
        f"medium: The phase of the study: Phase 1 and Phase 2 → {words}."
    ]


def test_changed_treatments_phases_and_measurements_are_worded():
    after = trial(
        interventions=[{"name": "CD19-CAR_Lenti"}, {"name": "Fludarabine"}],
        phases=["PHASE2"],
        primary_outcomes=[{"measure": "Response", "time_frame": "4 weeks"}],
    )
    assert worded(trial(), after) == [
        "medium: What is being tested changed.",
        "medium: The phase of the study: Phase 1 and Phase 2 → Phase 2.",
        "low: What the study measures changed.",
    ]


def test_a_condition_that_is_added_in_two_spellings_is_named_once():
    spelt = {"name": "Leukemia, Lymphocytic, Acute"}
    assert worded(trial(conditions=[LYMPHOMA]), trial(conditions=[LYMPHOMA, ALL, spelt])) == [
        "low: This study now also lists the condition “acute lymphoblastic leukemia”."
    ]


@pytest.mark.parametrize("heading", ["Neoplasms, Breast", "Breast Neoplasm"])
def test_a_heading_of_mesh_beside_the_everyday_name_is_not_reported(heading):
    """NCT00490139"""
    cancer, other = {"name": "Breast Cancer"}, {"name": heading}
    assert worded(trial(conditions=[cancer]), trial(conditions=[other, cancer])) == []
    assert worded(trial(conditions=[cancer]), trial(conditions=[other])) == []
    assert worded(trial(conditions=[cancer]), trial(conditions=[{"name": "Breast Diseases"}])) != []


def test_conditions_contacts_title_and_sponsor_are_small_changes():
    after = trial(
        conditions=[ALL, LYMPHOMA],
        contacts=[{"name": "Anna", "email": "anna@example.org"}],
        title="Cells against leukemia",
        sponsor="Another hospital",
    )
    assert worded(trial(), after) == [
        "low: This study now also lists the condition “lymphoma”.",
        "low: The contact details changed.",
        "low: Renamed. The title was “Engineered immune cells take on childhood leukemia and lymphoma”.",
        "low: Who is in charge of the study changed: Bambino Gesù Hospital and Research "
        "Institute → Another hospital.",
    ]
    assert details(trial(), after) == ["New: Anna, anna@example.org"]


def test_a_name_that_ends_with_a_full_stop_ends_its_sentence():
    before, after = trial(sponsor="Example, Inc."), trial(sponsor="Another Company, Ltd.")
    assert worded(before, after) == [
        "low: Who is in charge of the study changed: Example, Inc. → Another Company, Ltd."
    ]


@pytest.mark.parametrize(
    ("iso", "shown"),
    [("2021-03-04", "4 March 2021"), ("2021-03", "March 2021"), ("2021", "2021"), ("soon", "soon")],
)
def test_english_writes_dates_out(iso, shown):
    assert ENGLISH.date(iso) == shown


def test_english_joins_lists():
    assert ENGLISH.list(["a"]) == "a"
    assert ENGLISH.list(["a", "b", "c"]) == "a, b and c"
