"""A person's digest: each trial once, most important first, with its reasons, in words that others share."""

from datetime import date
from itertools import groupby, pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.domain.digests.blocks import (
    FollowedTopic,
    LogEntry,
    cache_key,
    covered_topics,
    merge,
    topic_blocks,
)
from service.domain.digests.filters import Filters
from service.domain.trials.change import merged, removed
from service.domain.trials.comparison.diff import diff
from service.domain.trials.news.announcements import announcements_for
from service.domain.wording.language import ENGLISH, English
from tests.unit.domain.trials import PARIS, ROMA, real_trials, site, trial

NCT = "NCT04787263"
TRIAL = frozenset({f"trial:{NCT}"})
LEUKEMIA = "condition:MONDO:0005059"
OTHER = "NCT01234567"


def entries(*snapshots, start=1, nct_id=NCT):
    """The log of a trial's versions, one change an entry."""
    changes = [c for old, new in pairwise(snapshots) for c in diff(old, new)]
    topics = frozenset({f"trial:{nct_id}"})
    return [LogEntry(start + n, nct_id, change, topics) for n, change in enumerate(changes)]


def announcement(snapshot, seq=1, *topics):
    (change, *_) = announcements_for(None, snapshot, lambda key: (), date(2026, 11, 20)).values()
    return LogEntry(seq, snapshot["nct_id"], change, frozenset(topics or (LEUKEMIA,)))


def follow(topic=f"trial:{NCT}", lower=0, **more):
    return FollowedTopic(topic, lower, more.pop("since", 0), **more)


def blocks(log, followed=None, **snapshots):
    return topic_blocks(followed or follow(), log, snapshots or {NCT: trial()}, ENGLISH)


def test_a_block_has_the_facts_of_the_trial_page():
    after = trial(status="COMPLETED", conditions=[{"name": "ACUTE LYMPHOBLASTIC LEUKEMIA"}])
    (block,) = blocks(entries(trial(), after), **{NCT: after})
    assert (block.nct_id, block.url) == (NCT, f"https://example.org/trials/{NCT}")
    assert block.title == "Engineered immune cells take on childhood leukemia and lymphoma"
    assert block.reasons == ("You follow this study.",)
    assert [f"{fact.label} {fact.text}" for fact in block.facts] == [
        "Phase: Phase 1 and Phase 2",
        "Who could join: 1–25 years; people of any sex; no healthy volunteers",
        "What is tested: CD19-CAR_Lenti",
        "Places: Ospedale Bambino Gesù, Roma, Italy",
        "Whom to ask: Franco, +39 06 1, franco@example.org",
        "Last updated: 2 December 2025",
        f"Registry number: {NCT}",
    ]
    assert block.status == "Status in the registry: Taking participants → Finished"
    assert block.conditions == ("acute lymphoblastic leukemia",)
    assert (block.is_new, block.summary) == (False, ())
    assert block.asks_to_stop


def test_a_new_trial_comes_with_its_summary():
    (block,) = blocks([announcement(trial())], follow(LEUKEMIA, name="LEUKEMIA"))
    assert block.is_new
    (passage,) = block.summary
    assert passage.lines == (
        "This study is testing a therapy where a child's own immune cells are modified.",
    )
    assert block.reasons == ("You follow leukemia.",)


def test_each_trial_comes_once_with_all_its_reasons():
    entry = announcement(trial(), 1, LEUKEMIA, "condition:lymphoma")
    topics = [
        blocks([entry], follow(LEUKEMIA, name="leukemia")),
        blocks([entry], follow("condition:lymphoma", name="lymphoma")),
    ]
    (block,) = merge(topics)
    assert block.reasons == ("You follow leukemia.", "You follow lymphoma.")
    assert len(block.sentences) == 1
    assert merge(topics)[0].key == merge(topics[::-1])[0].key


def test_a_trial_that_one_follows_is_not_new_as_well():
    changed = blocks(entries(trial(), trial(status="SUSPENDED")), **{NCT: trial(status="SUSPENDED")})
    new = blocks([announcement(trial())], follow(LEUKEMIA, name="leukemia"))
    assert merge([new, changed]) == changed
    assert merge([changed, new]) == changed


def test_a_trial_known_to_the_reader_is_not_announced_as_new():
    new = blocks([announcement(trial())], follow(LEUKEMIA, name="leukemia"))
    assert merge([new], known={NCT}) == ()


def test_small_changes_cause_no_mail_but_ride_along():
    small = blocks(entries(trial(), trial(sponsor="Another")), **{NCT: trial(sponsor="Another")})
    assert [block.worth_sending for block in small] == [False]
    assert merge([small]) == ()
    other = trial(nct_id=OTHER, status="SUSPENDED")
    large = blocks(
        entries(trial(nct_id=OTHER), other, nct_id=OTHER), follow(f"trial:{OTHER}"), **{OTHER: other}
    )
    assert [block.nct_id for block in merge([small, large])] == [OTHER, NCT]


def test_a_reader_who_wants_small_changes_gets_them():
    log = entries(trial(), trial(sponsor="Another"))
    small = blocks(log, follow(small_changes=True), **{NCT: trial(sponsor="Another")})
    assert merge([small]) == small != ()


def test_a_reported_change_is_not_reported_again():
    log = entries(trial(), trial(status="SUSPENDED"), trial(status="TERMINATED"))
    (block,) = blocks(log, follow(lower=1), **{NCT: trial(status="TERMINATED")})
    assert [s.text for s in block.sentences] == ["The registry now says this study was stopped early."]
    assert blocks(log, follow(lower=2)) == ()


def test_entries_of_other_topics_are_passed_over():
    assert blocks(entries(trial(), trial(status="SUSPENDED")), follow("trial:NCT00000001")) == ()


def test_a_change_that_was_reversed_is_not_reported():
    assert merge([blocks(entries(trial(), trial(status="SUSPENDED"), trial()))]) == ()


def test_an_announcement_is_judged_again_by_the_trial_as_it_is_now():
    closed = trial(status="COMPLETED")
    assert blocks([announcement(trial())], follow(LEUKEMIA, name="leukemia"), **{NCT: closed}) == ()


def test_the_most_important_comes_first():
    small = trial(sponsor="Another")
    medium = trial(nct_id="NCT00000002", status="COMPLETED")
    high = trial(nct_id="NCT00000009", status="TERMINATED")
    topics = [
        blocks(entries(trial(), small), **{NCT: small}),
        blocks(
            entries(trial(nct_id="NCT00000002"), medium, nct_id="NCT00000002"),
            follow("trial:NCT00000002"),
            NCT00000002=medium,
        ),
        blocks(
            entries(trial(nct_id="NCT00000009"), high, nct_id="NCT00000009"),
            follow("trial:NCT00000009"),
            NCT00000009=high,
        ),
    ]
    assert [block.nct_id for block in merge(topics)] == ["NCT00000009", "NCT00000002", NCT]


def test_a_merger_is_reported_with_the_title_and_the_page_of_the_trial_that_is_followed_from_now_on():
    other = trial(nct_id=OTHER, title="Another study", url=f"https://example.org/trials/{OTHER}")
    (block,) = blocks([LogEntry(1, NCT, merged(OTHER), TRIAL)], **{NCT: trial(), OTHER: other})
    assert [s.text for s in block.sentences] == [
        f"This study is now listed as “Another study” ({OTHER}). You follow that one from now on."
    ]
    assert (block.url, block.status, block.stops) == ("", "", (f"Stop following this study ({OTHER})",))
    assert (f"“Another study” ({OTHER})", f"https://example.org/trials/{OTHER}") in [
        (link.text, link.url) for link in block.links
    ]
    assert [fact.label for fact in block.facts] == ["Registry number:"]


def test_a_merger_into_a_trial_that_nobody_knows_yet_links_the_registry():
    (block,) = blocks([LogEntry(1, NCT, merged("NCT00000001"), TRIAL)])
    (sentence,) = block.sentences
    assert sentence.text == "This study is now listed as NCT00000001. You follow that one from now on."
    assert block.stops == ("Stop following this study (NCT00000001)",)
    assert [(link.text, link.url) for link in block.links] == [
        (f"{NCT} in the registry", f"https://clinicaltrials.gov/study/{NCT}")
    ]


def test_a_removal_links_the_registry_and_no_page_that_is_gone():
    (block,) = blocks([LogEntry(1, NCT, removed("Listed by mistake."), TRIAL)])
    assert block.title == "Engineered immune cells take on childhood leukemia and lymphoma"
    assert (block.url, block.stops, block.headlines) == ("", (), ("Removed from the website",))
    assert [link.url for link in block.links] == [f"https://clinicaltrials.gov/study/{NCT}"]
    isrctn = trial(nct_id="ISRCTN12345678", trial_id="ISRCTN12345678")
    log = [LogEntry(1, "ISRCTN12345678", removed(None), frozenset({"trial:ISRCTN12345678"}))]
    (block,) = blocks(log, follow("trial:ISRCTN12345678"), ISRCTN12345678=isrctn)
    assert block.links == ()


def test_a_study_that_stopped_comes_first_then_openings_then_results_then_new_studies():
    def changed(number, before, after):
        nct_id = f"NCT0000000{number}"
        old, new = ({"nct_id": nct_id, **facets} for facets in (before, after))
        log = entries(trial(**old), trial(**new), nct_id=nct_id)
        return blocks(log, follow(f"trial:{nct_id}"), **{nct_id: trial(**new)})

    topics = [
        blocks([announcement(trial())], follow(LEUKEMIA, name="leukemia")),
        changed(1, {}, {"eligibility": {"minimum_age": "9 Years"}}),
        changed(2, {"has_results": False}, {"has_results": True}),
        changed(3, {"status": "NOT_YET_RECRUITING"}, {}),
        changed(4, {}, {"status": "TERMINATED"}),
    ]
    found = merge(topics)
    assert [block.headlines[0] for block in found] == [
        "Stopped early",
        "Taking participants",
        "Results posted",
        "Who can join changed",
        "Newly listed study",
    ]
    assert covered_topics(found) == [*(f"trial:NCT0000000{n}" for n in (4, 3, 2, 1)), LEUKEMIA]


def test_a_headline_sums_up_only_the_sentences_shown():
    def found(status, **changed):
        after = trial(status=status, **changed)
        (block,) = blocks(entries(trial(), after), **{NCT: after})
        return block.headlines

    nobody = {"enrollment": {"count": 0, "type": "ACTUAL"}}
    assert found("WITHDRAWN", **nobody) == ("Cancelled before anyone joined",)
    rules = {"eligibility": {**trial()["eligibility"], "criteria": "Inclusion Criteria:\n\n* Another rule"}}
    assert found("RECRUITING", **rules) == ("Who can join changed",)
    assert found("TERMINATED", **rules) == ("Stopped early",)


def test_a_trial_without_a_snapshot_is_left_out():
    assert topic_blocks(follow(), entries(trial(), trial(status="SUSPENDED")), {}, ENGLISH) == ()


def test_the_nearest_country_comes_first():
    towns = [PARIS, *(site(f"Clinic {n}", "Berlin", "Germany") for n in range(3)), ROMA]
    now = trial(locations=[{**town, "status": "RECRUITING"} for town in towns])
    followed = follow(LEUKEMIA, name="leukemia", filters=Filters(frozenset({"IT"})))
    (block,) = blocks([announcement(now)], followed, **{NCT: now})
    assert "Italy: Roma; Germany: Berlin; France: Paris" in [fact.text for fact in block.facts]


def test_equal_words_have_equal_keys_and_other_words_another():
    paused, stopped = trial(status="SUSPENDED"), trial(status="TERMINATED")
    log = entries(trial(), paused)
    (block,) = blocks(log, **{NCT: paused})
    (same,) = blocks(log, follow(since=-3), **{NCT: paused})
    (other,) = blocks(entries(trial(), stopped), **{NCT: stopped})

    class Plain(English):
        code = "x-plain"

    (elsewhere,) = topic_blocks(follow(), log, {NCT: paused}, Plain())
    assert block == same
    assert len({block.key, other.key, elsewhere.key}) == 3


def test_the_cache_key_holds_everything_that_the_blocks_depend_on():
    key = cache_key(follow(), 9, ENGLISH)
    assert key == cache_key(follow(since=5), 9, ENGLISH)
    assert key != cache_key(follow(since=5), 9, ENGLISH, depends_on_reader=True)
    others = [
        cache_key(follow(lower=1), 9, ENGLISH),
        cache_key(follow(), 8, ENGLISH),
        cache_key(follow(filters=Filters(age=3)), 9, ENGLISH),
        cache_key(follow(small_changes=True), 9, ENGLISH),
    ]
    assert len({key, *others}) == 5


STATUSES = ("RECRUITING", "SUSPENDED", "TERMINATED", "COMPLETED")


@given(st.lists(st.sampled_from(STATUSES), min_size=1, max_size=6), st.integers(0, 6))
def test_two_digests_in_a_row_leave_nothing_out_and_repeat_nothing(statuses, cut):
    path = [status for status, _ in groupby(statuses)]
    log = entries(*(trial(status=status) for status in path))
    cursor = min(cut, len(log))
    first = blocks(log[:cursor], follow(), **{NCT: trial(status=path[cursor])})
    second = blocks(log, follow(lower=cursor), **{NCT: trial(status=path[-1])})
    late = blocks(log[:cursor], follow(), **{NCT: trial(status=path[-1])})
    assert bool(first) == (path[0] != path[cursor])
    assert bool(second) == (path[cursor] != path[-1])
    assert bool(late) == (path[0] != path[cursor] == path[-1]), "it would say what does not hold any more"


def test_every_real_record_makes_a_block():
    for snapshot in real_trials().values():
        stopped = {**snapshot, "status": "TERMINATED", "why_stopped": "Funding"}
        nct_id = snapshot["nct_id"]
        if snapshot["status"] == "TERMINATED":
            continue
        log = entries(snapshot, stopped, nct_id=nct_id)
        (block,) = blocks(log, follow(f"trial:{nct_id}"), **{nct_id: stopped})
        assert block.title
        assert block.status.endswith(" → Stopped early")
        assert all(len(fact.text) < 700 for fact in block.facts)
