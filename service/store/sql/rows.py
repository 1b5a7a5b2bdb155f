"""Typed rows: a named tuple for each kind of row, whose fields are the statement's columns.

A wrong attribute then fails in mypy, and reading one takes a tenth of what SQLAlchemy's Row takes.
"""

from collections.abc import Mapping
from itertools import starmap
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import CursorResult, Executable, FromClause
from sqlalchemy.ext.asyncio import AsyncConnection

R = TypeVar("R", bound=NamedTuple)


def columns_of(kind: type[NamedTuple], table: FromClause) -> list[Any]:
    """The columns of `table` that are named as the fields of `kind`, in their order."""
    return [named(table.c[name]) for name in kind._fields if name in table.c]


def named(column: Any) -> Any:
    """A column for a row, under its name here if the database has another (`named_in_database`)."""
    return column if column.key == column.name else column.label(column.key)


async def fetch_all(
    connection: AsyncConnection,
    kind: type[R],
    statement: Executable,
    parameters: Mapping[str, Any] | None = None,
) -> list[R]:
    """The rows of a statement whose columns are the fields of `kind`, in their order."""
    result = await connection.execute(statement, parameters)
    _check(result, kind)
    return list(starmap(kind, result))


async def fetch_first(connection: AsyncConnection, kind: type[R], statement: Executable) -> R | None:
    """The first row of a statement whose columns are the fields of `kind`; None if there is none."""
    result = await connection.execute(statement)
    _check(result, kind)
    row = result.first()
    return None if row is None else kind(*row)


def _check(result: CursorResult[Any], kind: type[NamedTuple]) -> None:
    """Raises TypeError if the columns are not the fields: values would be under wrong names."""
    if tuple(result.keys()) != kind._fields:
        raise TypeError(f"{kind.__name__} has the fields {kind._fields}, the rows {tuple(result.keys())}")
