"""The cases that must come out right, each by the name that the domain gives it."""

from datetime import date
from itertools import pairwise

import pytest

from service.domain.digests.blocks import FollowedTopic, LogEntry, merge, topic_blocks
from service.domain.digests.net_changes import net_changes
from service.domain.trials.change import Kind, removed
from service.domain.trials.comparison.diff import diff
from service.domain.trials.events.snapshot import content_digest, may_notify, read_snapshot
from service.domain.trials.news.announcements import announcements_for
from service.domain.wording.language import ENGLISH
from tests.unit.domain.trials import ALL, LYMPHOMA, ROMA, site, trial, worded

TODAY = date(2026, 11, 20)
RECENT = "2026-10-01"
ABOVE = {ALL["id"]: ("MONDO:0005059", "MONDO:0005062"), LYMPHOMA["id"]: ()}


def ancestors(condition):
    return (condition, *ABOVE.get(condition, ()))


def news(before, after):
    return announcements_for(before, after, ancestors, TODAY)


def test_a_renamed_trial_is_the_same_under_another_title():
    assert worded(trial(), trial(title="A new name")) == [
        "low: Renamed. The title was “Engineered immune cells take on childhood leukemia and lymphoma”."
    ]
    assert news(trial(), trial(title="A new name")) == {}


def test_a_condition_added_later_is_news_for_that_conditions_followers_only():
    before = trial(conditions=[ALL])
    after = trial(conditions=[ALL, {"id": "MONDO:0004963", "name": "T-cell acute lymphoblastic leukemia"}])
    assert set(news(before, after)) == {"MONDO:0004963"}


def test_a_condition_added_later_to_a_closed_old_trial_is_no_news():
    closed = {"status": "COMPLETED", "registry_first_posted": "2016-10-26"}
    assert news(trial(conditions=[ALL], **closed), trial(conditions=[ALL, LYMPHOMA], **closed)) == {}


def test_a_condition_added_later_is_not_announced_to_those_notified_of_the_trial():
    before, after = trial(conditions=[ALL]), trial(conditions=[ALL, {"id": "X:1", "name": "sarcoma"}])
    (change,) = news(before, after).values()
    entry = LogEntry(8, "NCT04787263", change, frozenset({"condition:X:1"}))
    blocks = topic_blocks(
        FollowedTopic("condition:X:1", 5, 5, "sarcoma"), [entry], {"NCT04787263": after}, ENGLISH
    )
    assert merge([blocks], known=frozenset()) == blocks
    assert merge([blocks], known=frozenset({"NCT04787263"})) == ()


def test_a_new_status_comes_with_the_reason_that_the_registry_gave_later():
    paused, explained = trial(status="SUSPENDED"), trial(status="SUSPENDED", why_stopped="Slow accrual")
    topic = "trial:NCT04787263"
    changes = [*diff(trial(), paused), *diff(paused, explained)]
    log = [LogEntry(seq, "NCT04787263", change, frozenset({topic})) for seq, change in enumerate(changes, 1)]
    (block,) = topic_blocks(FollowedTopic(topic, 0, 0), log, {"NCT04787263": explained}, ENGLISH)
    assert [sentence.text for sentence in block.sentences] == [
        "The registry now says this study is paused. The team's reason, in its words: “Slow accrual”"
    ]


@pytest.mark.parametrize("reason", ["remapped", "backfill", "reingest", "rewritten"])
def test_a_relabelled_backfilled_or_reingested_trial_is_silent(reason):
    after = trial(status="TERMINATED", conditions=[LYMPHOMA], reason=reason, registry_first_posted=RECENT)
    assert not may_notify(after)
    assert news(None, after) == {}
    assert news(trial(), after) == {}


def test_notify_suppress_is_silent():
    assert not may_notify(trial(notify="suppress"))
    assert news(None, trial(notify="suppress")) == {}


def test_registry_and_correction_are_reported():
    assert may_notify(trial())
    assert may_notify(trial(reason="correction"))


def test_an_old_trial_new_to_the_site_is_announced_only_if_it_is_open():
    assert news(None, trial(status="ACTIVE_NOT_RECRUITING")) == {}
    assert set(news(None, trial(status="RECRUITING"))) == {ALL["id"], "MONDO:0005059", "MONDO:0005062"}


def test_an_old_open_study_is_worded_as_newly_listed():
    (change, *_) = news(None, trial()).values()
    entry = LogEntry(1, "NCT04787263", change, frozenset({"condition:MONDO:0005059"}))
    follow = FollowedTopic("condition:MONDO:0005059", 0, 0, "leukemia")
    (block,) = topic_blocks(follow, [entry], {"NCT04787263": trial()}, ENGLISH)
    assert block.is_new
    assert block.headlines[0] == "Newly listed study", "it is not called a new study"
    assert [sentence.text for sentence in block.sentences] == [
        "This study is newly listed here; it was registered in 2021. The registry says it "
        "is taking participants."
    ]
    assert block.reasons == ("You follow leukemia.",)


def test_a_recent_study_is_new_even_if_it_is_closed():
    assert news(None, trial(status="ACTIVE_NOT_RECRUITING", registry_first_posted=RECENT))
    ninety_days = trial(status="ACTIVE_NOT_RECRUITING", registry_first_posted="2026-08-22")
    assert news(None, ninety_days)
    assert news(None, trial(status="ACTIVE_NOT_RECRUITING", registry_first_posted="2026-08-21")) == {}


def test_a_study_that_has_not_begun_is_announced():
    assert news(None, trial(status="NOT_YET_RECRUITING"))


def test_an_old_study_by_invitation_is_not_announced():
    assert news(None, trial(status="ENROLLING_BY_INVITATION")) == {}


def test_a_study_missing_in_a_query_is_no_removal():
    assert diff(trial(), trial()) == ()


def test_a_removal_is_reported_once_with_the_given_explanation():
    assert net_changes((removed("Registered twice"), removed("Registered twice"))) == (
        removed("Registered twice"),
    )
    entries = [
        LogEntry(n, "NCT04787263", removed("Registered twice"), frozenset({"trial:NCT04787263"}))
        for n in (1, 2)
    ]
    (block,) = topic_blocks(
        FollowedTopic("trial:NCT04787263", 0, 0), entries, {"NCT04787263": trial()}, ENGLISH
    )
    assert [sentence.text for sentence in block.sentences] == [
        "This study was removed from the website. There will be no more news about it. "
        "The explanation given: “Registered twice”"
    ]


def test_the_same_revision_with_other_content_can_be_distinguished():
    snapshot = trial()
    same = read_snapshot(dict(reversed(snapshot.items())))
    assert content_digest(snapshot) == content_digest(same)
    assert content_digest(snapshot) != content_digest(trial(status="COMPLETED"))


def test_a_status_that_flaps_is_reported_as_its_last_value():
    statuses = ("RECRUITING", "SUSPENDED", "RECRUITING", "SUSPENDED")
    steps = [trial(status=status) for status in statuses]
    changes = [c for old, new in pairwise(steps) for c in diff(old, new)]
    assert net_changes(changes[:2]) == ()
    assert [change.after["status"] for change in net_changes(changes)] == ["SUSPENDED"]


def test_a_correction_is_sent_only_to_readers_of_the_first_report():
    (wrong,) = diff(trial(), trial(status="TERMINATED"))
    (right,) = diff(trial(status="TERMINATED"), trial())
    topics = frozenset({"trial:NCT04787263"})
    entries = [
        LogEntry(10, "NCT04787263", wrong, topics),
        LogEntry(20, "NCT04787263", right, topics, corrects=10),
    ]

    def blocks(lower, since):
        follow = FollowedTopic("trial:NCT04787263", lower, since)
        return topic_blocks(follow, entries, {"NCT04787263": trial()}, ENGLISH)

    (reported_before,) = blocks(lower=15, since=5)
    assert reported_before.sentences[0].text.startswith("An earlier notice was reversed")
    assert blocks(lower=15, since=15) == ()
    assert blocks(lower=5, since=5) == ()


def test_a_status_that_goes_backwards_is_reported_in_neutral_words():
    assert worded(trial(), trial(status="NOT_YET_RECRUITING")) == [
        "medium: The registry now says this study is not taking participants yet."
    ]


def test_a_study_that_stops_recruiting_is_reported_once():
    sites = [site(f"Hospital {n}", f"Town {n}", "Italy") for n in range(563)]
    before = trial(locations=[{**place, "status": "RECRUITING"} for place in sites])
    after = trial(status="ACTIVE_NOT_RECRUITING", locations=sites, contacts=None)
    assert worded(before, after) == [
        "high: The registry now says this study continues, but is not taking new participants."
    ]


def test_a_site_that_withdrew_is_no_site_that_was_added():
    after = trial(
        locations=[{**ROMA, "status": "RECRUITING"}, site("Charité", "Berlin", "Germany", "WITHDRAWN")]
    )
    assert worded(trial(), after) == []
    assert worded(
        after,
        trial(
            locations=[{**ROMA, "status": "RECRUITING"}, site("Charité", "Berlin", "Germany", "RECRUITING")]
        ),
    ) == ["high: A site now takes participants: Charité, Berlin, Germany."]


def test_site_two_does_not_move_from_florida_to_georgia():
    florida, georgia, texas = (
        site("Research Site", town, "United States") for town in ("Tampa", "Atlanta", "Dallas")
    )
    assert worded(trial(locations=[florida, georgia]), trial(locations=[texas, florida, georgia])) == [
        "high: A site was added: Dallas, United States."
    ]


def test_a_trials_own_followers_are_not_notified_that_it_is_new():
    new = news(None, trial())
    assert {change.kind for change in new.values()} == {Kind.NEW_FOR_CONDITION}
    entry = LogEntry(3, "NCT04787263", new[ALL["id"]], frozenset({f"condition:{ALL['id']}"}))
    follow = FollowedTopic(f"condition:{ALL['id']}", 0, 0, ALL["name"])
    blocks = topic_blocks(follow, [entry], {"NCT04787263": trial()}, ENGLISH)
    assert merge([blocks], known={"NCT04787263"}) == ()
