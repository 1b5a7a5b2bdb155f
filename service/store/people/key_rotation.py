"""Key rotation: encrypted columns with older keys, replaced by compare-and-set."""

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.store.sql import tables as t
from service.store.sql.bulk import insert
from service.store.sql.rows import fetch_all

#: All encrypted columns by table, except the wrapped key.
COLUMNS: Mapping[str, Column[bytes]] = {
    "subscriber": t.subscriber.c.sealed,
    "consent": t.consent.c.evidence,
    "request": t.request.c.sealed,
    "address_change": t.address_change.c.sealed,
    "delivery": t.delivery.c.context,
}

#: The associated data of each table's ciphertexts (`Keyring.seal`).
_BOUND_TO: Mapping[str, Column[Any]] = {
    "subscriber": t.subscriber.c.public_id,
    "consent": t.consent.c.subscriber_id,
    "request": t.request.c.kind,
    "address_change": t.address_change.c.subscriber_id,
    "delivery": t.delivery.c.subscriber_id,
}

#: Ciphertexts start with the id of their key.
_KEY_ID = 8


class EncryptedRow(NamedTuple):
    """A row's encrypted value and what it is bound to: the person, a public id, or the kind of a request."""

    id: int
    sealed: bytes
    bound_to: int | bytes | str


def _outdated(column: Column[bytes], key_id: int) -> ColumnElement[bool]:
    """Whether a row's value was encrypted with another key than `key_id`."""
    if "key_id" in column.table.c:  # an index finds them
        return column.table.c.key_id != key_id
    own_id = key_id.to_bytes(_KEY_ID, signed=True)
    return column.is_not(None) & (func.substr(column, 1, _KEY_ID, type_=column.type) != own_id)


async def outdated(
    connection: AsyncConnection,
    column: Column[bytes],
    key_id: int,
    *,
    bucket: int,
    after: int,
    limit: int,
) -> list[EncryptedRow]:
    """Rows of a bucket with ids above `after` whose value must be reencrypted, in order."""
    table = column.table
    chosen = and_(table.c.bucket == bucket, _outdated(column, key_id), table.c.id > after)
    columns = (table.c.id, column.label("sealed"), _BOUND_TO[table.name].label("bound_to"))
    rows = select(*columns).where(chosen).order_by(table.c.id).limit(limit)
    return await fetch_all(connection, EncryptedRow, rows)


async def count(connection: AsyncConnection, column: Column[bytes], key_id: int) -> int:
    """The number of rows to reencrypt."""
    rows = 0
    for bucket in BUCKETS:
        counted = select(func.count()).where(column.table.c.bucket == bucket, _outdated(column, key_id))
        rows += int((await connection.execute(counted)).scalar_one())
    return rows


async def any_address_of_other_keys(connection: AsyncConnection, key_ids: Collection[int]) -> bool:
    """Whether an address is encrypted with a key other than these.

    An index has the ids in order: what is below, between and above these is found without reading the rest.
    """
    person, ids = t.subscriber.c, sorted(key_ids)
    between = [and_(person.key_id > low, person.key_id < high) for low, high in pairwise(ids)]
    other = or_(person.key_id < ids[0], *between, person.key_id > ids[-1])
    for bucket in BUCKETS:
        found = select(person.id).where(person.bucket == bucket, other).limit(1)
        if (await connection.execute(found)).first() is not None:
            return True
    return False


async def replace(
    connection: AsyncConnection,
    column: Column[bytes],
    resealed: Collection[tuple[EncryptedRow, bytes]],
    key_id: int,
    *,
    bucket: int,
) -> int:
    """Replaces the ciphertexts of rows of a bucket, unless they were changed or deleted meanwhile.

    Returns how many were replaced.
    """
    table = column.table
    values: dict[str, Any] = {column.name: bindparam("resealed")}
    if "key_id" in table.c:
        values["key_id"] = key_id
    same = and_(table.c.bucket == bucket, table.c.id == bindparam("row_id"), column == bindparam("before"))
    replaced = await connection.execute(
        update(table).where(same).values(**values),
        [{"row_id": row.id, "before": row.sealed, "resealed": sealed} for row, sealed in resealed],
    )
    return replaced.rowcount


async def wrapped_key(connection: AsyncConnection, name: str) -> bytes | None:
    """The wrapped key `name`, or None."""
    return (
        await connection.execute(select(t.wrapped_key.c.sealed).where(t.wrapped_key.c.name == name))
    ).scalar()


async def store_wrapped_key(connection: AsyncConnection, name: str, sealed: bytes) -> bytes:
    """Stores a wrapped key unless another process was first; returns the stored one."""
    statement = insert(connection, t.wrapped_key).values(name=name, sealed=sealed).on_conflict_do_nothing()
    await connection.execute(statement)
    stored = await wrapped_key(connection, name)
    assert stored is not None
    return stored


async def replace_wrapped_key(connection: AsyncConnection, name: str, sealed: bytes) -> None:
    """Replaces the wrapped key's ciphertext."""
    await connection.execute(update(t.wrapped_key).where(t.wrapped_key.c.name == name).values(sealed=sealed))
