"""Tests on a Citus coordinator (`ALERTS_TEST_POSTGRESQL_URL`): one database, emptied for each test.

A copy of a database knows nothing of the nodes, so tests can't have one each: run them in one process
(`-p no:xdist`).
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import psycopg
from psycopg import sql
from sqlmodel import SQLModel

from service.store.sql import citus, schema
from service.store.sql.database import create_database

#: Tables whose rows the migration writes; they are reset instead of emptied.
_SEEDED = ("log_head", "bucket_lease")


@cache
def is_citus(url: str) -> bool:
    """Whether the database is one of Citus."""
    with psycopg.connect(url, autocommit=True) as connection:
        return bool(connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'citus'").fetchone())


def prepare(url: str) -> None:
    """Migrates the database and distributes its tables; nothing to do when that was done before."""

    async def bring_up_to_date() -> None:
        database = create_database(url)
        await schema.migrate(database)
        await citus.distribute(database)
        await database.dispose()

    asyncio.run(bring_up_to_date())


@contextmanager
def emptied(url: str) -> Iterator[str]:
    """The database without any rows but those of the migration."""
    tables = [table.name for table in SQLModel.metadata.sorted_tables if table.name not in _SEEDED]
    with psycopg.connect(url, autocommit=True) as connection:
        names = sql.SQL(", ").join(map(sql.Identifier, tables))
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(names))
        connection.execute("UPDATE log_head SET seq = 0")
        connection.execute("UPDATE bucket_lease SET worker = NULL, lease_until = NULL")
        connection.execute("UPDATE alembic_version SET version_num = %s", [schema.newest_revision()])
        connection.execute("ALTER SEQUENCE row_id RESTART")
    yield url
