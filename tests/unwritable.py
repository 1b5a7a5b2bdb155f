"""A database that runs and refuses: read-only, or refusing inserts into one table."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.sql.database import is_postgresql, one_shard_after_the_other, writing


@asynccontextmanager
async def read_only(database: AsyncEngine, *others: AsyncEngine) -> AsyncIterator[None]:
    """Every new session is read-only, as behind a failover; afterwards each new one may write.

    On PostgreSQL all sessions of before are ended; on SQLite it concerns these engines alone.
    """
    if database.dialect.name == "postgresql":
        name = database.url.database
        _administer(database, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        sessions = f"FROM pg_stat_activity WHERE datname = '{name}'"
        _administer(database, f"SELECT pg_terminate_backend(pid) {sessions}")
        yield
        _administer(database, f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        return
    for engine in (database, *others):
        event.listen(engine.sync_engine, "connect", _refuse_writes)
        await engine.dispose()
    yield
    for engine in (database, *others):
        event.remove(engine.sync_engine, "connect", _refuse_writes)


def _administer(database: AsyncEngine, statement: str) -> None:
    """One statement from a session on the server's own database."""
    url = database.url.set(drivername="postgresql", database="postgres")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement)


def _refuse_writes(connection: Any, _: Any) -> None:
    connection.cursor().execute("PRAGMA query_only=ON")


@asynccontextmanager
async def refusing_inserts(database: AsyncEngine, table: str) -> AsyncIterator[None]:
    """Inserts into `table` fail, with an error that nobody foresees."""
    if database.dialect.name == "postgresql":
        begin = (
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'P0001'; END $$",
            f"CREATE TRIGGER refuse BEFORE INSERT ON {table} EXECUTE FUNCTION refuse()",
        )
        end = (f"DROP TRIGGER refuse ON {table}", "DROP FUNCTION refuse")
    else:
        begin = (f"CREATE TRIGGER refuse BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END",)
        end = ("DROP TRIGGER refuse",)
    await _run(database, begin)
    yield
    await _run(database, end)


@asynccontextmanager
async def full_for_requests(database: AsyncEngine) -> AsyncIterator[None]:
    """PostgreSQL has no room for a visitor's request, while the empty row of a probe still fits."""
    refuse = (
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON request FOR EACH ROW WHEN (octet_length(NEW.sealed) > 0)"
        " EXECUTE FUNCTION refuse()",
    )
    await _run(database, refuse)
    yield
    await _run(database, ("DROP TRIGGER refuse ON request", "DROP FUNCTION refuse"))


async def _run(database: AsyncEngine, statements: tuple[str, ...]) -> None:
    async with writing(database) as connection:
        if is_postgresql(connection):
            await one_shard_after_the_other(connection)
            await connection.execute(text("SET LOCAL citus.enable_unsafe_triggers = on"))  # for Citus alone
        for statement in statements:
            await connection.execute(text(statement))
