"""One row in every table, made from the columns themselves, so that new ones are covered too."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Table,
    func,
)
from sqlalchemy import select as select_rows
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from service.crypto.sealed_json import CONTEXT, EVIDENCE, seal_json
from service.domain.buckets import bucket_of
from service.store.sql import tables as t
from service.system import System
from tests.odd_rows import store_rows


def tables() -> list[Table]:
    """Every table, those first that others refer to."""
    return list(SQLModel.metadata.sorted_tables)


def _value(column: Column[Any], subscriber_id: int) -> Any:
    kind = getattr(column.type, "impl", column.type)
    if column.name == "subscriber_id":
        return subscriber_id
    if column.name == "bucket":
        return bucket_of(subscriber_id)
    if isinstance(column.type, JSON):
        return [1]
    if isinstance(kind, DateTime):
        return datetime.now(UTC)
    if isinstance(kind, Date):
        return datetime.now(UTC).date()
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, BigInteger | Integer):
        return 1
    return b"\x01" * 16 if isinstance(kind, LargeBinary) else f"{column.name}-1"


async def fill(connection: AsyncConnection, system: System, subscriber_id: int) -> None:
    """Adds a row to every table that has none yet, for this person where the table knows a person."""
    readable = {
        t.digest.c.topics: "1:0",
        t.consent.c.evidence: seal_json(system.keyring, EVIDENCE, subscriber_id, {"topics": ["x"]}),
        t.address_change.c.sealed: seal_json(
            system.keyring, CONTEXT, subscriber_id, {"address": "new@example.org"}
        ),
    }
    for table in tables():
        count = select_rows(func.count()).select_from(table)
        if (await connection.execute(count)).scalar_one():
            continue
        values = {
            column.name: _value(column, subscriber_id) for column in table.columns if not column.nullable
        }
        values |= {c.name: value for c, value in readable.items() if c.table is table}
        await store_rows(connection, table, [values])


async def dump(connection: AsyncConnection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in the order of its key."""
    in_order = {table.name: select_rows(table).order_by(*table.primary_key) for table in tables()}
    return {
        name: [dict(row._mapping) for row in await connection.execute(rows)]
        for name, rows in in_order.items()
    }
