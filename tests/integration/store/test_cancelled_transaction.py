"""A transaction that is cancelled in the middle of a statement keeps no lock."""

import asyncio
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.changes import trials
from service.store.sql.database import reading, writing

pytestmark = pytest.mark.slow

#: Its first row takes nearly all of its time, and others follow: cancelled, it stands at one of its rows.
_READ = text("SELECT a.nct_id FROM trial a, trial b ORDER BY a.nct_id || b.nct_id LIMIT 100")
_WRITE = text("UPDATE trial SET revision = revision + 1")
TURNS = 30


async def _write_and_read(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        while True:
            await connection.execute(_WRITE)
            await connection.execute(_READ)


async def test_a_cancelled_transaction_keeps_nobody_from_writing(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        ids = await trials.upsert_topics(connection, {f"NCT{number:08}": None for number in range(100)})
        rows = [
            {"nct_id": nct_id, "topic_id": topic_id, "revision": 1, "state": "present", "digest": ""}
            for nct_id, topic_id in ids.items()
        ]
        await trials.upsert(connection, rows, datetime.now(UTC))
    cancelled = []
    for turn in range(TURNS):
        task = asyncio.create_task(_write_and_read(database))
        await asyncio.sleep(0.002 * turn)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        cancelled.append(task)  # with the error, whose traceback holds the statement
        async with writing(database) as connection:
            await connection.execute(text("UPDATE trial SET digest = 'x'"))
    assert all(task.cancelled() for task in cancelled)
    async with reading(database) as connection:
        revisions = await connection.execute(text("SELECT DISTINCT revision, digest FROM trial"))
        assert [tuple(row) for row in revisions] == [(1, "x")]


async def test_a_transaction_cancelled_before_it_writes_many_rows_spoils_no_connection(
    database: AsyncEngine,
) -> None:
    """A time limit, Ctrl-C or a stop, that comes while the process is busy, meets the next statement."""
    rows = [{"nct_id": f"NCT{number:08}"} for number in range(10)]

    async def write() -> None:
        async with writing(database) as connection:
            await connection.execute(_WRITE)
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
            time.sleep(0.05)
            await connection.execute(text("UPDATE trial SET digest = 'x' WHERE nct_id = :nct_id"), rows)

    cancelled = asyncio.create_task(write())
    await asyncio.wait([cancelled])
    assert cancelled.cancelled()
    async with writing(database) as connection:
        assert (await connection.execute(text("SELECT count(*) FROM trial"))).scalar() == 0
