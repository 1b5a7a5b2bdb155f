"""Inserts that may conflict, and many values in one statement as a single parameter, on both databases."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    ColumnElement,
    Integer,
    LargeBinary,
    Select,
    Table,
    TableValuedAlias,
    Text,
    cast,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.expression import any_
from sqlalchemy.types import NullType

from service.store.sql.columns import UtcDateTime
from service.store.sql.database import is_postgresql


def insert(connection: AsyncConnection, table: Table) -> Any:
    """An INSERT that offers `on_conflict_do_nothing` and `on_conflict_do_update` of the database at hand."""
    return (postgresql if is_postgresql(connection) else sqlite).insert(table)


def in_values(
    connection: AsyncConnection, column: ColumnElement[Any], values: Collection[Any]
) -> ColumnElement[bool]:
    """Whether `column` is one of `values` (texts, octets or whole numbers), however many there are.

    An IN with thousands of parameters meets the drivers' limits, and each length is another statement to
    prepare.
    """
    if is_postgresql(connection):
        given: Any = list(values)
        if isinstance(column.type, Integer):
            given = literal(integer_array(values), NullType())
        elif isinstance(column.type, LargeBinary):
            given = literal(_octets(values), NullType())
        return column == any_(cast(given, ARRAY(column.type)))
    if isinstance(column.type, LargeBinary):  # JSON has none
        return column.in_(_pieces(values) if len(values) > 1 else values)
    items = func.json_each(cast(msgspec.json.encode(list(values)).decode(), Text)).table_valued("value")
    return column.in_(select(items.c.value))


def _pieces(values: Collection[bytes]) -> Any:
    """Octets as a table of SQLite: all of them as one value, which is cut at the places in a JSON list.

    A parameter for each would cost more than the search for its row.
    """
    begins, places = 1, list[tuple[int, int]]()
    for value in values:
        places.append((begins, len(value)))
        begins += len(value)
    item = func.json_each(cast(msgspec.json.encode(places).decode(), Text)).table_valued("value").c.value
    part = [func.json_extract(item, f"$[{index}]", type_=Integer) for index in (0, 1)]
    return select(func.substr(literal(b"".join(values), LargeBinary), *part))


def integer_array(values: Collection[int]) -> str:
    """Whole numbers as PostgreSQL writes an array; the statement casts the text.

    A list becomes an array of the smallest type that holds them, number by number; and an array of another
    type than the column's is cast again for every row that it is compared with.
    """
    return f"{{{','.join(map(str, values))}}}"


def _octets(values: Collection[bytes]) -> str:
    """Octets as PostgreSQL writes an array: one text, which costs the driver nothing for each value."""
    return "{" + ",".join(f'"\\\\x{value.hex()}"' for value in values) + "}"


async def bulk_insert(connection: AsyncConnection, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts many rows that have the same columns by one INSERT, with its ON CONFLICT; `rows` may be empty.

    PostgreSQL gets them as one JSON text: a short statement with one parameter, for any number of rows. Long
    texts come beside it, all in one: within JSON each would be written and read twice.
    SQLite's driver gets them row by row, without SQLAlchemy's processing, which took most of the time.
    """
    if not rows:
        return
    columns = [statement.table.c[name] for name in rows[0]]
    if is_postgresql(connection):
        await connection.execute(statement.from_select(columns, _selected(columns, rows)))
        return
    compiled = statement.compile(dialect=connection.dialect, column_keys=[wanted.key for wanted in columns])
    values = [_driver_values(connection, statement.table.c[name], rows) for name in compiled.positiontup]
    await connection.exec_driver_sql(compiled.string, list(zip(*values, strict=True)))


def _driver_values(connection: AsyncConnection, column: Any, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """One column of the rows as the driver takes it."""
    values = [row[column.key] for row in rows]
    process = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    if process is None or isinstance(column.type, LargeBinary):
        return values
    if isinstance(column.type, UtcDateTime):  # mostly one moment in all rows
        known = {value: process(value) for value in set(values)}
        return [known[value] for value in values]
    return [process(value) for value in values]


#: Characters of a text, on average, from which it is cut out of one that holds all.
_LONG = 1000


def _selected(columns: Sequence[Any], rows: Sequence[Mapping[str, Any]]) -> Select[Any]:
    """Rows as a SELECT of PostgreSQL."""
    long = [
        wanted.key
        for wanted in columns
        if isinstance(wanted.type, Text)
        and sum(len(row[wanted.key] or "") for row in rows) > _LONG * len(rows)
    ]
    if not long:
        return select(_records(columns, rows))
    short = [{name: value for name, value in row.items() if name not in long} for row in rows]
    texts, places = dict[str, bytes](), list[Any]()
    for name in long:
        texts[name] = _joined(name, rows, short)
        places += [column(f"{name}_begins", Integer), column(f"{name}_octets", Integer)]
    given = _records([*(wanted for wanted in columns if wanted.key not in long), *places], short).c

    def value(name: str) -> Any:
        if name not in long:
            return given[name]
        own = literal(texts[name], LargeBinary)
        part = func.substring(own, given[f"{name}_begins"], given[f"{name}_octets"])
        return func.convert_from(part, "UTF8").label(name)

    return select(*(value(wanted.key) for wanted in columns))


def _joined(name: str, rows: Sequence[Mapping[str, Any]], short: Sequence[dict[str, Any]]) -> bytes:
    """The texts of one column in one; where each begins, counted from one, is added to its row in `short`."""
    begins, found = 1, list[bytes]()
    for row, places in zip(rows, short, strict=True):
        text = None if row[name] is None else row[name].encode()
        places |= {f"{name}_begins": begins, f"{name}_octets": None if text is None else len(text)}
        if text is not None:
            begins += len(text)
            found.append(text)
    return b"".join(found)


def _records(columns: Sequence[Any], rows: Sequence[Mapping[str, Any]]) -> TableValuedAlias:
    """Rows as a table of PostgreSQL, its columns named and typed as `columns`."""
    if binary := [wanted.key for wanted in columns if isinstance(wanted.type, LargeBinary)]:
        rows = [{**row, **{name: f"\\x{row[name].hex()}" for name in binary}} for row in rows]
    text = msgspec.json.encode(rows).decode()
    typed = (column(wanted.key, wanted.type) for wanted in columns)
    return (
        func.json_to_recordset(cast(cast(text, Text), JSON))
        .table_valued(*typed)
        .render_derived(with_types=True)
    )


async def add_pairs(
    connection: AsyncConnection, first: Any, second: Any, pairs: Collection[tuple[Any, Any]]
) -> None:
    """Inserts rows of two columns, `first` and `second`, leaving out those that are there."""
    rows = [{first.key: own, second.key: other} for own, other in pairs]
    await bulk_insert(connection, insert(connection, first.table).on_conflict_do_nothing(), rows)


def listed(connection: AsyncConnection, values: Collection[Any]) -> Any:
    """Values (texts or whole numbers) as one parameter of a statement in SQL: an array, or on SQLite JSON."""
    return list(values) if is_postgresql(connection) else msgspec.json.encode(list(values)).decode()


def values_table(
    connection: AsyncConnection, columns: Sequence[Any], rows: Sequence[Mapping[str, int]]
) -> Any:
    """Rows of whole numbers as a table to join with, its columns named and typed as `columns`."""
    if is_postgresql(connection):
        return _records(columns, rows)
    item = func.json_each(cast(msgspec.json.encode(rows).decode(), Text)).table_valued("value").c.value
    each = (
        func.json_extract(item, f"$.{wanted.name}", type_=wanted.type).label(wanted.name)
        for wanted in columns
    )
    return select(*each).subquery()
