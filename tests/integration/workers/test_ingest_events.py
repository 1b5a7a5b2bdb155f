"""Ingested events: the trials as they are, and the news in the log."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from service.store.changes import revisions
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.events import ALL, LEUKEMIA, condition, merged, removed, upserted
from tests.integration.workers.ingested import (
    NOW,
    OTHER,
    THIRD,
    TRIAL,
    follower,
    following,
    log,
    received,
    reported,
    states,
    trial,
)


async def test_a_new_trial_is_news_for_its_condition_and_all_above(system: System) -> None:
    await received(
        system,
        upserted(TRIAL, 1),
        condition(ALL["id"], ALL["name"], [LEUKEMIA["id"]]),
        condition(LEUKEMIA["id"], "leukemia", ["MONDO:0000001"]),
        condition("MONDO:0000001", "disease", [], followable=False),
    )
    assert await reported(system) == [
        (f"condition:{ALL['id']}", TRIAL, "new_for_condition"),
        (f"condition:{LEUKEMIA['id']}", TRIAL, "new_for_condition"),
    ]
    assert await states(system) == ["processed"] * 4


async def test_a_change_goes_to_the_trials_followers(system: System) -> None:
    await received(system, upserted(TRIAL, 1, conditions=[]))
    await received(system, upserted(TRIAL, 2, conditions=[], status="SUSPENDED", title="Renamed"))
    assert await reported(system) == [
        (f"trial:{TRIAL}", TRIAL, "status"),
        (f"trial:{TRIAL}", TRIAL, "title"),
    ]
    async with reading(system.database) as connection:
        topic = (await connection.execute(select(t.topic).where(t.topic.c.key == f"trial:{TRIAL}"))).one()
        head = (await connection.execute(select(t.log_head.c.seq))).scalar_one()
    assert (topic.name, topic.last_seq, topic.last_any_seq, head) == ("Renamed", 1, 2, 2)


async def test_an_older_revision_takes_its_place_and_the_newest_stays_the_state(system: System) -> None:
    for revision, status in ((2, "COMPLETED"), (1, "RECRUITING"), (2, "COMPLETED"), (1, "RECRUITING")):
        await received(
            system, upserted(TRIAL, revision, conditions=[], status=status, registry_first_posted="2020")
        )
    assert await states(system) == ["processed", "processed", "stale", "stale"]
    assert json.loads((await trial(system)).snapshot)["status"] == "COMPLETED"
    assert [(row[2], row[3]["status"], row[4]["status"]) for row in await log(system)] == [
        ("status", "RECRUITING", "COMPLETED")
    ]


async def test_an_older_revision_with_the_same_content_is_stale(system: System) -> None:
    for revision in (1, 3, 2):
        await received(system, upserted(TRIAL, revision))
    assert await states(system) == ["processed", "processed", "stale"]


async def test_the_order_of_waiting_events_does_not_matter(system: System) -> None:
    await received(
        system,
        upserted(TRIAL, 3, status="COMPLETED", conditions=[]),
        upserted(TRIAL, 1, conditions=[]),
        upserted(TRIAL, 2, status="SUSPENDED", conditions=[]),
    )
    assert [row[4]["status"] for row in await log(system)] == ["SUSPENDED", "COMPLETED"]
    assert await states(system) == ["processed"] * 3


async def test_the_same_revision_with_other_content_is_kept_aside(system: System) -> None:
    await received(system, upserted(TRIAL, 1))
    before, news = await trial(system), await log(system)
    await received(system, upserted(TRIAL, 1, status="TERMINATED"))
    assert (await states(system))[-1] == "conflict"
    assert (await trial(system), await log(system)) == (before, news)


@pytest.mark.slow
@pytest.mark.parametrize("silent", [{"notify": "suppress"}, {"reason": "backfill"}, {"reason": "remapped"}])
async def test_a_backfill_updates_the_snapshot_and_notifies_nobody(
    system: System, silent: dict[str, str]
) -> None:
    many = [upserted(f"NCT{number:08}", 1, **silent) for number in range(1200)]
    assert await received(system, *many) == 1200
    await received(system, upserted(TRIAL, 2, status="TERMINATED", **silent))
    assert await log(system) == []
    assert json.loads((await trial(system)).snapshot)["status"] == "TERMINATED"
    await received(system, upserted(TRIAL, 3, status="COMPLETED"))
    assert [row[3]["status"] for row in await log(system)] == ["TERMINATED"]


async def test_a_removed_trials_followers_are_notified_once(system: System) -> None:
    await follower(system, f"trial:{TRIAL}")
    await follower(system, f"trial:{TRIAL}", person=2, state="pending")
    await received(system, upserted(TRIAL, 1, conditions=[]))
    await received(system, removed(TRIAL, 2, "Withdrawn by its owner"), removed(TRIAL, 3))
    assert [(row[2], row[4]) for row in await log(system)] == [
        ("removed", {"explanation": "Withdrawn by its owner"})
    ]
    assert await following(system) == [(f"trial:{TRIAL}", "ended", "removed", True)]
    assert await following(system, person=2) == [(f"trial:{TRIAL}", "ended", "removed", False)]
    assert (await trial(system)).state == "removed"


async def test_a_removed_trial_may_come_back(system: System) -> None:
    await received(system, upserted(TRIAL, 1), removed(TRIAL, 2), upserted(TRIAL, 3, status="COMPLETED"))
    assert ((await trial(system)).state, (await trial(system)).revision) == ("present", 3)
    kinds = [kind for _, _, kind in await reported(system)]
    # That it takes no participants any more is recorded for the conditions, and told by "status" alone.
    assert [kind for kind in kinds if kind != "now_recruiting"] == ["new_for_condition", "status"]


@pytest.mark.parametrize("end", [removed(TRIAL, 2), merged(TRIAL, 2, OTHER)], ids=["removed", "merged"])
async def test_an_unreported_end_is_undone_when_the_trial_returns(
    system: System, end: dict[str, Any]
) -> None:
    for person, state in ((1, "active"), (2, "pending")):
        await follower(system, f"trial:{TRIAL}", person=person, state=state)
    before = [await following(system, person=person) for person in (1, 2)]
    for event in (upserted(TRIAL, 1), end, upserted(TRIAL, 3)):
        await received(system, event)
    for person in (1, 2):
        rows = [row for row in await following(system, person=person) if row[2] != "superseded"]
        assert rows == before[person - 1]
    assert not {"removed", "merged"} & {kind for _, _, kind in await reported(system)}


@pytest.mark.slow
@pytest.mark.parametrize("end", ["removed", "merged"])
async def test_the_last_of_several_unreported_ends_is_undone_when_the_trial_returns_again(
    system: System, end: str
) -> None:
    people = {1: "active", 2: "pending"}

    def gone(revision: int) -> dict[str, Any]:
        return removed(TRIAL, revision) if end == "removed" else merged(TRIAL, revision, OTHER)

    for event in (upserted(TRIAL, 1), gone(2)):
        await received(system, event)
        for person, state in people.items():  # anew, while the trial is gone
            await follower(system, f"trial:{TRIAL}", person=person, state=state)
    for event in (upserted(TRIAL, 3), gone(4), upserted(TRIAL, 5)):
        await received(system, event)
    assert set(await states(system)) == {"processed"}
    for person, state in people.items():
        rows = [row[1:3] for row in await following(system, person=person) if row[2] != "superseded"]
        assert rows == [("ended", end), (state, None)]


@pytest.mark.slow
@pytest.mark.parametrize("at_once", [True, False])
async def test_a_follower_moved_by_two_mergers_stays_until_both_are_undone(
    system: System, at_once: bool
) -> None:
    await follower(system, f"trial:{TRIAL}", f"trial:{OTHER}")
    await received(system, upserted(TRIAL, 1), upserted(OTHER, 1))
    mergers = [merged(TRIAL, 2, THIRD), merged(OTHER, 2, THIRD)]
    for together in [mergers] if at_once else [mergers[:1], mergers[1:]]:
        await received(system, *together)

    async def followed() -> list[str]:
        return sorted(row[0] for row in await following(system) if row[1] == "active")

    assert await followed() == [f"trial:{THIRD}"]
    await received(system, upserted(TRIAL, 3))
    assert await followed() == [f"trial:{TRIAL}", f"trial:{THIRD}"]
    await received(system, upserted(OTHER, 3))
    assert await followed() == [f"trial:{TRIAL}", f"trial:{OTHER}"]


async def test_an_end_that_was_reported_stays(system: System) -> None:
    await follower(system, f"trial:{TRIAL}")
    await received(system, upserted(TRIAL, 1), merged(TRIAL, 2, OTHER))
    async with writing(system.database) as connection:
        statement = update(t.subscription).where(t.subscription.c.state == "ended").values(in_planning=False)
        await connection.execute(statement)
    await received(system, upserted(TRIAL, 3))
    assert await following(system) == [
        (f"trial:{TRIAL}", "ended", "merged", False),
        (f"trial:{OTHER}", "active", None, True),
    ]


async def test_revisions_fold_into_a_baseline_and_older_ones_are_refused(system: System) -> None:
    for revision, phase in ((1, "PHASE1"), (2, "PHASE2"), (5, "PHASE3")):
        await received(system, upserted(TRIAL, revision, conditions=[], phases=[phase]))
    async with writing(system.database) as connection:
        c = t.trial_revision.c
        old = update(t.trial_revision).where(c.revision < 3).values(received_at=NOW - timedelta(days=50))
        await connection.execute(old)
        assert await revisions.fold(connection, NOW, 10) == 2
        assert await revisions.fold(connection, NOW, 10) == 0
    await received(system, upserted(TRIAL, 2, conditions=[], phases=["PHASE4"]))
    assert (await states(system))[-1] == "stale"
    await received(system, upserted(TRIAL, 4, conditions=[], phases=["PHASE1"]))
    assert [(row[3], row[4]) for row in await log(system)] == [
        (["PHASE1"], ["PHASE2"]),
        (["PHASE2"], ["PHASE1"]),
        (["PHASE1"], ["PHASE3"]),
    ]


async def test_an_unknown_trial_can_be_removed(system: System) -> None:
    await follower(system, f"trial:{TRIAL}")
    await received(system, removed(TRIAL, 2), upserted(TRIAL, 1))
    assert [kind for _, _, kind in await reported(system)] == ["removed"]
    await received(system, removed(OTHER, 2))
    assert (await trial(system, OTHER)).snapshot is None


async def test_followers_of_a_merged_trial_follow_the_other(system: System) -> None:
    await follower(system, f"trial:{TRIAL}")
    await follower(system, f"trial:{TRIAL}", f"trial:{OTHER}", person=2)
    await follower(system, f"trial:{TRIAL}", person=3, state="pending")
    await received(system, upserted(TRIAL, 1, conditions=[]), merged(TRIAL, 2, OTHER))
    ended = (f"trial:{TRIAL}", "ended", "merged", True)
    assert await following(system) == [ended, (f"trial:{OTHER}", "active", None, True)]
    assert await following(system, person=2) == [ended, (f"trial:{OTHER}", "active", None, True)]
    assert (f"trial:{OTHER}", "pending", None, False) in await following(system, person=3)
    async with reading(system.database) as connection:
        s = t.subscription
        old, new = await connection.execute(select(s).where(s.c.subscriber_id == 1).order_by(s.c.id))
    for kept in ("frequency", "active_seq", "resume_after_seq", "filters", "small_changes"):
        assert getattr(old, kept) == getattr(new, kept)
    assert [(row[2], row[4]) for row in await log(system)] == [("merged", {"into": OTHER})]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("at_once", [False, True])
async def test_a_chain_of_merges_ends_at_its_last_trial(
    system: System, backwards: bool, at_once: bool
) -> None:
    await follower(system, f"trial:{TRIAL}")
    chain = [merged(TRIAL, 1, OTHER), merged(OTHER, 1, THIRD)]
    chain = chain[::-1] if backwards else chain
    for events in [chain] if at_once else [[event] for event in chain]:
        await received(system, *events)
    active = [key for key, state, *_ in await following(system) if state == "active"]
    assert active == [f"trial:{THIRD}"]


async def test_a_circle_of_merges_is_kept_aside(system: System) -> None:
    await follower(system, f"trial:{OTHER}")
    await received(system, merged(TRIAL, 1, OTHER), merged(OTHER, 1, THIRD), merged(THIRD, 1, TRIAL))
    assert sorted(await states(system)) == ["conflict", "processed", "processed"]
    assert [key for key, state, *_ in await following(system) if state == "active"] == [f"trial:{THIRD}"]


@pytest.mark.parametrize("late", [False, True])
async def test_a_removed_trial_keeps_its_newest_snapshot_in_any_order(system: System, late: bool) -> None:
    await received(system, upserted(TRIAL, 1))
    going = [upserted(TRIAL, 2, status="SUSPENDED"), removed(TRIAL, 3)]
    for event in going[::-1] if late else going:
        await received(system, event)
    kept = await trial(system)
    assert (kept.state, kept.revision, kept.snapshot_revision) == ("removed", 3, 2)
    assert json.loads(kept.snapshot)["status"] == "SUSPENDED"
    assert [kind for _, _, kind in await reported(system)] == ["status", "removed"]
    await received(system, upserted(TRIAL, 4, status="SUSPENDED"))
    assert "removed" not in [kind for _, _, kind in await reported(system)]
    assert (await trial(system)).snapshot_revision == 4


async def test_a_merged_trial_is_left_alone_until_a_newer_revision(system: System) -> None:
    await received(system, merged(TRIAL, 5, OTHER), upserted(TRIAL, 4))
    assert (await states(system), (await trial(system)).state) == (["processed", "processed"], "merged")
    await received(system, upserted(TRIAL, 4, title="x"))
    assert (await states(system))[-1] == "conflict"
    await received(system, upserted(TRIAL, 6))
    assert ((await trial(system)).state, (await trial(system)).merged_into) == ("present", None)
