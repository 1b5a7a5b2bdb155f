"""Distribution over Citus' nodes, by which column; tried on a coordinator where there is one."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlmodel import SQLModel

from service.store.sql import citus
from service.store.sql.database import create_database
from service.store.sql.schema_revision import UnusableDatabase
from tests.conftest import POSTGRESQL
from tests.databases import named


def test_everything_of_a_person_is_distributed_by_its_bucket_and_nothing_else() -> None:
    columns = {table.name: citus.distribution_column(table) for table in SQLModel.metadata.sorted_tables}
    assert {name for name, column in columns.items() if column == "email_index"} == {"address"}
    by_bucket = {name for name, column in columns.items() if column == "bucket"}
    assert {"subscriber", "subscription", "cursor", "consent", "digest", "delivery", "request"} <= by_bucket
    assert not by_bucket & {"topic", "trial", "change", "slot", "run", "terms", "suppression", "event"}
    for table in SQLModel.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            if columns[key.referred_table.name] == "bucket":
                assert "bucket" in key.column_keys, (table.name, key.column_keys)


@pytest.fixture(params=["sqlite", POSTGRESQL])
def url_without_citus(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'plain.sqlite3'}"
        return
    server, name = request.getfixturevalue("postgresql"), f"plain_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield named(server, name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def test_a_database_without_citus_is_refused_with_the_reason(url_without_citus: str) -> None:
    database = create_database(url_without_citus, makes_file=True)
    with pytest.raises(UnusableDatabase, match="no extension citus"):
        await citus.distribute(database)
    await database.dispose()
