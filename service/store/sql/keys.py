"""Conditions that find rows by the bucket that their numbers carry, and the keys of new rows."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, SmallInteger, and_, bindparam
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import SHIFT, bucket_of, common_bucket
from service.store.sql.bulk import in_values
from service.store.sql.ids import next_id, take_numbers


def new_key(bucket: int) -> dict[str, Any]:
    """The key of a row to insert: its bucket, and a new number that carries it."""
    return {"bucket": bucket, "id": next_id(bucket)}


def new_key_of(subscriber_id: int) -> dict[str, Any]:
    """The key of a row to insert that belongs to this person, and whose it is."""
    return new_key(bucket_of(subscriber_id)) | {"subscriber_id": subscriber_id}


async def with_keys(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of people (`subscriber_id`) with the keys under which they are inserted by values."""
    numbers = await take_numbers(connection, len(rows)) if rows else ()
    keyed = []
    for number, row in zip(numbers, rows, strict=True):
        bucket = bucket_of(row["subscriber_id"])
        keyed.append({"bucket": bucket, "id": number << SHIFT | bucket, **row})
    return keyed


def written_bucket(bucket: int) -> BindParameter[int]:
    """The bucket as a number in the statement itself, for the condition of an INSERT from a SELECT.

    Citus does not know the values of parameters yet when it looks for the shard that such a SELECT reads
    while numbers are made for its rows (`next_ids`), and would read all of them.
    """
    return bindparam(None, bucket, SmallInteger(), literal_execute=True)


def by_id(table: Any, number: int) -> ColumnElement[bool]:
    """The row with this number."""
    return and_(table.c.bucket == bucket_of(number), table.c.id == number)


def by_ids(connection: AsyncConnection, table: Any, numbers: Collection[int]) -> ColumnElement[bool]:
    """The rows with these numbers, all of one bucket."""
    bucket = common_bucket(numbers)
    return and_(table.c.bucket == bucket, in_values(connection, table.c.id, numbers))


def of_subscriber(table: Any, subscriber_id: int) -> ColumnElement[bool]:
    """The rows of a person."""
    return and_(table.c.bucket == bucket_of(subscriber_id), table.c.subscriber_id == subscriber_id)


def of_subscribers(
    connection: AsyncConnection, table: Any, subscriber_ids: Collection[int]
) -> ColumnElement[bool]:
    """The rows of these people, all of one bucket."""
    bucket = common_bucket(subscriber_ids)
    return and_(table.c.bucket == bucket, in_values(connection, table.c.subscriber_id, subscriber_ids))


def same_subscriber(table: Any, other: Any) -> ColumnElement[bool]:
    """Joins the rows of a person in two tables; `other` may be `subscriber` itself."""
    number = other.c.subscriber_id if "subscriber_id" in other.c else other.c.id
    return and_(table.c.bucket == other.c.bucket, table.c.subscriber_id == number)
