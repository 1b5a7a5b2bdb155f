"""Many values in one statement, as a single parameter on both databases."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.expression import any_

from service.store.database import is_postgresql


def among(connection: AsyncConnection, column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """Whether `column` is one of `values` (texts or whole numbers), however many there are.

    An IN with thousands of parameters meets the drivers' limits, and each length is another statement to
    prepare.
    """
    if is_postgresql(connection):
        return column == any_(cast(list(values), ARRAY(column.type)))
    items = func.json_each(cast(msgspec.json.encode(list(values)).decode(), Text)).table_valued("value")
    return column.in_(select(items.c.value))
