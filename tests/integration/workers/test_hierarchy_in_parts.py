"""A hierarchy is applied in small transactions: events between them do not change the news."""

import json
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import func, select, update

from service.store.changes import events as stored_events
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.events import ALL, LEUKEMIA, condition, upserted
from tests.integration.workers.ingested import NOW, OTHER, THIRD, TRIAL, received, reported, states
from workers.ingest import events, hierarchy_closure, learning
from workers.ingest.events import ingest_events

pytestmark = pytest.mark.slow

TOP = {"id": "TOP", "name": "blood disease"}
HIERARCHY = [
    condition(ALL["id"], ALL["name"], [LEUKEMIA["id"]]),
    condition(LEUKEMIA["id"], "leukemia", ["TOP"]),
    condition("TOP", "blood disease", []),
]
TRIALS = [TRIAL, OTHER, THIRD]


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hierarchy_closure, "_CHUNK", 1)
    monkeypatch.setattr(learning, "_CHUNK", 1)


async def waits(system: System, *stored: dict[str, Any]) -> None:
    """The events wait to be ingested."""
    async with writing(system.database) as connection:
        await stored_events.add(connection, [_row(event) for event in stored])


def _row(event: dict[str, Any]) -> dict[str, Any]:
    named = {"source": event["source"], "event_id": event["id"], "type": event["type"]}
    return {**named, "subject": event["subject"], "received_at": NOW, "body": json.dumps(event)}


async def left(system: System) -> int:
    async with reading(system.database) as connection:
        conditions = select(func.count()).select_from(t.learned_condition)
        trials = select(func.count()).select_from(t.learned_trial)
        return sum([(await connection.execute(each)).scalar_one() for each in (conditions, trials)])


def announced(*nct_ids: str) -> set[tuple[str, str, str]]:
    return {
        (f"condition:{each['id']}", nct_id, "new_for_condition")
        for each in (ALL, LEUKEMIA, TOP)
        for nct_id in nct_ids
    }


@pytest.mark.usefixtures("one_at_a_time")
@pytest.mark.parametrize("steps", range(8))
async def test_the_next_process_applies_the_rest_of_one_that_died(system: System, steps: int) -> None:
    await received(system, *(upserted(nct_id, 1) for nct_id in TRIALS))
    await waits(system, *HIERARCHY)
    await events._transaction(system, [])
    assert await states(system) == ["processed"] * 6
    for _ in range(steps):
        await learning.learn_some(system)
    assert await ingest_events(system) == 0
    assert set(await reported(system)) == announced(*TRIALS)
    assert len(await reported(system)) == len(announced(*TRIALS))
    assert await left(system) == 0


@pytest.mark.usefixtures("one_at_a_time")
async def test_a_trial_waits_until_the_hierarchy_received_before_it_is_applied(system: System) -> None:
    await waits(system, *HIERARCHY, upserted(TRIAL, 1))
    await events._transaction(system, [])
    assert sorted(await states(system)) == [*["processed"] * 3, "received"]
    await learning.learn_some(system)
    await events._transaction(system, [])
    assert sorted(await states(system)) == [*["processed"] * 3, "received"]
    assert await ingest_events(system) == 1
    assert set(await reported(system)) == announced(TRIAL)


@pytest.mark.usefixtures("one_at_a_time")
async def test_terms_received_while_others_are_applied_are_applied_too(system: System) -> None:
    await received(system, *(upserted(nct_id, 1) for nct_id in TRIALS))
    await waits(system, *HIERARCHY[:2])
    await events._transaction(system, [])
    for _ in range(3):
        await learning.learn_some(system)
    await waits(system, HIERARCHY[2])
    await ingest_events(system)
    assert set(await reported(system)) == announced(*TRIALS)
    assert await left(system) == 0


async def test_a_trial_that_cannot_be_derived_stops_no_other(system: System) -> None:
    await received(system, *(upserted(nct_id, 1) for nct_id in TRIALS))
    async with writing(system.database) as connection:
        broken = update(t.trial_revision).where(t.trial_revision.c.nct_id == OTHER)
        await connection.execute(broken.values(detail="{"))
    await received(system, *HIERARCHY)
    assert announced(TRIAL, THIRD) <= set(await reported(system))
    assert await left(system) == 0


@pytest.mark.usefixtures("one_at_a_time")
async def test_a_closure_that_fails_for_a_while_costs_no_trial_its_announcement(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    await received(system, *(upserted(nct_id, 1) for nct_id in TRIALS))
    await waits(system, *HIERARCHY)
    await events._transaction(system, [])
    for _ in range(2):  # trials wait, and so do conditions
        await learning.learn_some(system)
    with monkeypatch.context() as broken:

        async def fails(_: object) -> bool:
            raise LookupError("a damaged page")

        broken.setattr(learning, "close_some", fails)
        with suppress(LookupError):
            await learning.learn_some(system)
    await ingest_events(system)
    assert set(await reported(system)) == announced(*TRIALS)
    assert await left(system) == 0


async def test_a_hierarchy_that_is_imported_again_changes_nothing(system: System) -> None:
    await received(system, upserted(TRIAL, 1), *HIERARCHY)
    again = [{**event, "id": event["id"] + "-2", "time": "2026-08-01T00:00:00Z"} for event in HIERARCHY]
    await waits(system, *again)
    assert (await events._transaction(system, [])).conditions == 3
    assert await left(system) == 0
    assert set(await states(system)) == {"processed"}
