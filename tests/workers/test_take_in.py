"""Events taken in: the trials as they are, and the news in the log."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from service.store import tables as t
from service.store.database import reading, writing
from service.system import System
from tests.events import ALL, LEUKEMIA, condition, merged, removed, upserted
from workers.take_in import take_in

TRIAL, OTHER, THIRD = "NCT00000001", "NCT00000002", "NCT00000003"
NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)


async def received(system: System, *events: dict[str, Any]) -> int:
    """The events as the endpoint stores them, then taken in."""
    rows = [
        {
            "source": one["source"],
            "event_id": one["id"],
            "type": one["type"],
            "subject": one["subject"],
            "received_at": NOW,
            "body": json.dumps(one),
            "state": "received",
        }
        for one in events
    ]
    async with writing(system.database) as connection:
        await connection.execute(insert(t.event), rows)
    return await take_in(system)


async def log(system: System) -> list[tuple[str, str, str, Any, Any]]:
    """What stands in the log for whom: topic, trial, kind, before, after; in order."""
    async with reading(system.database) as connection:
        c = t.change.c
        found = await connection.execute(
            select(t.topic.c.key, c.nct_id, c.kind, c.before, c.after)
            .join(t.change_topic, t.change_topic.c.seq == c.seq)
            .join(t.topic, t.topic.c.id == t.change_topic.c.topic_id)
            .order_by(c.seq, t.topic.c.key)
        )
        return [tuple(row) for row in found]


async def told(system: System) -> list[tuple[str, str, str]]:
    return [row[:3] for row in await log(system)]


async def states(system: System) -> list[str]:
    async with reading(system.database) as connection:
        return list((await connection.execute(select(t.event.c.state).order_by(t.event.c.id))).scalars())


async def trial(system: System, nct_id: str = TRIAL) -> Any:
    async with reading(system.database) as connection:
        return (await connection.execute(select(t.trial).where(t.trial.c.nct_id == nct_id))).one()


async def follower(system: System, *keys: str, person: int = 1, state: str = "active") -> None:
    """A person who follows topics that exist or not yet."""
    async with writing(system.database) as connection:
        known = await connection.execute(select(t.subscriber.c.id).where(t.subscriber.c.id == person))
        if known.first() is None:
            values = {"id": person, "public_id": bytes([person]), "email_index": bytes([person])}
            await connection.execute(
                insert(t.subscriber).values(**values, sealed=b"", key_id=1, created_at=NOW)
            )
        for key in keys:
            found = await connection.execute(select(t.topic.c.id).where(t.topic.c.key == key))
            topic_id = (
                found.scalar()
                or (
                    await connection.execute(
                        insert(t.topic).values(key=key, kind=key.split(":")[0]).returning(t.topic.c.id)
                    )
                ).scalar_one()
            )
            await connection.execute(
                insert(t.subscription).values(
                    subscriber_id=person,
                    topic_id=topic_id,
                    state=state,
                    frequency="daily",
                    active_seq=7,
                    catch_up_seq=5,
                    filters={"countries": ["IT"]},
                    small_changes=True,
                    listening=state == "active",
                    created_at=NOW,
                )
            )


async def following(system: System, person: int = 1) -> list[tuple[str, str, str | None, bool]]:
    async with reading(system.database) as connection:
        s = t.subscription.c
        found = await connection.execute(
            select(t.topic.c.key, s.state, s.end_reason, s.listening)
            .join(t.topic, t.topic.c.id == s.topic_id)
            .where(s.subscriber_id == person)
            .order_by(t.topic.c.key, s.id)
        )
        return [tuple(row) for row in found]


async def test_a_new_trial_is_news_for_its_condition_and_all_above(system: System) -> None:
    await received(
        system,
        upserted(TRIAL, 1),
        condition(ALL["id"], ALL["name"], [LEUKEMIA["id"]]),
        condition(LEUKEMIA["id"], "leukemia", ["MONDO:0000001"]),
        condition("MONDO:0000001", "disease", [], followable=False),
    )
    assert await told(system) == [
        (f"condition:{ALL['id']}", TRIAL, "new_for_condition"),
        (f"condition:{LEUKEMIA['id']}", TRIAL, "new_for_condition"),
    ]
    assert await states(system) == ["processed"] * 4


async def test_a_change_goes_to_the_trials_followers(system: System) -> None:
    await received(system, upserted(TRIAL, 1, conditions=[]))
    await received(system, upserted(TRIAL, 2, conditions=[], status="SUSPENDED", title="Renamed"))
    assert await told(system) == [
        (f"trial:{TRIAL}", TRIAL, "status"),
        (f"trial:{TRIAL}", TRIAL, "title"),
    ]
    async with reading(system.database) as connection:
        topic = (await connection.execute(select(t.topic).where(t.topic.c.key == f"trial:{TRIAL}"))).one()
        head = (await connection.execute(select(t.log_head.c.seq))).scalar_one()
    assert (topic.name, topic.last_seq, topic.last_any_seq, head) == ("Renamed", 1, 2, 2)


async def test_an_older_revision_changes_nothing(system: System) -> None:
    for revision, status in ((2, "COMPLETED"), (1, "RECRUITING"), (2, "COMPLETED")):
        await received(system, upserted(TRIAL, revision, status=status, registry_first_posted="2020-01-01"))
    assert await states(system) == ["processed", "stale", "stale"]
    assert json.loads((await trial(system)).snapshot)["status"] == "COMPLETED"
    assert await log(system) == []


async def test_order_within_what_waits_does_not_matter(system: System) -> None:
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


@pytest.mark.parametrize("silent", [{"notify": "suppress"}, {"reason": "backfill"}, {"reason": "remapped"}])
async def test_a_backfill_updates_what_is_known_and_tells_nobody(
    system: System, silent: dict[str, str]
) -> None:
    many = [upserted(f"NCT{number:08}", 1, **silent) for number in range(1200)]
    assert await received(system, *many) == 1200
    await received(system, upserted(TRIAL, 2, status="TERMINATED", **silent))
    assert await log(system) == []
    assert json.loads((await trial(system)).snapshot)["status"] == "TERMINATED"
    await received(system, upserted(TRIAL, 3, status="COMPLETED"))
    assert [row[3]["status"] for row in await log(system)] == ["TERMINATED"]


async def test_a_removed_trials_followers_are_told_once(system: System) -> None:
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
    assert [kind for _, _, kind in await told(system)] == ["new_for_condition", "removed", "status"]


async def test_an_unknown_trial_can_be_removed(system: System) -> None:
    await follower(system, f"trial:{TRIAL}")
    await received(system, removed(TRIAL, 2), upserted(TRIAL, 1))
    assert [kind for _, _, kind in await told(system)] == ["new_for_condition", "removed"]
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
    for kept in ("frequency", "active_seq", "catch_up_seq", "filters", "small_changes"):
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
    for events in [chain] if at_once else [[one] for one in chain]:
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
    for one in going[::-1] if late else going:
        await received(system, one)
    kept = await trial(system)
    assert (kept.state, kept.revision, kept.snapshot_revision) == ("removed", 3, 2)
    assert json.loads(kept.snapshot)["status"] == "SUSPENDED"
    before = await told(system)
    await received(system, upserted(TRIAL, 4, status="SUSPENDED"))
    assert await told(system) == before
    assert (await trial(system)).snapshot_revision == 4


async def test_a_merged_trial_is_left_alone_until_a_newer_revision(system: System) -> None:
    await received(system, merged(TRIAL, 5, OTHER), upserted(TRIAL, 4))
    assert (await states(system), (await trial(system)).state) == (["processed", "processed"], "merged")
    await received(system, upserted(TRIAL, 4, title="x"))
    assert (await states(system))[-1] == "stale"
    await received(system, upserted(TRIAL, 6))
    assert ((await trial(system)).state, (await trial(system)).merged_into) == ("present", None)


async def closure(system: System) -> set[tuple[str, str]]:
    async with reading(system.database) as connection:
        return {tuple(row) for row in await connection.execute(select(t.condition_closure))}


async def test_the_hierarchy_grows_in_any_order_and_survives_circles(system: System) -> None:
    for one in (condition("C", "c", ["B"]), condition("A", "a", ["C"]), condition("B", "b", ["A", "X"])):
        await received(system, one)
    assert await closure(system) == {(one, above) for one in "ABC" for above in "ABCX"}
    await received(system, condition("B", "b", [], time="2026-07-02T08:00:00Z"))
    assert await closure(system) == {
        ("A", "A"), ("A", "C"), ("A", "B"), ("B", "B"), ("C", "B"), ("C", "C"),
    }  # fmt: skip


async def test_the_newest_word_on_a_condition_stands(system: System) -> None:
    newer = condition("A", "Newer", [], synonyms=["first", "FIRST "], time="2026-07-03T00:00:00Z")
    older = condition("A", "Older", ["B"], time="2026-07-02T00:00:00Z", synonyms=["second"])
    await received(system, newer)
    await received(system, older)
    assert await states(system) == ["processed", "stale"]
    async with reading(system.database) as connection:
        names = await connection.execute(select(t.condition_name).order_by(t.condition_name.c.folded))
        assert [(row.folded, row.preferred) for row in names] == [("first", False), ("newer", True)]
        assert (await connection.execute(select(t.topic.c.name))).scalars().all() == ["Newer"]


async def test_a_condition_known_later_brings_the_news_to_those_above(system: System) -> None:
    hierarchy = [
        condition(ALL["id"], ALL["name"], [LEUKEMIA["id"]]),
        condition(LEUKEMIA["id"], "leukemia", ["TOP"]),
        condition("TOP", "blood disease", []),
    ]
    await received(system, upserted(TRIAL, 1))
    for one in hierarchy:
        await received(system, one)
    heard = sorted(key for key, _, _ in await told(system))
    assert heard == sorted(f"condition:{key}" for key in (ALL["id"], LEUKEMIA["id"], "TOP"))
    await received(system, condition("NEW", "cancer of the blood", []))
    moved = condition(LEUKEMIA["id"], "leukemia", ["TOP", "NEW"], time="2026-08-01T00:00:00Z")
    await received(system, moved)
    assert len(await told(system)) == 3


async def test_a_condition_named_by_a_trial_alone_can_be_followed(system: System) -> None:
    await received(system, upserted(TRIAL, 1, conditions=[{"name": "RARE ILLNESS"}, {"name": "Disease"}]))
    async with reading(system.database) as connection:
        topics = await connection.execute(select(t.topic).where(t.topic.c.kind == "condition"))
        found = {row.key: (row.name, row.followable) for row in topics}
    assert found == {
        "condition:rare-illness": ("rare illness", True),
        "condition:disease": ("Disease", False),
    }
    assert await told(system) == [("condition:rare-illness", TRIAL, "new_for_condition")]


async def test_a_poisoned_event_stops_nobody(system: System) -> None:
    poison = condition("P", "x" * 20_000 + "".join(chr(0x4E00 + n) for n in range(15_000)), [])
    worse = upserted(OTHER, 1) | {"specversion": "9"}
    await received(system, upserted(TRIAL, 1), poison, worse, upserted(THIRD, 1))
    found = await states(system)
    assert (found[0], found[2], found[3]) == ("processed", "dead", "processed")
    if system.database.dialect.name == "postgresql":  # whose indexes can't hold such a name
        assert found[1] == "dead"
    async with reading(system.database) as connection:
        reasons = (await connection.execute(select(t.event.c.reason))).scalars().all()
    assert "NotCloudEvent" in reasons


async def test_what_breaks_midway_leaves_nothing(system: System) -> None:
    breaks = {
        "sqlite": "CREATE TRIGGER stop BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'stop'); END",
        "postgresql": "ALTER TABLE event ADD CONSTRAINT stop CHECK (state = 'received')",
    }
    async with writing(system.database) as connection:
        await connection.execute(text(breaks[system.database.dialect.name]))
    with pytest.raises(Exception, match="stop"):
        await received(system, upserted(TRIAL, 1), upserted(OTHER, 1))
    assert (await states(system), await log(system)) == (["received"] * 2, [])
    async with reading(system.database) as connection:
        assert (await connection.execute(select(t.trial))).all() == []
        assert (await connection.execute(select(t.log_head.c.seq))).scalar_one() == 0


async def test_workers_at_once_take_each_event_once(system: System) -> None:
    batches = [[upserted(f"NCT{number:08}", 1) for number in range(first, 900, 3)] for first in range(3)]
    await asyncio.gather(*(received(system, *batch) for batch in batches))
    assert set(await states(system)) == {"processed"}
    news = await told(system)
    assert len(news) == len(set(news)) == 900


async def test_no_reader_ever_skips_a_change(system: System) -> None:
    seen: list[int] = []
    done = asyncio.Event()

    async def poll() -> None:
        last = 0
        while True:
            ending = done.is_set()
            async with reading(system.database) as connection:
                later = select(t.change.c.seq).where(t.change.c.seq > last).order_by(t.change.c.seq)
                fresh = (await connection.execute(later)).scalars().all()
            seen.extend(fresh)
            last = seen[-1] if seen else 0
            if ending:
                return
            await asyncio.sleep(0)

    async def write(first: int) -> None:
        for number in range(first, 120, 4):
            await received(system, upserted(f"NCT{number:08}", 1))

    poller = asyncio.create_task(poll())
    await asyncio.gather(*(write(first) for first in range(4)))
    done.set()
    await poller
    assert seen == list(range(1, 121))


async def test_it_rings_for_the_planner_when_there_is_news(system: System) -> None:
    await received(system, upserted(TRIAL, 1, reason="backfill"))
    await asyncio.sleep(0.1)
    assert await system.redis.queued_jobs() == []
    await received(system, upserted(OTHER, 1))
    for _ in range(100):
        if queued := await system.redis.queued_jobs():
            break
        await asyncio.sleep(0.02)
    assert [job.function for job in queued] == ["plan"]
