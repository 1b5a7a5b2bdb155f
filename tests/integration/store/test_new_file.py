"""A new file of SQLite, which several connections open at the same moment."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.sql.database import create_database, reading


async def journal_of(database: AsyncEngine) -> str:
    """The kind of journal that the file has."""
    async with reading(database) as connection:
        return str((await connection.execute(text("PRAGMA journal_mode"))).scalar_one())


@pytest.mark.slow
async def test_all_who_open_a_new_file_at_once_can_read_it(tmp_path: Path) -> None:
    """SQLite lets one of them turn the write-ahead log on, and calls the file locked for the others."""
    for number in range(60):
        file = tmp_path / f"{number}.sqlite3"
        file.touch()
        databases = [create_database(f"sqlite:///{file}") for _ in range(6)]
        async with AsyncExitStack() as stack:
            for database in databases:
                stack.push_async_callback(database.dispose)
            assert await asyncio.gather(*map(journal_of, databases)) == ["wal"] * len(databases)
