"""The databases that operators bring: in a schema of their own, without UTF-8, with a replica."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.actions.export_subscriptions import export_subscriptions
from service.configuration.settings import Settings, read
from service.store import audit
from service.store.admin import workers
from service.store.audit import Operator
from service.store.sql import replica, schema, schema_revision
from service.store.sql import tables as t
from service.store.sql.bulk import bulk_insert, in_values, insert
from service.store.sql.database import create_database, writing
from service.system import System, open_system
from service.web.admin.stats import read_stats
from tests.conftest import POSTGRESQL, client_of
from tests.databases import postgresql_database
from tests.e2e.journey.processes import run_command
from tests.integration.web.operating import BEARER, sign_in
from tests.integration.workers.world import open_world

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
OPERATOR = Operator("command:tests", "command")


@pytest.fixture
def empty_database(postgresql: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """A connection that may create databases, and the name of one that is dropped at the end."""
    name = "made_by_an_operator"
    with psycopg.connect(postgresql, autocommit=True) as admin:
        yield admin, name
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.mark.parametrize("sizes", [(), (32,), (32, 32, 32), (1, 0, 255, 32)])
async def test_rows_are_found_by_octets_of_any_length(system: System, sizes: tuple[int, ...]) -> None:
    keys = [bytes([number]) * size for number, size in enumerate(sizes)]
    column = t.suppression.c.address_index
    rows = [
        {"address_index": key, "reason": "manual", "source": "test", "created_at": NOW}
        for key in [*keys, b"\xff" * 32, b"\0" * 31]
    ]
    async with system.writing() as connection:
        await bulk_insert(connection, insert(connection, t.suppression), rows)
        found = await connection.execute(select(column).where(in_values(connection, column, keys)))
        assert sorted(found.scalars()) == sorted(keys)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg"])
async def test_the_url_of_postgresql_may_name_any_driver(postgresql: str, scheme: str) -> None:
    url = make_url(postgresql).set(drivername=scheme).render_as_string(hide_password=False)
    database = create_database(read({"ALERTS_DATABASE_URL": url}, only={"database_url"}).database_url)
    async with database.connect() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
    await database.dispose()


def url_of(server: str, name: str, **query: str) -> str:
    url = make_url(server).set(database=name).update_query_dict(query)
    return url.render_as_string(hide_password=False)


def test_a_database_without_utf8_is_refused_in_a_sentence(
    postgresql: str, empty_database: tuple[psycopg.Connection[Any], str]
) -> None:
    admin, name = empty_database
    admin.execute(
        f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    )
    ended = run_command("migrate", ALERTS_DATABASE_URL=url_of(postgresql, name))
    assert ended.returncode == 1
    assert ended.stderr == (
        "trial-alerts: The database's encoding is SQL_ASCII, which can't hold every name and title:"
        " create it anew with ENCODING 'UTF8' TEMPLATE template0.\n"
    )


async def test_everything_stands_in_the_schema_of_the_search_path(
    postgresql: str, empty_database: tuple[psycopg.Connection[Any], str]
) -> None:
    admin, name = empty_database
    admin.execute(f"CREATE DATABASE {name}")
    with psycopg.connect(url_of(postgresql, name), autocommit=True) as owner:
        owner.execute("CREATE SCHEMA alerts")
    database = create_database(url_of(postgresql, name, options="-csearch_path=alerts"))
    try:
        await schema.migrate(database)
        await schema.migrate(database)
        assert await schema.differences(database) == []
        assert await schema_revision.current_revision(database) == schema_revision.newest_revision()
    finally:
        await database.dispose()
    with psycopg.connect(url_of(postgresql, name)) as owner:
        schemas = owner.execute(
            "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename IN ('subscriber', 'alembic_version')"
        ).fetchall()
    assert schemas == [("alerts",)]


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_figures_and_exports_are_read_from_the_replica(
    settings: Settings, database: AsyncEngine, postgresql_template: str
) -> None:
    with postgresql_database(postgresql_template) as replica_url:
        with_replica = settings.model_copy(update={"database_replica_url": replica_url})
        async with open_system(with_replica) as system:
            exported: list[tuple[str, ...]] = []
            async with open_world(system) as world:
                await world.follow("anna@example.org", "trial:NCT04787263")
            assert (await read_stats(system)).subscriptions.get("active", {}) == {}  # nothing is replicated
            await export_subscriptions(system, OPERATOR, exported.append, NOW, lambda _: None)
            assert exported == []
            async with system.reading() as connection:
                assert len(await audit.page(connection, limit=10)) == 1


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_the_database_replaces_an_unavailable_replica(settings: Settings, postgresql: str) -> None:
    gone = url_of(postgresql, "no_such_database")
    async with open_system(settings.model_copy(update={"database_replica_url": gone})) as system:
        async with open_world(system) as world:
            await world.follow("anna@example.org", "trial:NCT04787263")
        assert (await read_stats(system)).subscriptions["active"] == {"immediate": 1}


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
@pytest.mark.parametrize(
    ("behind", "reads_from_it"), [(timedelta(minutes=5), True), (timedelta(minutes=75), False)]
)
async def test_a_replica_that_stopped_to_follow_the_database_is_not_read(
    settings: Settings,
    postgresql_template: str,
    behind: timedelta,
    reads_from_it: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An export said of those who had left since that they follow their topics, and lacked suppressions."""
    with postgresql_database(postgresql_template) as replica_url:
        async with open_system(settings.model_copy(update={"database_replica_url": replica_url})) as system:
            async with open_world(system) as world:
                await world.follow("anna@example.org", "trial:NCT04787263")
            for engine, at in ((system.database, NOW), (system.replica, NOW - behind)):
                async with writing(engine) as connection:
                    await workers.set_liveness(connection, workers.Liveness(at, "postgresql:1"))
            exported: list[tuple[str, ...]] = []
            await export_subscriptions(system, OPERATOR, exported.append, NOW, lambda _: None)
            active = (await read_stats(system)).subscriptions.get("active", {})
    assert (exported == [], active == {}) == (reads_from_it, reads_from_it)
    logged = "".join(capsys.readouterr())
    assert logged.count("it is behind by 75 minutes") == (0 if reads_from_it else 1)


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_a_replica_is_read_while_the_database_is_away(settings: Settings, postgresql: str) -> None:
    gone = create_database(url_of(postgresql, "no_such_database"))
    async with open_system(settings) as system, replica.reading_first(system.database, gone) as connection:
        assert (await connection.execute(text("SELECT current_database()"))).scalar_one() in str(
            settings.database_url
        )
    await gone.dispose()


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_a_replica_that_hangs_does_not_make_the_database_look_away(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It takes connections and answers nothing: the dashboard said that the database is away."""
    monkeypatch.setattr(replica, "_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hangs = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/any"
        async with client_of(settings.model_copy(update={"database_replica_url": hangs})) as client:
            for _ in range(2):
                await sign_in(client)
                assert "At a glance" in (await client.get("/admin")).text
                assert (await client.get("/v1/admin/stats", headers=BEARER)).status_code == 200
    assert "".join(capsys.readouterr()).count("replica_unavailable") == 1, "it rests meanwhile"
