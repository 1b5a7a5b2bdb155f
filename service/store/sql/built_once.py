"""Statements of the hot paths, built once: building one takes SQLAlchemy longer than the driver to run it.

Varying values are parameters of each execution, by name; many values are a single parameter.
"""

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    SmallInteger,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.expression import any_
from sqlalchemy.types import NullType, TypeEngine

from service.store.sql.bulk import integer_array
from service.store.sql.columns import UtcDateTime
from service.store.sql.database import is_postgresql


def built_once(build: Callable[[AsyncConnection], Any]) -> Callable[[AsyncConnection], Any]:
    """Caches the result of `build` for each kind of database. It must depend on nothing else."""
    built: dict[bool, Any] = {}

    @wraps(build)
    def get(connection: AsyncConnection) -> Any:
        kind = is_postgresql(connection)
        if kind not in built:
            built[kind] = build(connection)
        return built[kind]

    return get


#: Parameters of most of these statements. Their names are no column's: an UPDATE would set that.
IN_BUCKET = bindparam("in_bucket", type_=SmallInteger())
NOW = bindparam("now", type_=UtcDateTime())


def in_parameter(connection: AsyncConnection, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether `column` is one of the values (texts or whole numbers) given as `name` (see `values_given`)."""
    if is_postgresql(connection):
        kind = NullType() if isinstance(column.type, Integer) else ARRAY(column.type)
        return column == any_(cast(bindparam(name, type_=kind), ARRAY(column.type)))
    items = func.json_each(cast(bindparam(name, type_=Text()), Text)).table_valued("value")
    return column.in_(select(items.c.value))


def numbers_given(connection: AsyncConnection, values: Collection[int]) -> Any:
    """Whole numbers as the parameter of an `in_parameter`."""
    return integer_array(values) if is_postgresql(connection) else msgspec.json.encode(list(values)).decode()


def texts_given(connection: AsyncConnection, values: Collection[str]) -> Any:
    """Texts as the parameter of an `in_parameter`."""
    return list(values) if is_postgresql(connection) else msgspec.json.encode(list(values)).decode()


def pairs_parameter(connection: AsyncConnection, name: str, kind: TypeEngine[Any]) -> Any:
    """Whole numbers, each with a value, as rows of `key` and `value` to join with (see `pairs_given`).

    `kind`: Text, or JSON.
    """
    given = cast(bindparam(name, type_=Text()), Text)
    text = isinstance(kind, Text)
    if is_postgresql(connection):
        each = (func.jsonb_each_text if text else func.jsonb_each)(cast(given, JSONB))
    else:
        each = func.json_each(given)
    rows = each.table_valued(column("key", Text), column("value", Text) if text else "value")
    value = rows.c.value if text else type_coerce(rows.c.value, kind)
    return select(cast(rows.c.key, BigInteger).label("key"), value.label("value")).subquery()


def pairs_given(values: Mapping[int, Any]) -> str:
    """Values by number as the parameter of a `pairs_parameter`."""
    return msgspec.json.encode(values).decode()
