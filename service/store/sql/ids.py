"""The numbers of rows that belong to a person: each carries its bucket in the lowest byte.

PostgreSQL counts with the sequence `row_id`; SQLite, which has none, with a row of its own table of
sequences, that a trigger of each table raises. The statement that inserts a row makes its number.
"""

from typing import Any

from sqlalchemy import BigInteger, BindParameter, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from service.domain.buckets import SHIFT
from service.store.sql.database import is_postgresql

#: Tables whose rows `next_id` numbers.
NUMBERED = (
    "subscriber",
    "subscription",
    "consent",
    "address_change",
    "request",
    "mail_quota",
    "digest",
    "delivery",
)

#: More numbers than the largest installation gives between two backups.
_SINCE_A_BACKUP = 2**32

_LAST = "(SELECT seq FROM sqlite_sequence WHERE name = 'row_id')"


class next_id(GenericFunction[int]):
    """The number of one row of a bucket, which is the argument, in the values of an INSERT."""

    type = BigInteger()
    inherit_cache = True

    def __init__(self, bucket: int | BindParameter[int]) -> None:
        given = bucket if isinstance(bucket, BindParameter) else bindparam(None, bucket, BigInteger())
        super().__init__(given)


class next_ids(next_id):
    """The same for each row of an INSERT from a SELECT."""

    inherit_cache = True


@compiles(next_id, "postgresql")
def _postgresql_next_id(element: Any, compiler: Any, **kw: Any) -> str:
    (bucket,) = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"((nextval('row_id') << {SHIFT}) | {bucket})"


@compiles(next_id, "sqlite")
def _sqlite_next_id(element: Any, compiler: Any, **kw: Any) -> str:
    (bucket,) = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"((({_LAST} + 1) << {SHIFT}) | {bucket})"


@compiles(next_ids, "postgresql")
def _postgresql_next_ids(element: Any, compiler: Any, **kw: Any) -> str:
    return _postgresql_next_id(element, compiler, **kw)


@compiles(next_ids, "sqlite")
def _sqlite_next_ids(element: Any, compiler: Any, **kw: Any) -> str:
    (bucket,) = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"((({_LAST} + row_number() OVER ()) << {SHIFT}) | {bucket})"


async def take_numbers(connection: AsyncConnection, count: int) -> range | list[int]:
    """New numbers without their bucket, ascending, for rows that are inserted by values."""
    if is_postgresql(connection):
        each = text("SELECT nextval('row_id') FROM generate_series(1, :count)")
        return sorted((await connection.execute(each, {"count": count})).scalars())
    raised = text("UPDATE sqlite_sequence SET seq = seq + :count WHERE name = 'row_id' RETURNING seq")
    last = int((await connection.execute(raised, {"count": count})).scalar_one())
    return range(last - count + 1, last + 1)


async def skip_numbers(connection: AsyncConnection) -> None:
    """Leaves out more numbers than were given since a backup that was restored.

    Mails that were sent meanwhile have some of them, and a late bounce or complaint about one would be taken
    for one about another person's mail.
    """
    if is_postgresql(connection):
        beyond = text("SELECT setval('row_id', nextval('row_id') + :count)")
        await connection.execute(beyond, {"count": _SINCE_A_BACKUP})
    else:
        await take_numbers(connection, _SINCE_A_BACKUP)


def sqlite_triggers() -> list[str]:
    """The statements that let SQLite count. A migration that rebuilds one of the tables repeats its own."""
    return [
        f"CREATE TRIGGER {table}_row_id AFTER INSERT ON {table} BEGIN"  # noqa: S608 (names of ours)
        f" UPDATE sqlite_sequence SET seq = max(seq, NEW.id >> {SHIFT}) WHERE name = 'row_id'; END"
        for table in NUMBERED
    ]
