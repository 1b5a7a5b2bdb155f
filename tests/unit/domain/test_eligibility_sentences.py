"""Changes of eligibility as a follower reads them: ages, sex, and the rules line by line."""

import pytest

from service.domain.wording.eligibility import age_range
from service.domain.wording.facts import facts
from service.domain.wording.language import ENGLISH
from service.languages import language
from tests.unit.domain.trials import details, trial, worded


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"minimum_age": "1 Year", "maximum_age": "30 Years"}, "1–25 years → 1–30 years"),
        ({"minimum_age": "6 Months", "maximum_age": "25 Years"}, "1–25 years → 6 months – 25 years"),
        ({"minimum_age": "18 Years", "maximum_age": "N/A"}, "1–25 years → 18 years and older"),
        ({"minimum_age": "N/A", "maximum_age": "1 Year"}, "1–25 years → up to 1 year"),
        ({"minimum_age": "N/A", "maximum_age": "N/A"}, "1–25 years → any age"),
        ({"maximum_age": "30 Years"}, "1–25 years → 1–30 years"),
    ],
)
def test_a_change_of_ages_is_worded(limits, words):
    before = trial(eligibility={"minimum_age": "1 Year", "maximum_age": "25 Years"})
    assert worded(before, trial(eligibility=limits)) == [f"high: Ages who can join: {words}."]


def test_a_fraction_of_a_year_is_not_rounded():
    limits = {"minimum": "1.5 Years", "maximum": None}
    assert age_range(limits, ENGLISH) == "1.5 years and older"
    assert "1.5" in age_range(limits, language("ar")), "its dual has no number"


@pytest.mark.parametrize(
    ("minimum", "maximum", "words"),
    [
        ("18Y", "65Y", "18–65 years"),
        ("6 mos", "24", "6 months – 24 years"),
        ("18+", "N/A", "18+"),
        ("Adults", None, "Adults"),
        ("Newborns", "2W", "Newborns – 2 weeks"),
        (None, "70 ans", "up to 70 ans"),
        ("No limit", "None", "any age"),
        ("18 Years", "no maximum age", "18 years and older"),
        ("No minimum age", "65 Years", "up to 65 years"),
        ("-", "Not specified", "any age"),
        ("18 Years", "9" * 400 + " Years", "18 years – " + "9" * 400 + " Years"),
    ],
)
def test_ages_of_other_registries_are_read_or_shown_as_they_are_written(minimum, maximum, words):
    """They are never "any age"."""
    assert age_range({"minimum": minimum, "maximum": maximum}, ENGLISH) == words


def test_the_same_limits_in_another_registrys_spelling_are_no_change():
    before = trial(eligibility={"minimum_age": "18 Years", "maximum_age": "N/A", "sex": "ALL"})
    assert worded(before, trial(eligibility={"minimum_age": "18Y", "maximum_age": "No limit"})) == []
    assert worded(before, trial(eligibility={"sex": "BOTH"})) == []
    assert worded(before, trial(eligibility={"sex": "MALE_AND_FEMALE"})) == []
    assert worded(before, trial(eligibility={"sex": "F"})) == [
        "high: Who can join: people of any sex → female participants only."
    ]


def test_another_limit_in_unknown_words_is_reported():
    before = trial(eligibility={"minimum_age": "Children", "maximum_age": "N/A"})
    after = trial(eligibility={"minimum_age": "Adults", "maximum_age": "N/A"})
    assert worded(before, after) == ["high: Ages who can join: Children → Adults."]
    assert worded(before, trial(eligibility={"minimum_age": "children", "maximum_age": "N/A"})) == []


def test_a_single_age_is_given_once_and_fractions_as_the_language_writes_them():
    assert age_range({"minimum": "18 Years", "maximum": "18 Years"}, ENGLISH) == "18 years"
    assert age_range({"minimum": "1.5 Years", "maximum": "2.5 Years"}, language("de")) == "1,5–2,5 Jahre"


@pytest.mark.parametrize(
    ("code", "age", "words"),
    [
        ("en", "0.5 Years", "0.5 years and older"),
        ("fr", "0.5 Years", "0,5 an et plus"),
        ("fr", "1.5 Years", "1,5 an et plus"),
        ("fr", "2.5 Years", "2,5 ans et plus"),
        ("it", "1.5 Years", "1,5 anni e oltre"),
    ],
)
def test_fractions_have_the_plural_of_their_language(code, age, words):
    """French has the singular below two."""
    assert age_range({"minimum": age, "maximum": None}, language(code)) == words


@pytest.mark.parametrize(
    ("minimum", "maximum", "words"),
    [
        ("2 Months", "2 Years", "من شهرين إلى سنتين"),
        ("2 Years", None, "من سنتين فأكثر"),
        (None, "2 Days", "حتى يومين"),
        ("3 Years", "11 Years", "من 3 إلى 11 سنة"),
    ],
)
def test_arabic_ages_have_the_case_of_their_preposition(minimum, maximum, words):
    shown = age_range({"minimum": minimum, "maximum": maximum}, language("ar"))
    assert shown.translate({0x2068: None, 0x2069: None}) == words


def test_from_birth_on_is_no_lower_limit():
    limits = {"minimum_age": "0 Years", "maximum_age": "N/A"}, {"minimum_age": "N/A", "maximum_age": "N/A"}
    born, none = (trial(eligibility=ages) for ages in limits)
    assert worded(born, none) == worded(none, born) == []
    older = trial(eligibility={"minimum_age": "1 Year", "maximum_age": "N/A"})
    assert worded(older, born) == ["high: Ages who can join: 1 year and older → any age."]


def test_up_to_120_years_is_no_upper_limit():
    limits = (
        {"minimum_age": "18 Years", "maximum_age": "N/A"},
        {"minimum_age": "18 Years", "maximum_age": "120Y"},
    )
    none, oldest = (trial(eligibility=ages) for ages in limits)
    assert worded(none, oldest) == worded(oldest, none) == []
    younger = trial(eligibility={"minimum_age": "18 Years", "maximum_age": "65 Years"})
    assert worded(younger, oldest) == ["high: Ages who can join: 18–65 years → 18 years and older."]


def test_hours_of_newborns_are_compared():
    day, days = (
        trial(eligibility={"minimum_age": "0 Hours", "maximum_age": age}) for age in ("24 Hours", "3 Days")
    )
    assert worded(day, days) == ["high: Ages who can join: 0–24 hours → 0 hours – 3 days."]
    hours = trial(eligibility={"minimum_age": "0 Hours", "maximum_age": "72 Hours"})
    assert worded(day, hours) == ["high: Ages who can join: 0–24 hours → 0–72 hours."]
    assert worded(days, hours) == []


def test_a_change_of_sex_is_worded():
    before, after = trial(eligibility={"sex": "ALL"}), trial(eligibility={"sex": "FEMALE"})
    assert worded(before, after) == ["high: Who can join: people of any sex → female participants only."]


def test_the_admission_of_healthy_volunteers_is_worded():
    before = trial(eligibility={"healthy_volunteers": False})
    assert worded(before, trial(eligibility={"healthy_volunteers": True})) == [
        "medium: Healthy volunteers can now join."
    ]


def test_changed_criteria_are_shown_without_judgement():
    before = trial()
    criteria = (
        "Inclusion Criteria:\n* Relapsed leukemia\n* Weight above 6 kg\n\nExclusion "
        "Criteria:\n* Pregnancy\n* HIV"
    )
    after = trial(eligibility={**before["eligibility"], "criteria": criteria})
    assert worded(before, after) == [
        "medium: The rules about who can join changed. Ask the study team what this means for you."
    ]
    assert details(before, after) == [
        "Inclusion criteria (who can join):",
        "Before: Weight above 10 kg",
        "Now: Weight above 6 kg",
        "Exclusion criteria (who cannot join):",
        "New: HIV",
    ]


def test_a_criterion_that_moves_to_the_other_section_is_a_change():
    before = trial(eligibility={"criteria": "Inclusion Criteria:\n* HIV\nExclusion Criteria:\n* Pregnancy"})
    after = trial(eligibility={"criteria": "Inclusion Criteria:\nExclusion Criteria:\n* Pregnancy\n* HIV"})
    assert details(before, after) == [
        "Inclusion criteria (who can join):",
        "No longer there: HIV",
        "Exclusion criteria (who cannot join):",
        "New: HIV",
    ]


def rules(section, *lines):
    return section + " Criteria:\n" + "\n".join(f"* {line}" for line in lines)


def test_at_most_six_rules_are_shown_and_the_rest_is_counted():
    before = trial(eligibility={"criteria": rules("Inclusion", *(f"Old rule {n}x" for n in range(60)))})
    after = trial(eligibility={"criteria": rules("Exclusion", *(f"Other {n}y" for n in range(60)))})
    shown = details(before, after)
    assert shown[0] == "Exclusion criteria (who cannot join):"
    assert len(shown) == 8
    assert shown[-1] == "… and 114 more rules; the registry has them all"


def test_reworded_rules_come_first_then_new_ones_then_removed_ones():
    before = trial(eligibility={"criteria": rules("Inclusion", "Pregnancy", "Weight above 10 kg")})
    after = trial(eligibility={"criteria": rules("Inclusion", "Weight above 6 kg", "A donor")})
    assert details(before, after)[1:] == [
        "Before: Weight above 10 kg",
        "Now: Weight above 6 kg",
        "New: A donor",
        "No longer there: Pregnancy",
    ]


def test_a_long_rule_that_changed_at_its_end_shows_its_end():
    long = "Patients who had any of a great many treatments " * 8 + "within "
    before, after = (
        trial(eligibility={"criteria": rules("Inclusion", long + weeks)}) for weeks in ("2 weeks", "4 weeks")
    )
    _, old, now = details(before, after)
    assert old.startswith("Before: …")
    assert old.endswith("within 2 weeks")
    assert now.endswith("within 4 weeks")


@pytest.mark.parametrize(
    ("old", "new", "ends"),
    [
        (("during the", "for 60 days"), ("in the", "for 30 days"), ["for 60 days", "for 30 days"]),
        (("in this", "with pills"), ("in-this", "with coils"), ["with pills", "with coils"]),
    ],
    ids=["a number before words", "words before their spelling"],
)
def test_a_long_rule_that_changed_twice_shows_the_more_important_change(old, new, ends):
    long = "Women use contraception {} study " + "as agreed with the team " * 15 + "{}"
    before, after = (
        trial(eligibility={"criteria": rules("Inclusion", long.format(*words))}) for words in (old, new)
    )
    assert [line[-len(end) :] for line, end in zip(details(before, after)[1:], ends, strict=True)] == ends


def test_the_rules_of_an_ended_study_are_a_small_change_and_are_not_shown():
    before = trial(status="COMPLETED")
    after = trial(status="COMPLETED", eligibility={"criteria": rules("Inclusion", "Another")})
    assert worded(before, after) == ["low: The rules about who could join changed."]
    assert details(before, after) == []


def test_the_rules_of_a_study_reported_as_closed_are_not_shown():
    after = trial(status="ACTIVE_NOT_RECRUITING", eligibility={"criteria": rules("Inclusion", "Another")})
    assert worded(trial(), after)[1] == "low: The rules about who could join changed."
    assert details(trial(), after) == []


def test_the_rules_of_a_study_closed_before_are_shown_because_it_may_reopen():
    before = trial(status="ACTIVE_NOT_RECRUITING")
    after = trial(status="ACTIVE_NOT_RECRUITING", eligibility={"criteria": rules("Inclusion", "Another")})
    assert worded(before, after) == ["medium: The rules about who could join changed."]
    assert details(before, after)[:2] == ["Inclusion criteria (who could join):", "New: Another"]


@pytest.mark.parametrize("status", ["ACTIVE_NOT_RECRUITING", "NO_LONGER_AVAILABLE"])
def test_limits_and_facts_of_a_closed_study_are_in_the_past_tense(status):
    limits = [{"maximum_age": "25 Years", "sex": "ALL"}, {"maximum_age": "30 Years", "sex": "FEMALE"}]
    before, after = (trial(status=status, eligibility=each) for each in limits)
    assert worded(before, after) == [
        "high: Ages who could join: up to 25 years → up to 30 years.",
        "high: Who could join: people of any sex → female participants only.",
    ]
    assert "Who could join:" in [fact.label for fact in facts(after, ENGLISH)]


@pytest.mark.parametrize("status", ["SUSPENDED", "UNKNOWN", "ENROLLING_BY_INVITATION", "NOT_YET_RECRUITING"])
def test_limits_of_a_study_that_may_take_participants_again_are_present(status):
    before, after = (
        trial(status=status, eligibility={"maximum_age": age}) for age in ("25 Years", "30 Years")
    )
    assert worded(before, after) == ["high: Ages who can join: up to 25 years → up to 30 years."]
    assert "Who can join:" in [fact.label for fact in facts(after, ENGLISH)]
