"""Arms, expanded access, type and design, results in plain words: sentences for real and small records."""

import json
from itertools import pairwise

import pytest

from service.domain.digests.net_changes import net_changes
from service.domain.digests.trial_block import FollowedTopic, trial_block
from service.domain.trials.comparison.diff import diff
from service.domain.trials.registry.record import trial_data
from service.domain.wording.language import ENGLISH
from service.domain.wording.sentences import sentences
from tests.unit.domain.trials import DATA, trial, worded

CASES = DATA / "registry" / "cases"
A = {"label": "Cohort A", "type": "EXPERIMENTAL", "interventions": ["Blinatumomab"]}
B = {"label": "Cohort B", "type": "ACTIVE_COMPARATOR", "interventions": ["Vincristine"]}


def arms(*found, **fields):
    return trial(arms=[dict(arm) for arm in found], **fields)


def test_an_arm_that_is_added_or_gone_is_urgent_while_the_study_recruits():
    assert worded(arms(A), arms(A, B)) == ["high: A study group was added: “Cohort B”."]
    assert worded(arms(A, B), arms(A)) == ["high: A study group is no longer listed: “Cohort B”."]
    closed = {"status": "ACTIVE_NOT_RECRUITING"}
    assert worded(arms(A, **closed), arms(A, B, **closed)) == ["low: A study group was added: “Cohort B”."]


def test_an_arm_that_closes_or_opens_again_is_reported():
    shut = {**A, "label": "Cohort A (CLOSED)"}
    assert worded(arms(A, B), arms(shut, B)) == ["high: A study group was closed: “Cohort A (CLOSED)”."]
    assert worded(arms(shut, B), arms(A, B)) == ["high: A study group opened again: “Cohort A”."]
    described = {**A, "description": "Accrual closed in May."}
    assert worded(arms(A), arms(described)) == ["high: A study group was closed: “Cohort A”."]


@pytest.mark.parametrize(
    ("label", "description"),
    [
        ("Cohort A [closed]", ""),
        ("Closed - Cohort A", ""),
        ("Cohort A (closed 5/1/18)", ""),
        ("Cohort A (CLOSED AS OF UPDATE #7)", ""),
        ("Cohort A", "This cohort was closed to new patients."),
        ("Cohort A", "Closed early to recruitment in September"),
    ],
)
def test_an_arm_may_say_in_many_ways_that_it_is_closed(label, description):
    shut = {**A, "label": label, "description": description}
    assert worded(arms(A), arms(shut)) == [f"high: A study group was closed: “{label}”."]


@pytest.mark.parametrize(
    ("label", "description"),
    [
        ("Closed-loop control", ""),
        ("CLOSED LOOP", ""),
        ("Closed fracture", ""),
        ("Eyes closed", "The eyes are closed."),
        ("Staples", "The skin is closed with staples."),
    ],
)
def test_an_arm_with_something_closed_in_it_is_open(label, description):
    """It was taken for a closed one: when it was added nobody was told."""
    other = {"label": label, "description": description, "type": "OTHER", "interventions": ["Another"]}
    assert worded(arms(A), arms(A, other)) == [f"high: A study group was added: “{label}”."]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (A, {**A, "label": "COHORT A."}),
        (A, {**A, "description": "Some words on the dose"}),
        ({**A, "label": "Maintenance thrapy"}, {**A, "label": "Maintenance therapy"}),
        ({**A, "label": "Arm I"}, {**A, "label": "Arm I (standard)"}),
    ],
)
def test_an_arm_that_is_only_written_otherwise_is_the_same(old, new):
    assert diff(arms(old, B), arms(new, B)) == ()
    assert diff(arms(B, old), arms(new, B)) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Cohort A", "Cohort B"),
        ("Arm I", "Arm II"),
        ("Dose level 1", "Dose level 2"),
        ("Blinatumomab 10 µg daily", "Blinatumomab 10 µg weekly"),
        ("Pediatric cohort", "Adult cohort"),
        ("MRD positive cohort", "MRD negative cohort"),
        ("HER2+ cohort", "HER2- cohort"),
        ("CD19- relapse", "CD19+ relapse"),
        ("ER+/HER2-", "ER-/HER2+"),
        ("Blinatumomab 10 mg", "Blinatumomab 20 mg"),
    ],
)
def test_an_arm_replaced_by_another_with_the_same_treatment_is_reported(old, new):
    assert worded(arms({**A, "label": old}, B), arms({**A, "label": new}, B)) == [
        f"high: A study group was added: “{new}”.",
        f"high: A study group is no longer listed: “{old}”.",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Arm 1", "Arm A"),
        ("Arm 1", "Part 1 Cohort 1"),  # NCT04482309
        ("Experimental", "Blinatumomab arm"),
        ("Pediatric patients", "Children"),
        ("Arm A: Blinatumomab", "Arm A"),
        ("Lung cancer", "NSCLC cohort"),
        ("Renal cell carcinoma", "Kidney cancer"),
        ("Leukaemias", "Leukemia patients"),
        ("First-line", "1L treatment"),
        ("Arm A: < 2 years", "Arm A (<2 years old)"),
        ("Non Small Cell Lung Cancer", "Arm 1_NSCLC"),  # NCT02576431
        ("Relapsed", "Relapsed/refractory patients"),
    ],
)
def test_an_arm_with_another_label_of_another_kind_is_the_same(old, new):
    assert diff(arms({**A, "label": old}, B), arms({**A, "label": new}, B)) == ()


def test_an_arm_with_the_opposite_sign_is_another_one():
    negative, positive = ({**A, "label": f"HER2{sign} cohort"} for sign in "-+")
    assert worded(arms(negative, positive), arms(positive)) == [
        "high: A study group is no longer listed: “HER2- cohort”."
    ]
    assert worded(arms(positive), arms(positive, negative)) == [
        "high: A study group was added: “HER2- cohort”."
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("HER2+ cohort", "HER2- cohort"),
        ("Adults", "Children"),
        ("Vincristine 10 mg", "Vincristine 20 mg"),
        ("Vincristine 0.5 mg", "Vincristine 1.5 mg"),
        ("1 x 10^6 cells", "3 x 10^6 cells"),
        ("Lung", "Colon"),
        ("NSCLC cohort", "Patients with colorectal cancer"),
        ("Melanoma", "Lymphomas"),
        ("Plaque psoriasis", "Arthritis"),
        ("AML", "CLL"),
        ("B-cell lymphoma", "T-cell lymphoma"),
        ("Acute myeloid leukemia", "Chronic myeloid leukemia"),
        ("Acute myeloid leukemia", "Acute lymphoblastic leukemia"),
        ("Type 1 diabetes", "Type 2 diabetes"),
        ("Stage II", "Stage III"),
        ("First-line", "Second-line treatment"),
        ("1L NSCLC", "2L NSCLC"),
        ("Newly diagnosed", "Relapsed or refractory"),
        ("EGFR mutation", "KRAS mutation"),
        ("KRAS G12C", "KRAS G12D"),
        ("Mild renal impairment", "Moderate renal impairment"),
        ("Women", "Cohort of men"),
        ("Arm A: <2 Years Old", "Arm A: >=2 Years Old"),
        ("Ages 2-11 years", "Ages 6-11 years"),
    ],
)
def test_an_arm_for_other_people_or_of_another_dose_is_another_one_whatever_it_describes(old, new):
    """Cohorts of one treatment have one description, which made any of them the same."""
    described = {**A, "description": "Patients receive blinatumomab on days 1 to 28 of each cycle."}
    other = {**described, "label": "Other cancers"}
    words = worded(arms({**described, "label": old}, other), arms({**described, "label": new}, other))
    assert words == [
        f"high: A study group was added: “{new}”.",
        f"high: A study group is no longer listed: “{old}”.",
    ]


def test_an_arm_whose_treatment_is_spelled_otherwise_is_the_same():
    old = {"label": "Experimental", "interventions": ["Drug: gemcitabine", "Drug: IL-2"]}
    new = {"label": "Arm with gemcitabine", "interventions": ["Drug: IL2", "Drug: Gemcitabine"]}
    assert diff(arms(old, B), arms(new, B)) == ()


def test_an_arm_of_the_same_description_is_the_same_under_another_number():
    assert (
        diff(arms({**A, "description": "10 µg"}), arms({**A, "label": "Cohort C", "description": "10 µg"}))
        == ()
    )


def test_arms_that_become_known_are_no_change():
    assert diff(trial(), arms(A)) == ()
    assert diff(arms(A), trial()) == ()


def test_many_arms_are_counted():
    found = [{"label": f"Cohort {n}", "interventions": [f"Drug {n}"]} for n in range(6)]
    (words,) = worded(arms(A), arms(A, *found))
    assert words == (
        "high: 6 study groups were added: “Cohort 0”, “Cohort 1”, “Cohort 2”, “Cohort 3” and 2 more."
    )


def test_a_real_record_whose_arms_changed():
    before, after = (
        trial_data(json.loads((CASES / f"06_arms_changed.{part}.json").read_text()), revision=revision)
        for revision, part in enumerate(("before", "after"))
    )
    words = [line for line in worded(before, after) if "group" in line]
    assert words == ["high: A study group is no longer listed: “MRD positive Cohort - Arm B (observation)”."]


def test_expanded_access_that_opens_is_reported():
    before, after = (trial(expanded_access={"available": available}) for available in (False, True))
    assert worded(before, after) == [
        "high: The registry now lists a way to get the treatment outside this study (expanded access). "
        "Ask the study team whether it is open."
    ]
    assert diff(trial(), after) == ()


def test_access_is_unknown_where_only_its_record_is_given():
    named = trial(expanded_access={"trial_id": "NCT00000009"})
    available = trial(expanded_access={"available": True, "trial_id": "NCT00000009"})
    assert diff(named, available) == diff(available, named) == ()


def test_an_added_group_that_is_closed_is_no_headline():
    arm = {"label": "CD19-CAR", "type": "EXPERIMENTAL"}
    before = trial(arms=[arm])
    after = trial(arms=[arm, {"label": "Placebo (closed)", "type": "PLACEBO"}], title="Another name")
    block = trial_block(FollowedTopic("trial:NCT04787263", 0, 0), [*diff(before, after)], after, ENGLISH)
    assert [sentence.text for sentence in block.sentences] == [f"Renamed. The title was “{before['title']}”."]
    assert block.headlines == ("Renamed",)


def test_plain_language_results_are_reported_only_if_known_to_be_missing_before():
    after = trial(plain_results_url="https://example.org/results")
    assert worded(trial(plain_results_url=""), after) == [
        "high: A summary of the results in plain language is now available."
    ]
    assert diff(trial(), after) == ()
    assert worded(after, trial(plain_results_url="")) == []


def test_plain_language_results_that_went_and_came_back_are_no_news():
    given, missing = trial(plain_results_url="https://example.org/results"), trial(plain_results_url="")
    for first, between in ((given, missing), (missing, given)):
        assert net_changes([*diff(first, between), *diff(between, first)]) == ()


def test_the_type_and_the_design_of_a_study_are_reported():
    assert worded(trial(study_type="OBSERVATIONAL"), trial(study_type="INTERVENTIONAL")) == [
        "medium: The type of the study: people are observed, no treatment is tried → "
        "a treatment or procedure is tried."
    ]
    assert worded(trial(masking="NONE"), trial(masking="DOUBLE")) == [
        "low: How the study is built: everybody knows who gets what → two sides do not know who gets what."
    ]


def test_an_unknown_type_or_design_is_shown_in_normal_case():
    assert worded(trial(study_type="INTERVENTIONAL"), trial(study_type="PATIENT_REGISTRY")) == [
        "medium: The type of the study: a treatment or procedure is tried → Patient registry."
    ]
    assert worded(trial(masking="NONE"), trial(masking="QUINTUPLE_MASKED")) == [
        "low: How the study is built: everybody knows who gets what → Quintuple masked."
    ]


def test_an_arm_that_is_reworded_between_two_changes_is_one_arm():
    texts = ("Weekly", "Weekly. CLOSED", "Weekly infusions. CLOSED", "Weekly infusions")
    steps = [arms(A, {**B, "description": text}) for text in texts]

    def net(*snapshots):
        changes = [change for old, new in pairwise(snapshots) for change in diff(old, new)]
        return [sentence.text for change in net_changes(changes) for sentence in sentences(change, ENGLISH)]

    assert net(*steps) == []
    assert net(arms(A), *steps[:3]) == []
    assert net(arms(A), *steps) == ["A study group was added: “Cohort B”."]


def test_an_arm_that_closes_is_not_another_one_that_was_added():
    added = {**B, "label": "Cohort C"}
    steps = (arms(A, B), arms(A, B, added), arms(A, {**B, "description": "CLOSED"}, added))
    changes = [change for old, new in pairwise(steps) for change in diff(old, new)]
    assert [sentence.text for change in net_changes(changes) for sentence in sentences(change, ENGLISH)] == [
        "A study group was added: “Cohort C”.",
        "A study group was closed: “Cohort B”.",
    ]
