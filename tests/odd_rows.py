"""Rows stored as they are given, for tests about old, odd or very many rows; real code makes all others."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection


async def store_row(connection: AsyncConnection, table: Table, **values: Any) -> int:
    """Returns the row's number, 0 in a table without numbers."""
    statement = insert(table).values(**values)
    if "id" not in table.c or table.c.id.type.python_type is not int:
        await connection.execute(statement)
        return 0
    return int((await connection.execute(statement.returning(table.c.id))).scalar_one())


async def store_rows(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Many rows with the same columns."""
    await connection.execute(insert(table), rows)
