"""Notes of what was sent: said in haste, on both databases, over a connection that may break."""

import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store import deliveries
from service.store import tables as t
from service.store.database import Away, create_database, reading, writing
from service.store.notes import Notes

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


async def claimed(database: AsyncEngine, number: int, claim: str) -> list[int]:
    """Digests claimed under that name."""
    row = {"subscriber_id": 1, "kind": "digest", "state": "queued", "priority": 10, "attempts": 0}
    rows = [
        {**row, "due_at": NOW, "created_at": NOW, "message_key": secrets.token_hex(16)} for _ in range(number)
    ]
    async with writing(database) as connection:
        await connection.execute(insert(t.delivery), rows)
        lease = NOW + timedelta(minutes=5)
        return await deliveries.claim(connection, claim=claim, limit=number, now=NOW, lease_until=lease)


async def states(database: AsyncEngine) -> dict[int, str]:
    async with reading(database) as connection:
        found = await connection.execute(select(t.delivery.c.id, t.delivery.c.state))
        return {row.id: row.state for row in found}


@pytest.fixture
async def notes(database_url: str) -> AsyncIterator[Notes]:
    hasty = create_database(database_url, hasty=True)
    opened = Notes(hasty)
    yield opened
    await opened.close()
    await hasty.dispose()


async def test_what_is_noted_is_sent_whoever_looks(notes: Notes, database: AsyncEngine) -> None:
    ids = await claimed(database, 20, "mine")
    for start in range(0, 20, 2):  # often enough for the statement to be prepared
        await notes.sent("mine", ids[start : start + 2], NOW)
    assert set((await states(database)).values()) == {"sent"}


async def test_a_note_about_anothers_claim_changes_nothing(notes: Notes, database: AsyncEngine) -> None:
    ids = await claimed(database, 3, "theirs")
    await notes.sent("mine", ids, NOW)
    assert set((await states(database)).values()) == {"claimed"}


async def test_a_note_may_be_said_twice(notes: Notes, database: AsyncEngine) -> None:
    ids = await claimed(database, 2, "mine")
    await notes.sent("mine", ids[:1], NOW)
    await notes.sent("mine", ids, NOW)
    assert set((await states(database)).values()) == {"sent"}


async def test_a_broken_connection_is_told_of_and_replaced(
    notes: Notes, database: AsyncEngine, database_url: str
) -> None:
    ids = await claimed(database, 2, "mine")
    await notes.sent("mine", ids[:1], NOW)
    if database_url.startswith("postgresql"):
        async with writing(database) as connection:
            others = "pid <> pg_backend_pid() AND datname = current_database()"
            await connection.execute(
                text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
            )
        with pytest.raises(Away):
            await notes.sent("mine", ids[1:], NOW)
    await notes.sent("mine", ids[1:], NOW)
    assert set((await states(database)).values()) == {"sent"}
