"""Perturb a real record in every meaningless way: no change is found."""

import html
import unicodedata
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.trials.comparison.diff import diff
from service.domain.trials.events.snapshot import read_snapshot
from service.domain.trials.registry.record import trial_data
from tests.unit.domain.trials import real_trials, studies, trial

# The study with 1,148 sites is compared once by itself: a hundred shuffles of it would take their time.
LARGE = "NCT04267848_2025-09-11"
NAMES = sorted(name for name in real_trials() if name != LARGE)
names = st.sampled_from(NAMES)
TEXTS = ("title", "official_title", "sponsor", "why_stopped")


def spell(text: str, way: int) -> str:
    """The same words in another spelling."""
    ways = (
        lambda: text.upper() if text.upper().lower() == text.lower() else text,
        lambda: text.lower() if text.lower().upper() == text.upper() else text,
        lambda: html.escape(text).replace("/", "&#x2F;"),
        lambda: unicodedata.normalize("NFD", text),
        lambda: text.replace(" ", "\u00a0  "),
        lambda: text.replace("\n", " \n\n"),
        lambda: text.replace("'", "’"),
        lambda: f"  {text} ",
    )
    return ways[way % len(ways)]()


def respelled(value: Any, draw) -> Any:
    if isinstance(value, str):
        return spell(value, draw(st.integers(0, 7)))
    if isinstance(value, list):
        return [respelled(item, draw) for item in value]
    return {key: respelled(part, draw) for key, part in value.items()}


@given(names, st.data())
def test_the_order_of_lists_means_nothing(name, data):
    before = real_trials()[name]
    after = dict(before)
    for field, value in before.items():
        if isinstance(value, list):
            after[field] = data.draw(st.permutations(value)) if len(value) < 30 else value[::-1]
    assert diff(before, read_snapshot(after)) == ()


@given(names, st.data())
def test_case_white_space_entities_and_unicode_forms_mean_nothing(name, data):
    before = real_trials()[name]
    after = deepcopy(before)
    for field in (*TEXTS, "interventions", "primary_outcomes", "contacts", "conditions"):
        if field in after:
            after[field] = respelled(after[field], data.draw)
    for condition, original in zip(after["conditions"], before["conditions"], strict=True):
        if "id" in original:
            condition["id"] = original["id"]
    for location in after.get("locations", ())[:20]:
        for part in {"facility", "city", "country"} & set(location):
            location[part] = spell(location[part], data.draw(st.integers(0, 7)))
    assert diff(before, read_snapshot(after)) == ()


@given(names, st.integers(0, 7))
def test_the_criteria_spelled_or_broken_otherwise_are_the_same(name, way):
    before = real_trials()[name]
    criteria = spell(before["eligibility"]["criteria"], way)
    for text in (
        criteria,
        criteria.replace("\n* ", "\n- "),
        criteria.replace("\n\n", "\n"),
        criteria.split("\n"),
    ):
        after = {**before, "eligibility": {**before["eligibility"], "criteria": text}}
        assert diff(before, read_snapshot(after)) == ()


@given(names)
def test_a_value_that_becomes_a_list_or_the_other_way_round_means_nothing(name):
    before = real_trials()[name]
    after = dict(before)
    after["title"] = [before["title"]]
    for field, part in (("interventions", "name"), ("conditions", "name"), ("phases", None)):
        found = before.get(field, [])
        if len(found) == 1:
            after[field] = found[0][part] if part else found[0]
        elif found and part:
            after[field] = [item[part] for item in found]
    if "enrollment" in before:
        after["enrollment"] = str(before["enrollment"]["count"])
    if "start_date" in before:
        after["start_date"] = before["start_date"]["date"]
    assert diff(before, read_snapshot(after)) == ()


@pytest.mark.slow
@given(names, st.text())
def test_rewritten_summaries_and_regenerated_facts_of_the_website_mean_nothing(name, words):
    before = real_trials()[name]
    after = read_snapshot(
        {
            **before,
            "revision": before["revision"] + 1,
            "summary": words,
            "outlook": {"active_substance": words, "could_lead_to": words},
            "url": "https://example.org/another/page",
            "first_seen": "2026-11-01",
            "registry_last_updated": "2026-11-20",
            "registrant_conditions": [words],
            "keywords": [words],
        }
    )
    assert diff(before, after) == ()


@given(names)
def test_verification_submission_and_post_dates_keywords_references_and_coordinates_mean_nothing(name):
    record = deepcopy(studies()[name])
    protocol = record["protocolSection"]
    status = protocol["statusModule"]
    status.update(
        statusVerifiedDate="2031-01", studyFirstSubmitDate="2001-01-01", lastUpdateSubmitDate="2031-01-02"
    )
    status["lastUpdatePostDateStruct"] = {"date": "2031-01-03", "type": "ESTIMATED"}
    protocol["conditionsModule"]["keywords"] = ["something", "else"]
    protocol["referencesModule"] = {"references": [{"pmid": "1"}]}
    for location in protocol.get("contactsLocationsModule", {}).get("locations") or ():
        if isinstance(location, dict):
            location["geoPoint"] = {"lat": 1.0, "lon": 2.0}
            location["zip"] = "00000"
    assert diff(real_trials()[name], trial_data(record)) == ()


@given(names, st.data())
def test_a_field_that_becomes_known_or_unknown_is_no_change(name, data):
    before = real_trials()[name]
    optional = sorted(
        set(before) - {"nct_id", "revision", "notify", "reason", "url", "title", "status", "conditions"}
    )
    unknown = data.draw(st.sets(st.sampled_from(optional)))
    after = {field: value for field, value in before.items() if field not in unknown}
    assert diff(before, after) == ()
    assert diff(after, before) == ()


def test_the_sites_of_the_largest_study_in_another_order_are_the_same():
    before = real_trials()[LARGE]
    assert len(before["locations"]) == 1148
    assert diff(before, {**before, "locations": before["locations"][::-1]}) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Ospedale Bambino Gesù", "OSPEDALE BAMBINO GESU'"),
        ("IRCCS Ospedale Pediatrico Bambino Gesù", "Ospedale Pediatrico Bambino Gesù, IRCCS"),
        ("Memorial Cancer Center", "Memorial Cancer Centre"),
        ("University Hospital; Oncology", "University Hospital"),
        ("St. Mary's Hosp", "Saint Mary's Hospital"),
    ],
)
def test_a_facility_that_is_spelled_anew_is_the_same(old, new):
    before, after = (
        trial(locations=[{"facility": name, "city": "Roma", "country": "Italy", "status": "RECRUITING"}])
        for name in (old, new)
    )
    assert diff(before, after) == ()


def test_two_sites_of_one_name_are_two_sites():
    research = {"facility": "Research Site", "city": "Tampa", "country": "United States"}
    before, after = trial(locations=[research]), trial(locations=[research, research])
    (change,) = diff(before, after)
    assert (change.before["sites"], change.after["sites"]) == ([], [research])


@pytest.mark.parametrize(
    "changed",
    [
        {"interventions": [{"type": "BIOLOGICAL", "name": "CD19-CAR_Lenti."}]},
        {"primary_outcomes": [{"measure": "Dose limiting toxicities.", "time_frame": "4 weeks;"}]},
        {"why_stopped": "Too few people joined."},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_full_stop_at_the_end_is_no_change(changed):
    before = trial(status="SUSPENDED", why_stopped="Too few people joined")
    after = trial(status="SUSPENDED", **{"why_stopped": "Too few people joined", **changed})
    assert diff(before, after) == diff(after, before) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CD19-CAR", "CD19 CAR"),
        ("Ruxolitinib (Jakavi)", "Ruxolitinib (Jakavi®)"),
        ("drug X™", "Drug X"),
        ("IL-2", "IL2"),
        ("Interferon alpha", "Interferon-α"),
        ("Blood draw", "Blood Draws"),
        ("Autologous haematopoietic cells", "Autologous hematopoietic cell"),
        ("Radiation &amp; Chemotherapy", "Radiation and Chemotherapy"),
        ("Dabrafenib + Trametinib", "dabrafenib and trametinib"),
        ("Metformin 1,000 mg", "Metformin 1000 mg"),
        ("Fentanyl 50 mcg", "Fentanyl 50 µg"),
        ("Fentanyl 50mcg", "Fentanyl 50 \u03bcg"),
        ("CTL019", "Tisagenlecleucel (CTL019)"),
        ("MK-3475", "Pembrolizumab (MK 3475)"),
    ],
)
def test_the_same_treatment_in_another_spelling_is_no_change(old, new):
    assert diff(trial(interventions=[{"name": old}]), trial(interventions=[{"name": new}])) == ()
    assert diff(trial(interventions=[{"name": new}]), trial(interventions=[{"name": old}])) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("AZD2936", "Placebo (AZD2936)"),
        ("Rilvegostomig (AZD2936)", "Volrustomig (AZD5752)"),
        ("10 mg", "Metformin (10 mg)"),
    ],
)
def test_another_treatment_with_a_code_is_another_one(old, new):
    (change,) = diff(trial(interventions=[{"name": old}]), trial(interventions=[{"name": new}]))
    assert (change.before, change.after) == ([old], [new])


@pytest.mark.parametrize(
    ("old", "new"), [("X 2.5 mg", "X 25 mg"), ("X 1 10 mg", "X 11 0 mg"), ("X 10 mcg", "X 10 mg")]
)
def test_another_dose_in_the_same_figures_is_a_change(old, new):
    assert diff(trial(interventions=[{"name": old}]), trial(interventions=[{"name": new}])) != ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"sponsor": "M.D. Anderson Cancer Center"}, {"sponsor": "MD Anderson Cancer Center"}),
        ({"title": "A Follow-up of CAR-T in the U.S."}, {"title": "A Followup of CAR T in the US"}),
        ({"title": "Safety &amp; Efficacy of CAR-T"}, {"title": "Safety and Efficacy of CAR-T"}),
    ],
)
def test_a_name_with_other_punctuation_is_the_same(old, new):
    assert diff(trial(**old), trial(**new)) == ()


def test_a_title_with_the_opposite_sign_is_another_one():
    (change,) = diff(trial(title="CAR-T in CD19+ lymphoma"), trial(title="CAR-T in CD19- lymphoma"))
    assert change.before == "CAR-T in CD19+ lymphoma"


def test_a_measurement_in_another_spelling_is_no_change():
    old = {"measure": "Progression-free survival of patients", "time_frame": "Up to 12 weeks"}
    new = {"measure": "Progression free survival of participants", "time_frame": "up to 12 wks"}
    assert diff(trial(primary_outcomes=[old]), trial(primary_outcomes=[new])) == ()


def test_cells_with_and_without_a_marker_are_two_treatments():
    (change,) = diff(trial(interventions=[{"name": "CD34+ cells"}]), trial(interventions=["CD34- cells"]))
    assert (change.before, change.after) == (["CD34+ cells"], ["CD34- cells"])


def test_an_age_in_another_unit_is_the_same_age():
    before, after = (trial(eligibility={"minimum_age": age}) for age in ("1 Year", "12 Months"))
    assert diff(before, after) == ()


def test_a_condition_that_gets_an_id_is_the_same_condition():
    before = trial(conditions=[{"name": "Acute Lymphoblastic Leukemia"}])
    assert diff(before, trial()) == ()


@pytest.mark.parametrize(
    ("field", "items"),
    [
        ("interventions", [{"name": "Cyclophosphamide", "type": "DRUG"}, {"name": "cyclophosphamide"}]),
        ("primary_outcomes", [{"measure": "Overall survival"}, {"measure": "Overall Survival"}]),
    ],
)
def test_an_entry_that_is_listed_twice_is_neither_new_nor_gone(field, items):
    once, twice = trial(**{field: items[:1]}), trial(**{field: items})
    assert diff(once, twice) == diff(twice, once) == ()


def test_a_rule_that_is_listed_twice_is_neither_new_nor_gone():
    once = trial(eligibility={"criteria": "Inclusion Criteria:\n\n* Consent\n* Age over 18"})
    twice = trial(eligibility={"criteria": "Inclusion Criteria:\n\n* Consent\n* Age over 18\n* Consent."})
    assert diff(once, twice) == diff(twice, once) == ()
    other = trial(eligibility={"criteria": "Exclusion Criteria:\n\n* Consent\n* Age over 18"})
    assert diff(once, other)
