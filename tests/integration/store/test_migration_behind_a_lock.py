"""A migration that another program's lock keeps waiting: others go on meanwhile, and the lock is named."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from service.actions import migrate_schema as actions
from service.actions.migrate_schema import LockedTables, migrate_schema
from service.cli import doctor
from service.store.audit import Operator
from service.store.sql import schema
from service.store.sql.database import create_database
from service.store.sql.schema_revision import current_revision, newest_revision
from tests.conftest import ENVIRONMENT
from tests.databases import postgresql_database
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

OPERATOR = Operator("test", "command")
NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)


@pytest.fixture
def database_url(postgresql_template: str) -> Iterator[str]:
    """A database at the revision before 0006, which changes a table."""
    with postgresql_database(postgresql_template) as url:
        with psycopg.connect(url) as admin:
            admin.execute("UPDATE alembic_version SET version_num = '0005'")
            admin.execute("CREATE INDEX one_delivery_per_digest ON delivery (digest_id)")
            admin.execute("DROP INDEX run_never_reported")
        yield url


@asynccontextmanager
async def copying(url: str) -> AsyncIterator[int]:
    """Another program reads the table for long, as a backup does; yields its process."""
    async with await psycopg.AsyncConnection.connect(url, application_name="copier") as copier:
        await copier.execute("SELECT count(*) FROM delivery")
        yield copier.info.backend_pid


async def test_a_lock_that_stays_is_named_and_nothing_is_changed(
    database: AsyncEngine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "_TRIES", 2)
    async with copying(database_url) as process:
        with pytest.raises(LockedTables, match=rf"process {process} \(copier\) for \d+ s; nothing was"):
            await migrate_schema(database, OPERATOR, NOW)
    assert await current_revision(database) == "0005"
    await migrate_schema(database, OPERATOR, NOW)
    assert await current_revision(database) == newest_revision()


async def test_others_use_the_table_while_a_migration_waits_for_it(
    database: AsyncEngine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "_TRIES", 1000)
    monkeypatch.setattr(schema, "LOCK_SECONDS", 1)
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as visitor:
        async with copying(database_url):
            migrating = asyncio.create_task(migrate_schema(database, OPERATOR, NOW))
            async with asyncio.timeout(PATIENCE):
                while not await waiting(visitor):
                    await asyncio.sleep(0.05)
                await visitor.execute("SELECT count(*) FROM delivery")
            assert not migrating.done()
        await migrating
    assert await current_revision(database) == newest_revision()


async def test_a_limit_for_statements_ends_no_migration(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ALTER ROLE … SET statement_timeout`, for the statements of visitors: an index may take longer."""
    monkeypatch.setattr(schema, "LOCK_SECONDS", PATIENCE)
    options = "-cstatement_timeout=100"
    database = create_database(
        make_url(database_url).update_query_dict({"options": options}).render_as_string(False)
    )
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as visitor:
        async with copying(database_url):
            migrating = asyncio.create_task(migrate_schema(database, OPERATOR, NOW))
            async with asyncio.timeout(PATIENCE):
                while not await waiting(visitor, longer_than=0.2) and not migrating.done():
                    await asyncio.sleep(0.05)
        await migrating
    assert await current_revision(database) == newest_revision()
    await database.dispose()


async def waiting(visitor: "psycopg.AsyncConnection[tuple[int]]", longer_than: float = 0) -> bool:
    """Whether somebody waits for a lock, and for how many seconds at least."""
    since = "clock_timestamp() - waitstart > make_interval(secs => %s)"
    found = await visitor.execute(f"SELECT 1 FROM pg_locks WHERE NOT granted AND {since}", [longer_than])
    return await found.fetchone() is not None


async def test_doctor_names_a_lock_that_keeps_its_checks_waiting(
    database_url: str, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_SECONDS", 4.0)  # which those that meet the lock wait for in vain
    async with await psycopg.AsyncConnection.connect(database_url, application_name="copier") as copier:
        await copier.execute("LOCK TABLE delivery, worker")
        found = {name: result async for name, result in doctor.checks({**ENVIRONMENT, **environ})}
        process = copier.info.backend_pid
    assert found["workers"].text == "no answer within 4 s"
    assert not found["locks"].ok
    assert found["locks"].text.startswith(
        f"A lock in the database keeps our programs waiting, held by process {process} (copier)"
    )
    assert found["locks"].advice.endswith(f"SELECT pg_terminate_backend({process}).")
