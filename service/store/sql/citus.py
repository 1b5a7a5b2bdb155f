"""Distributes the tables over the nodes of Citus: the same schema, the same statements.

The rows of a person are distributed by bucket, so that all rows of a bucket are on one node; the
look-up by address by the address's keyed index; everything else is a reference table, which each node has.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

import service.store.sql.tables  # noqa: F401  (declares the tables)
from service.store.sql.schema_revision import UnusableDatabase

#: Distributed by another column than `bucket`.
_BY_ADDRESS = {"address": "email_index"}


def distribution_column(table: Table) -> str | None:
    """The column that a table is distributed by; None for a reference table."""
    first = next(iter(table.primary_key.columns)).name
    return _BY_ADDRESS.get(table.name) or ("bucket" if first == "bucket" else None)


async def distribute(database: AsyncEngine) -> int:
    """Distributes the tables that are not distributed yet, in one transaction; returns how many tables.

    The schema must be up to date. Raises UnusableDatabase where there is no Citus.
    """
    async with database.begin() as connection:
        return await connection.run_sync(_distribute)


def _distribute(connection: Connection) -> int:
    installed = "SELECT 1 FROM pg_extension WHERE extname = 'citus'"
    if connection.dialect.name != "postgresql" or connection.execute(text(installed)).first() is None:
        raise UnusableDatabase(
            "The database has no extension citus: create it, and add the worker nodes, first."
        )
    done = set(connection.execute(text("SELECT logicalrelid::text FROM pg_dist_partition")).scalars())
    waiting = [table for table in SQLModel.metadata.sorted_tables if table.name not in done]
    # One node after the other: in parallel, foreign keys to reference tables would deadlock.
    connection.execute(text("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'"))
    for table in waiting:
        if distribution_column(table) is None:
            connection.execute(text("SELECT create_reference_table(:name)"), {"name": table.name})
    # Citus refuses to distribute a table that tables which are still local refer to.
    keys = list(_keys_in_bucket(connection, waiting))
    for table_name, name, _ in keys:
        connection.execute(text(f'ALTER TABLE "{table_name}" DROP CONSTRAINT "{name}"'))
    for table in waiting:
        if column := distribution_column(table):
            connection.execute(
                text("SELECT create_distributed_table(:name, :column)"),
                {"name": table.name, "column": column},
            )
    for table_name, name, definition in keys:
        connection.execute(text(f'ALTER TABLE "{table_name}" ADD CONSTRAINT "{name}" {definition}'))
    return len(waiting)


def _keys_in_bucket(connection: Connection, tables: list[Table]) -> Iterator[tuple[str, str, str]]:
    """The foreign keys between distributed tables: table, name, definition."""
    inspector = inspect(connection)
    distributed = {table.name for table in tables if distribution_column(table)}
    for table_name in sorted(distributed):
        for key in inspector.get_foreign_keys(table_name):
            if key["referred_table"] in distributed and key["name"]:
                columns, targets = ", ".join(key["constrained_columns"]), ", ".join(key["referred_columns"])
                yield (
                    table_name,
                    key["name"],
                    f"FOREIGN KEY ({columns}) REFERENCES {key['referred_table']} ({targets})",
                )
