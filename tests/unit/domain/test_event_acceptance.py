"""The effect of events on a trial: revisions take their place in the row, and news is derived from it.

A field that is absent once is not forgotten, and any order of arrival gives the same news.
"""

from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.digests.net_changes import net_changes
from service.domain.trials.change import Kind
from service.domain.trials.comparison.diff import KEYS, diff
from service.domain.trials.lifecycle import EventResult, TrialState
from service.domain.trials.news.acceptance import History
from service.domain.trials.news.last_known import FIELDS, NOT_KEPT, PARTS, as_snapshot
from service.domain.trials.sites.diff import OPEN_STATUSES
from tests.unit.domain.revision_store import Store, gone
from tests.unit.domain.test_net_changes import snapshots, words
from tests.unit.domain.trials import ALL, LYMPHOMA, PARIS, ROMA, trial


def planned(count):
    return {"enrollment": None if count is None else {"count": count, "type": "ESTIMATED"}}


def version(revision, count=None, **changed):
    """The standing trial at a revision, with so many participants planned; None: the event doesn't say."""
    return trial(revision=revision, **planned(count), **changed)


def accepted(*events):
    """The trial after events in the order of arrival, each event's verdict, and the reported changes."""
    store = Store()
    verdicts = [result for event in events for result in store.add(event)]
    return (
        store.trial,
        verdicts,
        [item.change for item in store.news() if not store.conditions(item)],
    )


def known(trial):
    return as_snapshot(History(trial).known)


def announced(*events):
    """The announcements of the last event, and for which conditions."""
    store = Store()
    for event in events:
        store.add(event)
    return [
        (item.change.kind, store.conditions(item))
        for item in store.news()
        if item.revision == events[-1]["revision"]
    ]


def counts(changes):
    return [
        (change.before["count"], change.after["count"])
        for change in changes
        if change.kind is Kind.ENROLLMENT
    ]


def test_a_value_that_was_absent_is_compared_with_the_last_known_one():
    held, _, changes = accepted(version(1, 40), version(2), version(3), version(4, 70), version(5, 70))
    assert counts(changes) == [(40, 70)]
    assert held.remembered == {}


def test_a_value_that_comes_back_as_it_was_is_not_reported():
    assert accepted(version(1, 40), version(2), version(3, 40))[2] == []


def test_a_value_that_was_never_known_is_learned_silently():
    assert accepted(version(1), version(2), version(3, 70))[2] == []


def test_fields_missing_in_the_newest_snapshot_are_remembered_beside_it():
    held, _, _ = accepted(version(1, 40), version(2))
    assert "enrollment" not in held.snapshot
    assert known(held)["enrollment"] == {"count": 40, "type": "ESTIMATED"}
    assert held.remembered == {"enrollment": {"count": 40, "type": "ESTIMATED"}}


def test_the_parts_of_eligibility_are_remembered_separately():
    ages = {"minimum_age": "1 Year", "maximum_age": "25 Years"}
    first = trial(revision=1, eligibility={**ages, "sex": "ALL", "criteria": "Inclusion Criteria:\n* Adult"})
    second = trial(revision=2, eligibility={**ages, "maximum_age": "30 Years"})
    third = trial(revision=3, eligibility={"sex": "FEMALE", "criteria": "Inclusion Criteria:\n* Adult"})
    held, _, changes = accepted(
        first, second, third, trial(revision=4, eligibility={"minimum_age": "2 Years"})
    )
    assert [(change.kind, change.before, change.after) for change in changes] == [
        (
            Kind.AGES,
            {"minimum": "1 Year", "maximum": "25 Years"},
            {"minimum": "1 Year", "maximum": "30 Years"},
        ),
        (Kind.SEX, "ALL", "FEMALE"),
        (
            Kind.AGES,
            {"minimum": "1 Year", "maximum": "30 Years"},
            {"minimum": "2 Years", "maximum": "30 Years"},
        ),
    ]
    assert held.remembered == {
        "maximum_age": "30 Years",
        "sex": "FEMALE",
        "criteria": "Inclusion Criteria:\n* Adult",
    }


@pytest.mark.parametrize("field", ["phases", "interventions", "primary_outcomes", "contacts"])
def test_an_empty_list_is_as_unknown_as_none(field):
    held, _, changes = accepted(trial(revision=1), trial(revision=2, **{field: []}))
    assert (changes, held.remembered[field]) == ([], trial()[field])


def test_no_sites_are_known_to_be_none_and_are_reported_and_not_remembered():
    held, _, changes = accepted(trial(revision=1), trial(revision=2, locations=[]))
    assert ([change.kind for change in changes], held.remembered) == ([Kind.SITES], {})


def test_a_reason_for_stopping_goes_with_its_status():
    paused = trial(revision=1, status="SUSPENDED", why_stopped="Funding")
    stopped, later = ({"status": "TERMINATED", "why_stopped": why} for why in (None, "Safety"))
    held, _, changes = accepted(paused, trial(revision=2, **stopped), trial(revision=3, **later))
    assert [change.after for change in changes] == [stopped]
    assert held.remembered == {}


def test_every_compared_field_is_remembered_or_listed_as_not_remembered():
    posted = {"registry_first_posted"}
    assert {*FIELDS, *NOT_KEPT} - {*PARTS} - posted | {"eligibility"} == {*KEYS}
    assert {*PARTS} == {*trial()["eligibility"]}


def test_a_late_snapshot_adds_fields_missing_in_the_newer_one():
    held, verdicts, changes = accepted(version(1, 40), version(3), version(2, 70))
    assert (verdicts[-1], counts(changes), held.revision) == (EventResult.PROCESSED, [(40, 70)], 3)
    assert known(held)["enrollment"]["count"] == 70
    assert (held, changes) == accepted(version(1, 40), version(2, 70), version(3))[::2]


def test_a_late_snapshot_does_not_change_fields_of_newer_ones():
    newest = version(4, sponsor="New", title="New")
    held, verdicts, changes = accepted(version(1, 40), newest, version(3, 70), version(2, 55, sponsor="Old"))
    assert verdicts == [EventResult.PROCESSED] * 4
    assert counts(changes) == [(40, 55), (55, 70)]
    assert (held.snapshot, known(held)["sponsor"]) == (newest, "New")


def test_a_late_snapshot_that_is_the_first_to_know_a_field_is_learning():
    held, _, changes = accepted(version(1), version(3), version(2, 70))
    assert (changes, known(held)["enrollment"]["count"]) == ([], 70)


@pytest.mark.parametrize("silent", [{"notify": "suppress"}, {"reason": "backfill"}, {"reason": "remapped"}])
def test_a_late_snapshot_that_nobody_may_be_notified_of_is_remembered_in_silence(silent):
    held, _, changes = accepted(version(1, 40), version(3), version(2, 70, **silent))
    assert (changes, known(held)["enrollment"]["count"]) == ([], 70)


def test_the_same_late_snapshot_again_has_no_effect():
    late = version(2, 70)
    once = accepted(version(1, 40), version(3), late)
    held, verdicts, changes = accepted(version(1, 40), version(3), late, late, version(1, 40))
    assert (held, changes) == once[::2]
    assert verdicts[-2:] == [EventResult.STALE, EventResult.STALE]


def test_a_trial_that_comes_back_is_compared_with_its_last_known_values():
    first, second, back = version(1, 40, sponsor="One"), version(2), version(4, 70, sponsor=None)
    straight = accepted(first, second, gone(3), back)
    assert counts(straight[2]) == [(40, 70)]
    assert (straight[0].state, known(straight[0])["sponsor"]) == (TrialState.PRESENT, trial()["sponsor"])
    for order in permutations((first, second, gone(3), back)):
        assert accepted(*order)[::2] == straight[::2]


def test_sites_that_were_absent_for_a_while_are_no_reason_to_announce_the_trial_again():
    here = [{**ROMA, "status": "RECRUITING"}]
    absent = [trial(revision=1, locations=here), trial(revision=2, locations=None)]
    assert announced(*absent, trial(revision=3, locations=here)) == []
    more = trial(revision=3, locations=[*here, {**PARIS, "status": "RECRUITING"}])
    assert [kind for kind, _ in announced(*absent, more)] == [Kind.NOW_MATCHES, Kind.SITES]


def test_a_study_that_opens_is_announced_for_the_conditions_that_were_listed_last():
    closed = trial(revision=1, status="SUSPENDED", conditions=[ALL])
    assert announced(closed, trial(revision=2, conditions=[])) == [
        (Kind.NOW_RECRUITING, (ALL["id"],)),
        (Kind.STATUS, ()),
    ]


def test_conditions_that_were_not_listed_for_a_while_are_not_new():
    steps = [trial(revision=number, conditions=named) for number, named in ((1, [ALL]), (2, []))]
    assert announced(*steps, trial(revision=3, conditions=[ALL, LYMPHOMA])) == [
        (Kind.NEW_FOR_CONDITION, (LYMPHOMA["id"],)),
        (Kind.CONDITIONS, ()),
    ]


def without(snapshot, fields):
    """The snapshot as an event that doesn't know these fields; conditions must be listed, so are empty."""
    kept = {key: value for key, value in snapshot.items() if key not in fields}
    eligibility = {part: value for part, value in snapshot["eligibility"].items() if part not in fields}
    conditions = [] if "conditions" in fields else snapshot["conditions"]
    return {**kept, "eligibility": eligibility, "conditions": conditions}


@st.composite
def histories(draw):
    """A trial's versions in the order of revision: the first knows every field, each later one some."""
    later = draw(st.lists(st.tuples(snapshots(), st.sets(st.sampled_from(FIELDS))), max_size=4))
    versions = [draw(snapshots()), *(without(earlier, fields) for earlier, fields in later)]
    return [{**snapshot, "revision": revision} for revision, snapshot in enumerate(versions, 1)]


def said_of(history, changes):
    """The sentences that a follower reads, without those on sites, whose status is new after a closure."""
    closed = any(snapshot["status"] not in OPEN_STATUSES for snapshot in history[:-1])
    return [said for said in words(changes) if not closed or "site" not in said[0]]


@given(histories())
def test_many_steps_give_the_same_net_changes_as_the_first_and_last_known_values(history):
    held, _, changes = accepted(*history)
    direct = diff(history[0], known(held))
    assert said_of(history, net_changes(changes, known(held)["status"])) == said_of(history, direct)


@given(histories(), st.data())
def test_any_order_and_repetition_ends_in_the_same_knowledge_and_the_same_news(history, data):
    again = data.draw(st.lists(st.sampled_from(history), max_size=3))
    arrived = data.draw(st.permutations([*history, *again]))
    straight, mixed = accepted(*history), accepted(*arrived)
    assert mixed[::2] == straight[::2]


@given(histories())
def test_a_trial_with_complete_snapshots_remembers_nothing(history):
    whole = [{**history[0], "revision": revision} for revision in range(1, 4)]
    assert all(accepted(*whole[:end])[0].remembered == {} for end in range(1, 4))
    assert all(not diff(old, new) for old, new in pairwise(whole))


def test_a_trial_that_nothing_was_known_of_remembers_nothing():
    held, _, changes = accepted(gone(3))
    assert (held.state, held.snapshot, held.remembered) == (TrialState.REMOVED, None, {})
    assert [change.kind for change in changes] == [Kind.REMOVED]
