"""Events that are read while the database stores those before: each is processed once, in its order."""

import asyncio
import gc
import json
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from service.store import change_log
from service.store.changes.events import requeue
from service.store.sql import tables as t
from service.system import System
from tests.events import upserted
from tests.integration.workers.ingested import NOW
from tests.odd_rows import store_rows
from tests.waiting import until
from workers.ingest.events import ingest_events
from workers.ingest.reading import BATCH, ReadAhead

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]

TRIALS = [f"NCT{number:08}" for number in range(1, BATCH + 201)]
STATUSES = ("RECRUITING", "SUSPENDED")


def revisions(revision: int) -> list[dict[str, Any]]:
    """An event of each trial: more than are processed at once."""
    return [upserted(nct_id, revision, status=STATUSES[revision % 2]) for nct_id in TRIALS]


async def wait(system: System, events: list[dict[str, Any]]) -> None:
    """Stores events in this order; one that comes twice has another id."""
    rows = [
        {"source": event["source"], "event_id": f"{event['id']}-{number}", "type": event["type"]}
        | {"subject": event["subject"], "received_at": NOW, "body": json.dumps(event), "state": "received"}
        for number, event in enumerate(events)
    ]
    async with system.writing() as connection:
        await store_rows(connection, t.event, rows)


async def counted(system: System) -> dict[str, int]:
    """The events by their state."""
    async with system.reading() as connection:
        number = func.count().label("number")
        found = await connection.execute(select(t.event.c.state, number).group_by(t.event.c.state))
        return {row.state: row.number for row in found}


async def status_changes(system: System) -> list[tuple[str, int]]:
    """The trials whose status changed, with the revision; the log must have no gap."""
    c = t.change.c
    async with system.reading() as connection:
        assert await change_log.head(connection) == (await connection.scalar(select(func.count(c.seq))))
        found = select(c.nct_id, c.revision).where(c.kind == "status").order_by(c.nct_id, c.revision)
        return [(row.nct_id, row.revision) for row in await connection.execute(found)]


async def ingest_all(system: System) -> int:
    """Runs as often as a busy machine needs: a run ends after some seconds."""
    ingested = 0
    while now := await ingest_events(system):
        ingested += now
    return ingested


async def test_events_read_ahead_are_compared_with_the_newest_stored_revision(system: System) -> None:
    later = revisions(2)
    await wait(system, [*revisions(1), *later, *later])

    assert await ingest_all(system) == 3 * len(TRIALS)

    assert await counted(system) == {"processed": 2 * len(TRIALS), "stale": len(TRIALS)}
    assert await status_changes(system) == [(nct_id, 2) for nct_id in TRIALS]


async def test_two_workers_process_each_event_once(system: System) -> None:
    await wait(system, [*revisions(1), *revisions(2), *revisions(3)])

    ingested = await asyncio.gather(ingest_all(system), ingest_all(system))

    assert sum(ingested) == 3 * len(TRIALS)
    assert await counted(system) == {"processed": 3 * len(TRIALS)}
    assert await status_changes(system) == [(nct_id, revision) for nct_id in TRIALS for revision in (2, 3)]


async def test_events_processed_by_another_worker_are_not_processed_again(system: System) -> None:
    await wait(system, revisions(1))
    ahead = ReadAhead(system)
    ahead.begin(0)
    found = await ahead.take()
    assert found is not None
    assert len(found.ids) == BATCH
    async with system.writing() as connection:
        assert await ahead.still_wait(connection, found)

    await ingest_all(system)

    async with system.writing() as connection:
        assert not await ahead.still_wait(connection, found)
    ahead.begin(0)
    assert await ahead.take() is None, "it reads no further beside another worker"
    await ahead.aclose()


async def test_a_worker_that_is_stopped_leaves_the_rest_to_the_next(system: System) -> None:
    await wait(system, [*revisions(1), *revisions(2)])
    running = asyncio.create_task(ingest_events(system))

    async def some_are_processed() -> bool:
        return (await counted(system)).get("processed", 0) > 0

    await until(some_are_processed)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await ingest_all(system)

    assert await counted(system) == {"processed": 2 * len(TRIALS)}
    assert await status_changes(system) == [(nct_id, 2) for nct_id in TRIALS]


async def test_a_failed_read_ahead_leaves_no_unretrieved_exception(system: System) -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
    async with system.writing() as connection:
        await connection.execute(text("ALTER TABLE event RENAME TO gone"))
    ahead = ReadAhead(system)
    ahead.begin(0)
    with pytest.raises(DBAPIError):
        await ahead.take()
    ahead = ReadAhead(system)
    ahead.begin(0)
    await ahead.aclose()

    del ahead
    gc.collect()

    assert complaints == []


async def test_events_put_back_before_those_read_ahead_are_processed(system: System) -> None:
    await wait(system, revisions(1))
    await ingest_all(system)
    async with system.writing() as connection:
        first = await connection.scalar(select(func.min(t.event.c.id)))
    await wait(system, [*revisions(2), *revisions(3)])
    running = asyncio.create_task(ingest_all(system))

    async with system.writing() as connection:
        assert await requeue(connection, event_id=first) == 1

    await running
    await ingest_all(system)
    assert await counted(system) == {"processed": 3 * len(TRIALS) - 1, "stale": 1}
