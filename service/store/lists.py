"""Many values in one statement, as a single parameter on both databases."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Text, cast, func, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.expression import any_
from sqlalchemy.types import TypeEngine

from service.store.database import is_postgresql
from service.store.inserting import insert


def among(connection: AsyncConnection, column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """Whether `column` is one of `values` (texts or whole numbers), however many there are.

    An IN with thousands of parameters meets the drivers' limits, and each length is another statement to
    prepare.
    """
    if is_postgresql(connection):
        return column == any_(cast(list(values), ARRAY(column.type)))
    items = func.json_each(cast(msgspec.json.encode(list(values)).decode(), Text)).table_valued("value")
    return column.in_(select(items.c.value))


async def add_pairs(
    connection: AsyncConnection, first: Any, second: Any, pairs: Collection[tuple[Any, Any]]
) -> None:
    """Inserts rows of two columns, `first` and `second`, leaving out those that are there."""
    if not pairs:
        return
    statement = insert(connection, first.table)
    if is_postgresql(connection):
        columns = [
            func.unnest(cast([pair[side] for pair in pairs], ARRAY(column.type)))
            for side, column in enumerate((first, second))
        ]
        statement = statement.from_select([first.name, second.name], select(*columns))
        await connection.execute(statement.on_conflict_do_nothing())
        return
    rows = [{first.name: one, second.name: other} for one, other in pairs]
    await connection.execute(statement.on_conflict_do_nothing(), rows)


def listed(connection: AsyncConnection, values: Collection[Any]) -> Any:
    """Values (texts or whole numbers) as one parameter of a statement in SQL: an array, or on SQLite JSON."""
    return list(values) if is_postgresql(connection) else msgspec.json.encode(list(values)).decode()


def pairs(connection: AsyncConnection, values: Mapping[int, Any], kind: TypeEngine[Any]) -> Any:
    """Whole numbers, each with a JSON value, as rows of `key` and `value` to join with, in one parameter."""
    text = msgspec.json.encode({str(key): value for key, value in values.items()}).decode()
    each = func.jsonb_each if is_postgresql(connection) else func.json_each
    given = cast(cast(text, Text), JSONB) if is_postgresql(connection) else cast(text, Text)
    rows = each(given).table_valued("key", "value")
    return select(
        cast(rows.c.key, BigInteger).label("key"), type_coerce(rows.c.value, kind).label("value")
    ).subquery()
