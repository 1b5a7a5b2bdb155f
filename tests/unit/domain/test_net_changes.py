"""Changes over an interval as one: first before, last after, and nothing that returned to where it was."""

from datetime import date
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from service.domain.digests.filters import NO_FILTERS, Filters, narrowed
from service.domain.digests.net_changes import net_changes
from service.domain.trials.change import Change, Kind, Level, as_stored, from_stored, merged, removed
from service.domain.trials.comparison.diff import diff
from service.domain.trials.news.announcements import announcements_for
from service.domain.trials.sites.diff import OPEN_STATUSES
from service.domain.wording.language import ENGLISH
from service.domain.wording.sentences import sentences
from tests.unit.domain.trials import ALL, LYMPHOMA, PARIS, ROMA, real_trials, trial

DAYS = [f"{year}-{month:02}-{day:02}" for year in (2025, 2026) for month in (1, 4, 9) for day in (1, 15)]
dated = st.builds(
    lambda day, kind: {"date": day, "type": kind},
    st.sampled_from(DAYS),
    st.sampled_from(("ESTIMATED", "ACTUAL")),
)
open_statuses = st.sampled_from(("RECRUITING", "ENROLLING_BY_INVITATION", "SUSPENDED"))
closed_statuses = st.sampled_from(("ACTIVE_NOT_RECRUITING", "TERMINATED", "COMPLETED", "UNKNOWN"))
PLACES = (ROMA, PARIS, {"facility": "Charité", "city": "Berlin", "country": "Germany"})


@st.composite
def snapshots(draw):
    """Versions of one trial that know the same fields; a site has a status only while the study is open."""
    is_open = draw(st.booleans())
    status = draw(open_statuses if is_open else closed_statuses)
    sites = draw(st.lists(st.sampled_from(PLACES), max_size=4))
    statuses = st.sampled_from(("RECRUITING", "ACTIVE_NOT_RECRUITING"))
    rules = draw(
        st.lists(st.sampled_from(("Adult", "Consent", "Relapse", "Weight")), min_size=1, unique=True)
    )
    return trial(
        status=status,
        why_stopped="Funding" if status in ("SUSPENDED", "TERMINATED") else None,
        locations=[{**place, "status": draw(statuses)} if is_open else place for place in sites],
        start_date=draw(dated),
        completion_date=draw(dated),
        enrollment={
            "count": draw(st.integers(0, 90)),
            "type": draw(st.sampled_from(("ESTIMATED", "ACTUAL"))),
        },
        eligibility={
            "minimum_age": draw(st.sampled_from(("1 Year", "18 Years", "N/A"))),
            "maximum_age": draw(st.sampled_from(("25 Years", "30 Years"))),
            "sex": draw(st.sampled_from(("ALL", "FEMALE"))),
            "healthy_volunteers": draw(st.booleans()),
            "criteria": "Inclusion Criteria:\n" + "\n".join(rules),
        },
        interventions=[{"name": name} for name in draw(st.sets(st.sampled_from("abc"), min_size=1))],
        phases=draw(st.sampled_from((["PHASE1"], ["PHASE2"], ["PHASE1", "PHASE2"]))),
        conditions=draw(st.sampled_from(([ALL], [ALL, LYMPHOMA], [LYMPHOMA]))),
        has_results=draw(st.booleans()),
        title=draw(st.sampled_from(("One", "Two"))),
        sponsor=draw(st.sampled_from(("One", "Two"))),
        contacts=[{"name": draw(st.sampled_from(("Anna", "Bob")))}],
    )


def words(changes):
    return sorted(
        (s.text, sorted(s.details), s.level) for change in changes for s in sentences(change, ENGLISH)
    )


@given(snapshots())
def test_a_snapshot_does_not_differ_from_itself(one):
    assert diff(one, one) == ()


def test_no_real_record_differs_from_itself():
    assert all(diff(snapshot, dict(snapshot)) == () for snapshot in real_trials().values())


@given(snapshots(), snapshots())
def test_a_change_and_its_reversal_are_no_change(one, other):
    assert net_changes((*diff(one, other), *diff(other, one))) == ()


RUNNING = trial(status="RECRUITING", start_date={"date": "2025-01-01", "type": "ESTIMATED"})


@given(snapshots(), st.lists(snapshots(), max_size=3), snapshots())
@example(RUNNING, [], {**RUNNING, "start_date": {"date": "2025-04-15", "type": "ESTIMATED"}})
def test_many_steps_give_the_same_net_changes_as_one(first, between, last):
    steps = [first, *between, last]
    changes = [change for old, new in pairwise(steps) for change in diff(old, new)]
    closed = any(snapshot["status"] not in OPEN_STATUSES for snapshot in (first, *between))
    net_words, direct = words(net_changes(changes, last["status"])), words(diff(first, last))
    if closed:
        # While the study was closed no site had a status: one that comes back with another is learned anew.
        net_words, direct = ([w for w in found if "site" not in w[0]] for found in (net_words, direct))
    assert net_words == direct


@given(snapshots(), snapshots())
def test_a_change_comes_back_from_the_log_as_it_went_in(one, other):
    changes = diff(one, other)
    assert tuple(from_stored(**as_stored(change)) for change in changes) == changes


@given(snapshots(), snapshots())
def test_changes_come_in_the_order_of_their_kinds(one, other):
    kinds = [change.kind for change in net_changes(diff(one, other))]
    assert kinds == sorted(kinds, key=list(Kind).index)


def test_two_small_moves_of_the_start_make_a_large_one_while_people_wait_to_join():
    days = ("2026-01-01", "2026-03-01", "2026-05-01")
    steps = [
        trial(status="NOT_YET_RECRUITING", start_date={"date": day, "type": "ESTIMATED"}) for day in days
    ]
    (change,) = net_changes((*diff(steps[0], steps[1]), *diff(steps[1], steps[2])), "NOT_YET_RECRUITING")
    assert words([change]) == [
        ("The start of the study moved from 1 January 2026 to 1 May 2026.", [], Level.MEDIUM)
    ]


def test_a_planned_date_matters_beside_a_new_status_alone():
    def dated(day, **fields):
        return trial(completion_date={"date": day, "type": "ESTIMATED"}, **fields)

    first, moved = dated("2026-01-01"), dated("2027-01-01")
    closed = dated("2027-01-01", status="ACTIVE_NOT_RECRUITING")
    (alone,) = diff(first, moved)
    beside = diff(first, closed)
    assert alone.level is Level.LOW
    assert [change.level for change in beside] == [Level.HIGH, Level.MEDIUM]
    assert net_changes((*diff(first, moved), *diff(moved, closed))) == beside


def test_a_site_that_came_and_went_is_not_reported():
    two = trial(locations=[{**ROMA, "status": "RECRUITING"}, {**PARIS, "status": "RECRUITING"}])
    assert net_changes((*diff(trial(), two), *diff(two, trial()))) == ()


def test_a_site_whose_first_status_was_unknown_is_not_reported_by_statuses_between():
    closed = trial(status="ACTIVE_NOT_RECRUITING", locations=[PARIS])
    both = trial(locations=[{**ROMA, "status": "RECRUITING"}, {**PARIS, "status": "ACTIVE_NOT_RECRUITING"}])
    steps = [closed, trial(locations=[]), both, trial(locations=[{**PARIS, "status": "RECRUITING"}])]
    changes = [change for old, new in pairwise(steps) for change in diff(old, new)]
    assert [change.kind for change in net_changes(changes)] == [Kind.STATUS]


def steps_between(*snapshots):
    changes = [change for old, new in pairwise(snapshots) for change in diff(old, new)]
    return [sentence.text for change in net_changes(changes) for sentence in sentences(change, ENGLISH)]


def test_a_site_that_is_respelled_between_two_changes_is_one_site():
    napoli = {"facility": "Ospedale Cotugno", "city": "Napoli", "postal_code": "80131", "country": "Italy"}
    naples = {**napoli, "city": "Naples"}

    def beside_roma(place, status):
        return trial(locations=[{**ROMA, "status": "RECRUITING"}, {**place, "status": status}])

    paused = [beside_roma(place, "SUSPENDED") for place in (napoli, naples)]
    assert steps_between(beside_roma(napoli, "RECRUITING"), *paused, beside_roma(naples, "RECRUITING")) == []
    waiting = [beside_roma(place, "NOT_YET_RECRUITING") for place in (napoli, naples)]
    assert steps_between(trial(), *waiting, beside_roma(naples, "RECRUITING")) == [
        "A site was added: Ospedale Cotugno, Naples, Italy."
    ]


def test_a_site_without_a_name_is_one_site_by_either_name_of_its_town():
    waiting = {"facility": "Research Site", "postal_code": "80131", "country": "Italy"}
    added = [
        trial(locations=[{**ROMA, "status": "RECRUITING"}, {**waiting, "city": town, "status": status}])
        for town, status in (("Napoli", "RECRUITING"), ("Naples", "RECRUITING"), ("Naples", "SUSPENDED"))
    ]
    assert steps_between(trial(), *added) == [
        "A site was added that is not taking participants: Naples, Italy."
    ]


def test_two_parts_of_the_design_that_change_one_after_the_other_are_both_reported():
    first, second = trial(masking="NONE", allocation="NA"), trial(masking="DOUBLE", allocation="NA")
    third = trial(masking="DOUBLE", allocation="RANDOMIZED")
    assert steps_between(first, second, third) == [
        "How the study is built: there is one group → groups are drawn by lot; "
        "everybody knows who gets what → two sides do not know who gets what."
    ]
    assert steps_between(first, second, third, second, first) == []


def test_a_site_that_pauses_is_not_another_one_of_its_town_that_was_added():
    gesu, gemelli = {**ROMA, "status": "RECRUITING"}, {**ROMA, "facility": "Gemelli", "status": "RECRUITING"}
    both, paused = [gesu, gemelli], [{**gesu, "status": "SUSPENDED"}, gemelli]
    assert steps_between(*(trial(locations=places) for places in ([gesu], both, paused))) == [
        "A site paused: Ospedale Bambino Gesù, Roma, Italy.",
        "A site was added: Gemelli, Roma, Italy.",
    ]


def test_an_age_limit_that_became_known_between_two_changes_was_not_added():
    limits = [
        {"minimum_age": "18 Years"},
        {"minimum_age": "12 Years"},
        {"minimum_age": "12 Years", "maximum_age": "65 Years"},
        {"minimum_age": "12 Years", "maximum_age": "70 Years"},
    ]
    assert steps_between(*(trial(eligibility=ages) for ages in limits)) == [
        "Ages who can join: 18–65 years → 12–70 years."
    ]


def test_a_removal_stands_for_everything_else():
    stopped = diff(trial(), trial(status="TERMINATED"))
    assert net_changes((*stopped, removed("By request"))) == (removed("By request"),)
    assert net_changes((*stopped, merged("NCT01234567"))) == (merged("NCT01234567"),)


def announced(status, recent):
    facets = {"status": status, "countries": ["IT"], "minimum_age": None, "maximum_age": None}
    return Change(
        Kind.NEW_FOR_CONDITION, Level.HIGH, None, {**facets, "first_posted": None, "recent": recent}
    )


def test_a_trial_that_closed_before_it_was_announced_is_not_unless_it_is_recent():
    closing = diff(trial(), trial(status="COMPLETED"))
    assert Kind.NEW_FOR_CONDITION not in {
        c.kind for c in net_changes((announced("RECRUITING", False), *closing))
    }
    (first, *_) = net_changes((announced("RECRUITING", True), *closing))
    assert (first.kind, first.after["status"]) == (Kind.NEW_FOR_CONDITION, "COMPLETED")


TODAY = date(2026, 11, 20)


def kinds_reported(*snapshots, filters=NO_FILTERS):
    """The kinds of change reported to a condition's follower for a trial's versions together."""
    changes = [
        change
        for old, new in pairwise(snapshots)
        for change in announcements_for(old, new, lambda key: (), TODAY).values()
    ]
    parts = [
        narrowed(filters, change, snapshots[-1]) for change in net_changes(changes, snapshots[-1]["status"])
    ]
    return [part.kind for part in parts if part]


def test_a_study_that_opened_and_gained_a_country_is_reported_as_open_or_as_matching():
    waiting, more = trial(status="NOT_YET_RECRUITING", locations=[PARIS]), [PARIS, ROMA]
    steps = (waiting, trial(status="RECRUITING", locations=[PARIS]), trial(locations=more))
    italy = Filters(countries=frozenset({"IT"}))
    new_alone = Filters(countries=frozenset({"IT"}), kinds=frozenset({Kind.NEW_FOR_CONDITION}))
    assert kinds_reported(*steps) == kinds_reported(*steps, filters=italy) == [Kind.NOW_RECRUITING]
    assert kinds_reported(*steps, filters=new_alone) == [Kind.NOW_MATCHES]


def test_a_country_that_was_lost_and_came_back_is_no_news():
    both, paris_only = trial(locations=[PARIS, ROMA]), trial(locations=[PARIS])
    italy = Filters(countries=frozenset({"IT"}))
    assert kinds_reported(both, paris_only, both, filters=italy) == []
    assert kinds_reported(paris_only, both, filters=italy) == [Kind.NOW_MATCHES]


@given(
    st.lists(st.sampled_from(("RECRUITING", "SUSPENDED", "COMPLETED", "AVAILABLE")), min_size=2, max_size=5)
)
def test_an_opening_is_reported_by_the_first_and_the_last_status(statuses):
    was_open, is_open = (status in ("RECRUITING", "AVAILABLE") for status in (statuses[0], statuses[-1]))
    reported = kinds_reported(*(trial(status=status) for status in statuses))
    assert reported == ([Kind.NOW_RECRUITING] if is_open and not was_open else [])
