"""A transaction that is cancelled in the middle of a statement keeps no lock."""

import asyncio
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
