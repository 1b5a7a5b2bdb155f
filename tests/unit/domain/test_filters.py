"""A person's filters: countries, only open studies, kinds of change, the age of the person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.digests.filters import Filters, InvalidFilters, narrowed, read_filters
from service.domain.trials.change import Change, Kind, Level, merged, removed
from service.domain.trials.comparison.diff import FIELDS, diff
from service.domain.trials.news.announcements import announcements_for
from service.domain.wording.language import ENGLISH
from service.domain.wording.sentences import sentences
from service.web.site.preferences_page import KINDS
from tests.unit.domain.trials import ALL, PARIS, ROMA, trial

TODAY = date(2026, 11, 20)
ITALY = read_filters({"countries": ["IT"]})


def news(before, after):
    return announcements_for(before, after, lambda key: (), TODAY).get(ALL["id"])


def test_filters_are_read_from_codes_or_names():
    read = read_filters(
        {"countries": ["IT", "south korea"], "only_open": True, "kinds": ["status"], "age": "8"}
    )
    assert read == Filters(frozenset({"IT", "KR"}), True, frozenset({Kind.STATUS}), 8)
    assert read_filters(read.as_mapping()) == read
    assert read_filters({}) == read_filters(None) == Filters()


@pytest.mark.parametrize(
    ("given_filters", "field"),
    [
        ({"countries": ["Atlantis"]}, "countries"),
        ({"countries": [3]}, "countries"),
        ({"only_open": "perhaps"}, "only_open"),
        ({"kinds": ["gossip"]}, "kinds"),
        ({"age": -1}, "age"),
        ({"age": 131}, "age"),
        ({"age": True}, "age"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_filter_that_cannot_be_read_is_named(given_filters, field):
    with pytest.raises(InvalidFilters) as raised:
        read_filters(given_filters)
    assert [name for name, _ in raised.value.problems] == [field]


@given(
    st.dictionaries(
        st.sampled_from(["countries", "only_open", "kinds", "age", "x"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text() | st.integers()),
    )
)
def test_filters_of_any_kind_are_read_or_named(mapping):
    named: tuple[tuple[str, str], ...] = ()
    try:
        read = read_filters(mapping)
    except InvalidFilters as raised:
        read, named = None, raised.problems
    assert named or read == read_filters(read.as_mapping())


def test_a_condition_follower_with_a_country_is_notified_of_the_first_site_there():
    france = trial(locations=[{**PARIS, "status": "RECRUITING"}])
    both = trial(locations=[{**PARIS, "status": "RECRUITING"}, {**ROMA, "status": "RECRUITING"}])
    assert not narrowed(ITALY, news(None, france), france)
    change = news(france, both)
    assert change.kind is Kind.NOW_MATCHES
    assert narrowed(ITALY, change, both)
    assert [s.text for s in sentences(change, ENGLISH)] == [
        "This study now has a site in another country: Italy. The registry says it is taking participants."
    ]


def test_a_site_there_that_no_longer_takes_part_is_none():
    paris, roma = ({**place, "status": "RECRUITING"} for place in (PARIS, ROMA))
    left = trial(locations=[paris, {**roma, "status": "WITHDRAWN"}])
    assert not narrowed(ITALY, news(None, left), left)
    back = trial(locations=[paris, roma])
    assert narrowed(ITALY, news(left, back), back).kind is Kind.NOW_MATCHES


def test_another_site_there_is_not_reported_again():
    before = trial(locations=[ROMA])
    after = trial(locations=[ROMA, {"facility": "San Raffaele", "city": "Milano", "country": "Italy"}])
    assert news(before, after) is None


def test_a_first_site_elsewhere_is_not_reported():
    italy, both = trial(locations=[ROMA]), trial(locations=[ROMA, PARIS])
    assert not narrowed(ITALY, news(italy, both), both)


def test_without_filters_a_new_country_is_no_news():
    italy, both = trial(locations=[ROMA]), trial(locations=[ROMA, PARIS])
    assert not narrowed(Filters(), news(italy, both), both)


def test_a_reader_who_wants_only_open_studies_is_notified_when_one_opens():
    waiting, opened = trial(status="NOT_YET_RECRUITING"), trial(status="RECRUITING")
    only_open = Filters(only_open=True)
    assert not narrowed(only_open, news(None, waiting), waiting)
    assert narrowed(Filters(), news(None, waiting), waiting)
    assert narrowed(only_open, news(waiting, opened), opened)
    assert not narrowed(only_open, news(opened, waiting), waiting)


@pytest.mark.parametrize(
    ("kinds", "reported"),
    [
        ((), [Kind.NEW_FOR_CONDITION, Kind.NOW_RECRUITING]),
        (("new_for_condition",), [Kind.NEW_FOR_CONDITION]),
        (("now_recruiting",), [Kind.NOW_RECRUITING]),
        (("status",), []),
    ],
)
def test_new_studies_and_studies_that_open_have_a_switch_each(kinds, reported):
    waiting, opened = trial(status="NOT_YET_RECRUITING"), trial(status="RECRUITING")
    filters = read_filters({"kinds": list(kinds)})
    parts = [
        narrowed(filters, news(None, waiting), waiting),
        narrowed(filters, news(waiting, opened), opened),
    ]
    assert [part.kind for part in parts if part] == reported


def test_a_study_that_opens_in_another_country_is_no_news_with_a_country():
    waiting = trial(status="NOT_YET_RECRUITING", locations=[PARIS])
    opened = trial(status="RECRUITING", locations=[{**PARIS, "status": "RECRUITING"}])
    assert narrowed(Filters(), news(waiting, opened), opened)
    assert not narrowed(ITALY, news(waiting, opened), opened)


def test_a_reader_without_openings_is_still_notified_of_a_first_site_in_their_country():
    filters = read_filters({"countries": ["IT"], "kinds": ["new_for_condition"]})
    waiting = trial(status="NOT_YET_RECRUITING", locations=[PARIS])
    opened = trial(locations=[{**PARIS, "status": "RECRUITING"}, {**ROMA, "status": "RECRUITING"}])
    assert narrowed(filters, news(waiting, opened), opened).kind is Kind.NOW_MATCHES


def test_a_limit_of_age_that_becomes_known_with_a_first_site_is_no_change():
    before = trial(eligibility={"minimum_age": "1 Year"}, locations=[PARIS])
    after = trial(
        eligibility={"minimum_age": "12 Months", "maximum_age": "25 Years"}, locations=[PARIS, ROMA]
    )
    assert [sentence.text for sentence in sentences(news(before, after), ENGLISH)] == [
        "This study now has a site in another country: Italy. The registry says it is taking participants."
    ]


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (
            "NOT_YET_RECRUITING",
            "RECRUITING",
            "The registry now says this study is looking for participants.",
        ),
        ("COMPLETED", "RECRUITING", "The registry now says this study is looking for participants."),
        ("UNKNOWN", "RECRUITING", "The registry now says this study is looking for participants."),
        (
            "SUSPENDED",
            "RECRUITING",
            "The registry now says this study has started taking participants again.",
        ),
        (
            "TEMPORARILY_NOT_AVAILABLE",
            "AVAILABLE",
            "The registry now says this treatment is available to patients outside a study.",
        ),
    ],
)
def test_a_study_that_opens_is_reported_in_the_words_of_its_status(before, after, text):
    old, new = trial(status=before), trial(status=after)
    (sentence,) = sentences(narrowed(Filters(), news(old, new), new), ENGLISH)
    assert sentence.text == text


@pytest.mark.parametrize("digits", ["12", "١٢", "۱۲", "１２"])
def test_an_age_may_be_written_in_the_digits_of_any_keyboard(digits):
    assert read_filters({"age": digits}).age == 12


@pytest.mark.parametrize(("age", "hears"), [(0, False), (1, True), (8, True), (25, True), (26, False)])
def test_the_persons_age_chooses_trials(age, hears):
    shown = narrowed(Filters(age=age), news(None, trial()), trial())
    assert (shown is not None) is hears


def test_an_age_limit_that_is_unknown_admits_everyone():
    unknown = trial(eligibility=None)
    assert narrowed(Filters(age=99), news(None, unknown), unknown)


def test_a_reader_outside_the_ages_is_notified_when_they_come_to_include_them():
    before = trial()
    after = trial(eligibility={"minimum_age": "1 Year", "maximum_age": "40 Years"})
    assert narrowed(Filters(age=30), news(before, after), after)
    assert not narrowed(Filters(age=8), news(before, after), after)
    (sentence,) = sentences(news(before, after), ENGLISH)
    assert sentence.text == "It now admits: 1–40 years. The registry says it is taking participants."


def test_an_unknown_status_says_that_the_taking_of_participants_is_unknown():
    facets = {"minimum_age": "1 Year", "maximum_age": "25 Years", "countries": ["IT"], "status": "UNKNOWN"}
    admits = Change(Kind.NOW_MATCHES, Level.MEDIUM, facets, facets | {"maximum_age": "40 Years"})
    (sentence,) = sentences(admits, ENGLISH)
    assert sentence.text == (
        "It now admits: 1–40 years. The registry says it is unknown whether it is taking participants: "
        "nobody has confirmed the record for two years. Ask before relying on it."
    )


def test_kinds_choose_the_reported_changes_of_a_trial():
    after = trial(status="COMPLETED", has_results=True)
    reported = [
        c.kind for c in diff(trial(), after) if narrowed(Filters(kinds=frozenset({Kind.RESULTS})), c, after)
    ]
    assert reported == [Kind.RESULTS]


@pytest.mark.parametrize(
    ("chosen", "also"),
    [
        (Kind.RESULTS, {Kind.PLAIN_RESULTS}),
        (Kind.CRITERIA, {Kind.SEX, Kind.HEALTHY_VOLUNTEERS}),
        (Kind.STATUS, {Kind.EXPANDED_ACCESS, Kind.START_DATE, Kind.ARMS}),
        (Kind.INTERVENTIONS, {Kind.ARMS, Kind.STUDY_TYPE, Kind.PHASES}),
        (Kind.COMPLETION_DATE, {Kind.PRIMARY_COMPLETION_DATE}),
        (Kind.AGES, set()),
        (Kind.SITES, set()),
    ],
)
def test_a_chosen_kind_brings_those_that_belong_to_it(chosen, also):
    filters = Filters(kinds=frozenset({chosen}))
    changes = [Change(field.kind, Level.HIGH, None, None) for field in FIELDS]
    assert {change.kind for change in changes if narrowed(filters, change, trial())} == {chosen} | also


def test_all_offered_kinds_and_small_changes_together_leave_nothing_out():
    changes = [Change(field.kind, Level.LOW, None, None) for field in FIELDS]
    assert all(narrowed(Filters(kinds=frozenset(KINDS)), c, trial(), small_changes=True) for c in changes)
    contacts, results = Change(Kind.CONTACTS, Level.LOW, None, None), Filters(kinds=frozenset({Kind.RESULTS}))
    assert narrowed(results, contacts, trial(), small_changes=True)
    assert not narrowed(results, contacts, trial())


def test_a_removal_or_merger_of_a_trial_is_always_reported():
    filters = Filters(frozenset({"FR"}), True, frozenset({Kind.RESULTS}), 99)
    assert narrowed(filters, removed(None), trial())
    assert narrowed(filters, merged("NCT00000001"), trial())


def test_a_trials_follower_with_a_country_is_notified_only_of_sites_there():
    after = trial(locations=[{**ROMA, "status": "RECRUITING"}, PARIS, {**ROMA, "facility": "Gemelli"}])
    (change,) = diff(trial(), after)
    assert [s.text for s in sentences(narrowed(ITALY, change, after), ENGLISH)] == [
        "A site was added: Gemelli, Roma, Italy."
    ]
    assert narrowed(read_filters({"countries": ["US"]}), change, after) is None


def test_a_site_that_is_filtered_out_makes_no_other_one_urgent():
    waiting = {**ROMA, "facility": "Gemelli", "status": "NOT_YET_RECRUITING"}
    after = trial(
        locations=[{**ROMA, "status": "RECRUITING"}, waiting, {**PARIS, "status": "RECRUITING"}],
    )
    (change,) = diff(trial(), after)
    assert (change.level, narrowed(ITALY, change, after).level) == (Level.HIGH, Level.MEDIUM)


def test_a_trials_follower_with_a_country_is_still_notified_of_its_status():
    change = Change(Kind.STATUS, Level.HIGH, {"status": "RECRUITING"}, {"status": "COMPLETED"})
    assert narrowed(read_filters({"countries": ["US"], "age": 99, "only_open": True}), change, trial())
