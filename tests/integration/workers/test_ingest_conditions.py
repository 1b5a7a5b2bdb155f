"""Ingested conditions: the hierarchy in any order, and the readers notified because of it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from service.domain.buckets import BUCKETS
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.events import ALL, LEUKEMIA, condition, upserted
from tests.integration.workers.ingested import OTHER, TRIAL, received, reported, states
from workers.retention import sweep_retention

pytestmark = pytest.mark.slow


async def closure(system: System) -> set[tuple[str, str]]:
    async with reading(system.database) as connection:
        return {tuple(row) for row in await connection.execute(select(t.condition_closure))}


async def test_the_hierarchy_grows_in_any_order_and_survives_circles(system: System) -> None:
    for event in (condition("C", "c", ["B"]), condition("A", "a", ["C"]), condition("B", "b", ["A", "X"])):
        await received(system, event)
    assert await closure(system) == {(below, above) for below in "ABC" for above in "ABCX"}
    await received(system, condition("B", "b", [], time="2026-07-02T08:00:00Z"))
    assert await closure(system) == {
        ("A", "A"), ("A", "C"), ("A", "B"), ("B", "B"), ("C", "B"), ("C", "C"),
    }  # fmt: skip


async def test_the_newest_event_on_a_condition_wins(system: System) -> None:
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
    for event in hierarchy:
        await received(system, event)
    announced = sorted(key for key, _, _ in await reported(system))
    assert announced == sorted(f"condition:{key}" for key in (ALL["id"], LEUKEMIA["id"], "TOP"))
    await received(system, condition("NEW", "cancer of the blood", []))
    moved = condition(LEUKEMIA["id"], "leukemia", ["TOP", "NEW"], time="2026-08-01T00:00:00Z")
    await received(system, moved)
    assert len(await reported(system)) == 3


async def test_a_trial_known_below_a_condition_before_that_was_learned_is_not_new_for_it(
    system: System,
) -> None:
    above = [LEUKEMIA, {"id": "TOP", "name": "blood disease"}]
    beside = {"id": "SIDE", "name": "other disease"}
    await received(system, upserted(TRIAL, 1, status="NOT_YET_RECRUITING", reason="backfill"))
    await received(
        system,
        upserted(TRIAL, 2, status="NOT_YET_RECRUITING", conditions=[*above, beside]),
        upserted(OTHER, 1, conditions=above),
    )
    assert {row for row in await reported(system) if row[1] == TRIAL and row[2] == "new_for_condition"} == {
        (f"condition:{parent['id']}", TRIAL, "new_for_condition") for parent in (*above, beside)
    }
    await received(system, condition(ALL["id"], ALL["name"], [parent["id"] for parent in above]))
    announced = {row for row in await reported(system) if row[2] == "new_for_condition"}
    assert announced == {
        ("condition:SIDE", TRIAL, "new_for_condition"),
        *((f"condition:{parent['id']}", OTHER, "new_for_condition") for parent in above),
    }


@pytest.mark.parametrize(
    ("age", "changed_since", "announced"),
    [
        (timedelta(days=45, minutes=-5), True, True),
        (timedelta(days=45, minutes=5), True, False),
        (timedelta(days=45, minutes=5), False, True),
    ],
    ids=["44 days", "46 days", "46 days, unchanged since"],
)
async def test_an_announcement_of_45_days_ago_is_not_made_late_once_the_record_changed(
    system: System, age: timedelta, changed_since: bool, announced: bool
) -> None:
    await received(system, upserted(TRIAL, 1))
    if changed_since:
        await received(system, upserted(TRIAL, 2, phases=["PHASE2"]))
    async with writing(system.database) as connection:
        first = update(t.trial_revision).where(t.trial_revision.c.revision == 1)
        await connection.execute(first.values(received_at=datetime.now(UTC) - age))
    await sweep_retention(system, BUCKETS)
    await received(system, condition(ALL["id"], ALL["name"], [LEUKEMIA["id"]]))
    await received(system, condition(LEUKEMIA["id"], "leukemia", []))
    above = (f"condition:{LEUKEMIA['id']}", TRIAL, "new_for_condition")
    assert (above in await reported(system)) is announced


async def test_a_condition_named_by_a_trial_alone_can_be_followed(system: System) -> None:
    await received(system, upserted(TRIAL, 1, conditions=[{"name": "RARE ILLNESS"}, {"name": "Disease"}]))
    async with reading(system.database) as connection:
        topics = await connection.execute(select(t.topic).where(t.topic.c.kind == "condition"))
        found = {row.key: (row.name, row.followable) for row in topics}
    assert found == {
        "condition:rare-illness": ("rare illness", True),
        "condition:disease": ("Disease", False),
    }
    assert await reported(system) == [("condition:rare-illness", TRIAL, "new_for_condition")]
