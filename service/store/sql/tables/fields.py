"""The kinds of columns and options that the tables share."""

from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, LargeBinary, SmallInteger
from sqlmodel import Field

from service.store.sql.columns import BigId, UtcDateTime


def primary_key() -> Any:
    """The number of a row, given by the database."""
    return Field(default=None, primary_key=True, sa_type=BigId)


def bucket() -> Any:
    """The bucket of a row that belongs to a person, first in every key (service/domain/buckets.py)."""
    return Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})


def key_in_bucket() -> Any:
    """The number of a row that belongs to a person: it carries the bucket, and is never given twice.

    Made by `next_id` in the statement that inserts the row.
    """
    return Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})


def of_subscriber() -> ForeignKeyConstraint:
    """The foreign key of `bucket` and `subscriber_id`."""
    return ForeignKeyConstraint(["bucket", "subscriber_id"], ["subscriber.bucket", "subscriber.id"])


def reference(target: str, **options: Any) -> Any:
    """A foreign key to a number."""
    return Field(foreign_key=target, sa_type=BigId, **options)


def moment(**options: Any) -> Any:
    """A moment, in UTC."""
    return Field(sa_type=UtcDateTime, **options)


def named_in_database(name: str, key: str, kind: Any, *, default: Any = None, **options: Any) -> Any:
    """A column that has another name, `name`, in the database: the first schema is frozen."""
    return Field(default=default, sa_column=Column(name, kind, key=key, **options))


def octets(**options: Any) -> Any:
    """Binary: a keyed index, or a sealed value."""
    return Field(sa_type=LargeBinary, **options)


#: For narrow tables with a key of their own: SQLite keeps the row in the key's index, and none beside it.
KEY_ONLY = {"sqlite_with_rowid": False}
