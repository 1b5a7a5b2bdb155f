"""The kinds of columns and options that the tables share."""

from typing import Any

from sqlalchemy import LargeBinary
from sqlmodel import Field

from service.store.sql.columns import BigId, UtcDateTime


def primary_key() -> Any:
    """The number of a row, given by the database."""
    return Field(default=None, primary_key=True, sa_type=BigId)


def reference(target: str, **options: Any) -> Any:
    """A foreign key to a number."""
    return Field(foreign_key=target, sa_type=BigId, **options)


def moment(**options: Any) -> Any:
    """A moment, in UTC."""
    return Field(sa_type=UtcDateTime, **options)


def octets(**options: Any) -> Any:
    """Binary: a keyed index, or what is sealed."""
    return Field(sa_type=LargeBinary, **options)


#: For tables whose numbers stand in links: SQLite would give the number of a deleted row to a new one, and
#: an erased person's link would open somebody else's page.
NEVER_REUSED = {"sqlite_autoincrement": True}


#: For narrow tables with a key of their own: SQLite keeps the row in the key's index, and none beside it.
KEY_ONLY = {"sqlite_with_rowid": False}
