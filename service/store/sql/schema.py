"""The schema: brought up to date by Alembic, checked against the tables."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import SQLModel

import service.store.sql.tables  # noqa: F401  (declares the tables)
from service.store.sql.schema_revision import UnusableDatabase, is_usable

#: Any fixed number: hosts that migrate at once wait for each other behind it.
_MIGRATION_LOCK = 7461236501

#: Seconds that a migration waits for another program's lock on a table.
LOCK_SECONDS = 3


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.attributes["connection"] = connection
    return config


def _check_encoding(connection: Connection) -> None:
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise UnusableDatabase(
            f"The database's encoding is {encoding}, which can't hold every name and title:"
            " create it anew with ENCODING 'UTF8' TEMPLATE template0."
        )


def _upgrade(connection: Connection) -> bool:
    """Whether the schema was not up to date. Raises UnusableDatabase."""
    if connection.dialect.name == "postgresql":
        _check_encoding(connection)
        connection.execute(text("SET LOCAL statement_timeout = 0"))  # an operator's is for visitors
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
    if is_usable(MigrationContext.configure(connection).get_current_revision()):
        return False
    command.upgrade(_config(connection), "head")
    return True


async def upgrade(connection: AsyncConnection) -> bool:
    """Brings the schema up to date; False if it was. Safe for two hosts at once, within a transaction each.

    A schema that a later version of the service migrated is left as it is. Raises UnusableDatabase, and the
    driver's error while another program's lock keeps it waiting.
    """
    return await connection.run_sync(_upgrade)


async def migrate(database: AsyncEngine) -> None:
    """Brings the schema up to date in a transaction of its own (see `upgrade`)."""
    async with database.begin() as connection:
        await upgrade(connection)


async def differences(database: AsyncEngine) -> list[Any]:
    """The differences between the tables in code and in the database."""

    def compare(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))

    async with database.connect() as connection:
        return await connection.run_sync(compare)


async def described_differences(database: AsyncEngine) -> list[str]:
    """The missing or different parts of the database, a few words each; primary keys, too."""

    def missing_keys(connection: Connection) -> list[str]:
        inspector = inspect(connection)
        present = set(inspector.get_table_names())
        return [
            f"{table.name} has no primary key"
            for table in SQLModel.metadata.sorted_tables
            if table.name in present and not inspector.get_pk_constraint(table.name)["constrained_columns"]
        ]

    async with database.connect() as connection:
        without_key = await connection.run_sync(missing_keys)
    return without_key + [_described(difference) for difference in await differences(database)]


def _described(difference: Any) -> str:
    """A difference of Alembic's in a few words."""
    if isinstance(difference, list):  # of a column
        kind, _, table, column = difference[0][:4]
        return f"{table}.{column} differs ({kind.removeprefix('modify_')})"
    kind, subject = difference[0], difference[1]
    if kind in ("add_column", "remove_column"):
        table, column = difference[2], difference[3]
        return f"{table}.{column.name} is {'missing' if kind == 'add_column' else 'not ours'}"
    name = getattr(subject, "name", None) or ", ".join(column.name for column in subject.columns)
    table = getattr(getattr(subject, "table", None), "name", "")
    place = f"{table} ({name})" if table and table != name else str(name)
    what = kind.partition("_")[2].replace("_", " ").replace("fk", "foreign key")
    return f"{what} {place} is {'missing' if kind.startswith('add_') else 'not ours'}"
