"""What is known of a trial, snapshot by snapshot: a field that is absent once is not forgotten."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.digests.net_changes import net_changes
from service.domain.trials.change import Kind
from service.domain.trials.diff import KEYS, diff
from service.domain.trials.last_known import FIELDS, NOT_KEPT, PARTS
from service.domain.trials.lifecycle import (
    EventResult,
    Trial,
    TrialState,
    backfill,
    classify_revision,
    remove,
    upsert,
)
from service.domain.trials.sites import OPEN_STATUSES
from service.domain.trials.snapshot import content_digest
from tests.unit.domain.test_net import snapshots, words
from tests.unit.domain.trials import ALL, LYMPHOMA, PARIS, ROMA, trial

TODAY = date(2026, 11, 20)


def planned(count):
    return {"enrollment": None if count is None else {"count": count, "type": "ESTIMATED"}}


def version(revision, count=None, **changed):
    """The standing trial at a revision, with so many participants planned; None: the event doesn't say."""
    return trial(revision=revision, **planned(count), **changed)


def ingested(*events):
    """The trial after events in the order of arrival, each event's verdict, and the changes told."""
    stored, verdicts, changes = None, [], []
    for event in events:
        digest = content_digest(event)
        if classify_revision(stored, event["revision"], digest) is EventResult.STALE:
            decision = backfill(stored, event)
        else:
            decision = upsert(stored, event, digest, lambda key: (key,), TODAY)
        stored = decision.trial or stored
        verdicts.append(decision.result)
        changes += [item.change for item in decision.changes if item.conditions is None]
    return stored, verdicts, changes


def counts(changes):
    return [
        (change.before["count"], change.after["count"])
        for change in changes
        if change.kind is Kind.ENROLLMENT
    ]


def test_a_value_that_was_absent_for_a_while_is_told_against_the_one_that_was_known():
    stored, _, changes = ingested(version(1, 40), version(2), version(3), version(4, 70), version(5, 70))
    assert counts(changes) == [(40, 70)]
    assert stored.remembered == {}


def test_a_value_that_comes_back_as_it_was_is_not_told():
    assert ingested(version(1, 40), version(2), version(3, 40))[2] == []


def test_a_value_that_was_never_known_is_learned_without_a_word():
    assert ingested(version(1), version(2), version(3, 70))[2] == []


def test_what_the_newest_snapshot_lacks_is_kept_beside_it_and_not_shown_as_its_own():
    stored, _, _ = ingested(version(1, 40), version(2))
    assert "enrollment" not in stored.snapshot
    assert stored.known["enrollment"] == {"count": 40, "type": "ESTIMATED"}
    assert stored.remembered == {"enrollment": {"value": {"count": 40, "type": "ESTIMATED"}, "revision": 1}}


def test_parts_of_who_can_join_are_remembered_singly():
    ages = {"minimum_age": "1 Year", "maximum_age": "25 Years"}
    first = trial(revision=1, eligibility={**ages, "sex": "ALL", "criteria": "Inclusion Criteria:\n* Adult"})
    second = trial(revision=2, eligibility={**ages, "maximum_age": "30 Years"})
    third = trial(revision=3, eligibility={"sex": "FEMALE", "criteria": "Inclusion Criteria:\n* Adult"})
    stored, _, changes = ingested(
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
    assert {field: last["revision"] for field, last in stored.remembered.items()} == {
        "maximum_age": 2,
        "sex": 3,
        "criteria": 3,
    }


@pytest.mark.parametrize("field", ["phases", "interventions", "primary_outcomes", "contacts"])
def test_an_empty_list_is_as_unknown_as_none(field):
    stored, _, changes = ingested(trial(revision=1), trial(revision=2, **{field: []}))
    assert (changes, stored.remembered[field]["value"]) == ([], trial()[field])


def test_no_sites_are_known_to_be_none_and_are_told_and_not_remembered():
    stored, _, changes = ingested(trial(revision=1), trial(revision=2, locations=[]))
    assert ([change.kind for change in changes], stored.remembered) == ([Kind.SITES], {})


def test_a_reason_for_stopping_goes_with_its_status():
    paused = trial(revision=1, status="SUSPENDED", why_stopped="Funding")
    stopped, later = ({"status": "TERMINATED", "why_stopped": why} for why in (None, "Safety"))
    stored, _, changes = ingested(paused, trial(revision=2, **stopped), trial(revision=3, **later))
    assert [change.after for change in changes] == [stopped]
    assert stored.remembered == {}


def test_every_field_that_is_compared_is_remembered_or_said_not_to_be():
    assert {*FIELDS, *NOT_KEPT} - {*PARTS} | {"eligibility"} == {*KEYS}
    assert {*PARTS} == {*trial()["eligibility"]}


def test_a_late_snapshot_tells_what_the_newer_one_does_not_know():
    stored, verdicts, changes = ingested(version(1, 40), version(3), version(2, 70))
    assert (verdicts[-1], counts(changes), stored.revision) == (EventResult.PROCESSED, [(40, 70)], 3)
    assert stored.known["enrollment"]["count"] == 70
    assert (stored, changes) == ingested(version(1, 40), version(2, 70), version(3))[::2]


def test_a_late_snapshot_leaves_alone_what_newer_ones_know():
    newest = version(4, sponsor="New", title="New")
    stored, verdicts, changes = ingested(
        version(1, 40), newest, version(3, 70), version(2, 55, sponsor="Old")
    )
    assert verdicts[-1] is EventResult.STALE
    assert counts(changes) == [(40, 70)]
    assert (stored.snapshot, stored.known["sponsor"]) == (newest, "New")


def test_a_late_snapshot_that_is_the_first_to_know_a_field_is_learning():
    stored, _, changes = ingested(version(1), version(3), version(2, 70))
    assert (changes, stored.known["enrollment"]["count"]) == ([], 70)


@pytest.mark.parametrize("silent", [{"notify": "suppress"}, {"reason": "backfill"}, {"reason": "remapped"}])
def test_a_late_snapshot_that_nobody_may_be_told_of_is_remembered_in_silence(silent):
    stored, _, changes = ingested(version(1, 40), version(3), version(2, 70, **silent))
    assert (changes, stored.known["enrollment"]["count"]) == ([], 70)


def test_the_same_late_snapshot_again_has_no_effect():
    late = version(2, 70)
    once = ingested(version(1, 40), version(3), late)
    stored, verdicts, changes = ingested(version(1, 40), version(3), late, late, version(1, 40))
    assert (stored, changes) == once[::2]
    assert verdicts[-2:] == [EventResult.STALE, EventResult.STALE]


def test_a_trial_that_is_gone_and_comes_back_is_compared_with_what_was_known():
    first, second, back = version(1, 40, sponsor="One"), version(2), version(4, 70, sponsor=None)
    going = {"nct_id": first["nct_id"], "revision": 3, "explanation": None}

    def returned(stored, *late):
        gone = remove(stored, going, "gone").trial
        for snapshot in late:
            decision = backfill(gone, snapshot)
            gone = decision.trial or gone
            assert decision.changes == ()
        return upsert(gone, back, "back", lambda key: (key,), TODAY)

    in_order = returned(ingested(first, second)[0])
    assert counts([item.change for item in in_order.changes]) == [(40, 70)]
    assert (in_order.trial.state, in_order.trial.known["sponsor"]) == (TrialState.PRESENT, trial()["sponsor"])
    assert returned(ingested(first)[0], second) == in_order
    assert returned(None, second, first) == returned(None, first, second) == in_order


def test_sites_that_were_absent_for_a_while_are_no_reason_to_announce_the_trial_again():
    here = [{**ROMA, "status": "RECRUITING"}]
    stored, _, _ = ingested(trial(revision=1, locations=here), trial(revision=2, locations=None))
    back = trial(revision=3, locations=here)
    assert upsert(stored, back, "back", lambda key: (key,), TODAY).changes == ()
    more = trial(revision=3, locations=[*here, {**PARIS, "status": "RECRUITING"}])
    kinds = [item.change.kind for item in upsert(stored, more, "more", lambda key: (key,), TODAY).changes]
    assert kinds == [Kind.SITES, Kind.NOW_MATCHES]


def test_a_study_that_opens_is_announced_for_the_conditions_that_were_listed_last():
    stored, _, _ = ingested(trial(revision=1, status="SUSPENDED", conditions=[ALL]))
    opened = upsert(stored, trial(revision=2, conditions=[]), "opened", lambda key: (key,), TODAY)
    assert [(item.change.kind, item.conditions) for item in opened.changes] == [
        (Kind.STATUS, None),
        (Kind.NOW_RECRUITING, (ALL["id"],)),
    ]


def test_conditions_that_were_not_listed_for_a_while_are_not_new():
    stored, _, _ = ingested(trial(revision=1, conditions=[ALL]), trial(revision=2, conditions=[]))
    back = upsert(stored, trial(revision=3, conditions=[ALL, LYMPHOMA]), "back", lambda key: (key,), TODAY)
    assert [(item.change.kind, item.conditions) for item in back.changes] == [
        (Kind.CONDITIONS, None),
        (Kind.NEW_FOR_CONDITION, (LYMPHOMA["id"],)),
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
    versions = [draw(snapshots()), *(without(version, fields) for version, fields in later)]
    return [{**version, "revision": revision} for revision, version in enumerate(versions, 1)]


def said_of(history, changes):
    """What a follower reads. After a closure a site's status is learned anew: then of sites, nothing here."""
    closed = any(version["status"] not in OPEN_STATUSES for version in history[:-1])
    return [said for said in words(changes) if not closed or "site" not in said[0]]


@given(histories())
def test_many_steps_say_the_same_as_what_was_known_first_beside_what_is_known_last(history):
    stored, _, changes = ingested(*history)
    direct = diff(history[0], stored.known)
    assert said_of(history, net_changes(changes, stored.known["status"])) == said_of(history, direct)


@given(histories(), st.data())
def test_any_order_and_repetition_ends_in_the_same_knowledge_and_the_same_news(history, data):
    first, *later = history
    again = data.draw(st.lists(st.sampled_from(history), max_size=3))
    arrived = [first, *data.draw(st.permutations([*later, *again]))]
    straight, mixed = ingested(*history), ingested(*arrived)
    assert mixed[0] == straight[0]
    assert said_of(history, net_changes(mixed[2])) == said_of(history, net_changes(straight[2]))


@given(histories())
def test_a_trial_whose_snapshots_know_everything_remembers_nothing(history):
    whole = [{**history[0], "revision": revision} for revision in range(1, 4)]
    assert all(ingested(*whole[:end])[0].remembered == {} for end in range(1, 4))
    assert all(not diff(old, new) for old, new in pairwise(whole))


def test_a_trial_that_nothing_was_known_of_remembers_nothing():
    stored = remove(None, {"nct_id": "NCT04787263", "revision": 3, "explanation": None}, "gone").trial
    assert stored == Trial("NCT04787263", 3, TrialState.REMOVED, "gone", None)
    assert (stored.known, backfill(stored, version(2)).trial.remembered) == (None, {})
