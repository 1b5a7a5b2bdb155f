"""Column types and values that mean the same on SQLite and PostgreSQL, and the differences."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, String, Text, types
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class UtcDateTime(types.TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. SQLite would otherwise give naive ones back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, as the database keeps it. Raises ValueError for a datetime without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone can't be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """An aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: A row's number: 64 bits; SQLite counts up only a plain INTEGER.
BigId = BigInteger().with_variant(Integer(), "sqlite")

#: A small JSON value. Large ones (snapshots, events) are text, decoded where they are needed.
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

#: A text ordered by its characters' numbers on both databases: a prefix is a range of an index.
OrderedText = Text().with_variant(Text(collation="C"), "postgresql")


def time_prefix(now: datetime) -> str:
    """The 8 hexadecimal digits that a key of this moment begins with: keys of one time stand together in an
    index, so that it grows at its end."""
    return f"{int(now.timestamp()):08x}"


class random_key(GenericFunction[str]):
    """32 hexadecimal digits for each row of a set-based insert, that nobody else could name.

    Takes a prefix of 12 digits (`message_keys.message_key_prefix`), a fresh secret and the row's own number:
    PostgreSQL asks the system for randomness
    too slowly.
    """

    type = String(32)
    inherit_cache = True


@compiles(random_key, "sqlite")
def _sqlite_random_key(element: Any, compiler: Any, **kw: Any) -> str:
    prefix = compiler.process(next(iter(element.clauses)), **kw)
    return f"{prefix} || lower(hex(randomblob(10)))"


@compiles(random_key, "postgresql")
def _postgresql_random_key(element: Any, compiler: Any, **kw: Any) -> str:
    prefix, secret, number = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{prefix} || left(encode(sha256(convert_to({secret} || {number}, 'UTF8')), 'hex'), 20)"


class pair_list(GenericFunction[str]):
    """The rows' pairs of whole numbers as one text, `a:b,a:b`: the planned coverage of a digest."""

    type = String()
    inherit_cache = True


@compiles(pair_list, "sqlite")
def _sqlite_pair_list(element: Any, compiler: Any, **kw: Any) -> str:
    left, right = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"group_concat({left} || ':' || {right}, ',')"


@compiles(pair_list, "postgresql")
def _postgresql_pair_list(element: Any, compiler: Any, **kw: Any) -> str:
    left, right = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"string_agg({left} || ':' || {right}, ',')"


class greater_of(GenericFunction[int]):
    """The greater of two numbers, neither of them null."""

    type = BigInteger()
    inherit_cache = True


@compiles(greater_of, "sqlite")
def _sqlite_greater_of(element: Any, compiler: Any, **kw: Any) -> str:
    return f"max({', '.join(compiler.process(clause, **kw) for clause in element.clauses)})"


@compiles(greater_of, "postgresql")
def _postgresql_greater_of(element: Any, compiler: Any, **kw: Any) -> str:
    return f"greatest({', '.join(compiler.process(clause, **kw) for clause in element.clauses)})"
