"""Checks that each statement of the store on a table of people names its bucket by equality.

Such a statement reaches one shard of a distributed database and one part of an index. Statements are recorded
while the tests run, on both databases; a test fails that executed one which looks everywhere.
"""

from collections.abc import Iterator
from types import FrameType
from typing import Any
from weakref import WeakKeyDictionary

import greenlet
from sqlalchemy import ColumnElement, Table, event
from sqlalchemy.engine import Engine
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.cache_key import CacheKey
from sqlalchemy.sql.compiler import Compiled
from sqlalchemy.sql.dml import Insert, UpdateBase
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, ClauseElement, ColumnClause
from sqlalchemy.sql.selectable import Alias, Exists, FromClause
from sqlmodel import SQLModel

from service.store.sql import tables as t

#: Tables that are distributed by bucket. `address` is distributed by its own key.
PERSONAL = {
    table
    for table in SQLModel.metadata.tables.values()
    if "bucket" in table.c and table not in (t.address, t.bucket_lease)
}

#: It has a row for each bucket: one look for each of them.
_EACH_BUCKET = t.bucket_lease

#: Functions whose statements look into all buckets at once, and why they may.
EVERYWHERE = {
    "service.store.admin.stats": "operators' figures",
    "service.store.admin.daily": "operators' figures by day",
    "service.store.admin.browse.deliveries": "operators' list: mails in a state that few are in",
    "service.store.admin.why.topics_of": "operators' figures: followers of the topics of a change",
    "service.store.admin.why.mails_covering": "operators' figures: mails that told a change",
    "service.store.mail.holds.waiting": "operators' figures: the mails that a hold keeps",
    "service.store.mail.run_mails.count": "operators' figures: the mails of the runs on one page",
}


def unnamed(statement: ClauseElement) -> list[str]:
    """The tables of people in a statement of which no bucket is named, by name."""
    found: set[FromClause] = set()
    given: set[FromClause] = {_EACH_BUCKET}
    joined: list[tuple[FromClause, FromClause]] = []
    for part in visitors.iterate(statement):
        if isinstance(part, Insert):
            (given if _gives_bucket(part) else found).add(part.table)
        elif isinstance(part, UpdateBase):
            found.add(part.table)
        elif isinstance(part, Table | Alias):
            found.add(part)
        elif isinstance(part, BinaryExpression) and part.operator is operators.eq:
            _add_equality(part, given, joined)
    for _ in joined:  # an equality of two buckets names the one where the other is named
        given |= {end for pair in joined if given.intersection(pair) for end in pair}
    alone = _alone(statement, set())
    return sorted({name for table in (found - given) | alone if (name := _personal(table))})


def _alone(around: ClauseElement, known: set[FromClause]) -> set[FromClause]:
    """The tables that only an EXISTS reads, and of which it names no bucket itself.

    That a bucket equals one which is named outside sends a distributed database to all shards (Citus 13).
    `known`: what is read around `around`.
    """
    parts = list(_parts(around))
    columns = {part.table for part in parts if isinstance(part, ColumnClause) and part.table is not None}
    here = known | columns | {part for part in parts if isinstance(part, FromClause)}
    named = {_EACH_BUCKET}
    joined: list[tuple[FromClause, FromClause]] = []
    for part in parts:
        if isinstance(part, BinaryExpression) and part.operator is operators.eq:
            _add_equality(part, named, joined)
    named |= {end for pair in joined if _EACH_BUCKET in pair for end in pair}
    inside = here - known - named if isinstance(around, Exists) else set[FromClause]()
    return inside.union(
        *(_alone(part, here) for part in parts if isinstance(part, Exists) and part is not around)
    )


def _parts(part: Any) -> Iterator[Any]:
    """A clause and what it is made of, but for what is inside an EXISTS in it."""
    yield part
    for child in part.get_children():
        if isinstance(child, Exists):
            yield child
        else:
            yield from _parts(child)


def _add_equality(
    part: BinaryExpression[Any], given: set[FromClause], joined: list[tuple[FromClause, FromClause]]
) -> None:
    left, right = _bucket_of(part.left), _bucket_of(part.right)
    if left is not None and right is not None:
        joined.append((left, right))
    elif left is not None and isinstance(part.right, BindParameter):
        given.add(left)


def _bucket_of(side: ColumnElement[Any]) -> FromClause | None:
    """The table whose bucket a side of a comparison is."""
    table = getattr(side, "table", None)
    return table if table is not None and getattr(side, "name", None) == "bucket" else None


def _gives_bucket(statement: Insert) -> bool:
    named: set[str] = set(statement._select_names or ())
    named |= {getattr(column, "name", column) for column in statement._values or ()}
    return "bucket" in named or not named  # without values they come with the execution, all of them


def _personal(table: FromClause) -> str | None:
    element = table.element if isinstance(table, Alias) else table
    return element.name if isinstance(element, Table) and element in PERSONAL else None


def callers() -> Iterator[FrameType]:
    """The frames that led here, also those that wait for the greenlet in which a statement is executed."""
    current: Any = greenlet.getcurrent()
    frame: FrameType | None = current.gr_frame or None
    while current is not None:
        while frame is not None:
            yield frame
            frame = frame.f_back
        current = current.parent
        frame = current.gr_frame if current is not None else None


class Recorder:
    """Collects the tables whose bucket the store's statements leave out."""

    def __init__(self) -> None:
        self.offences: list[str] = []
        self._checked: dict[Any, list[str]] = {}
        self._compiled: WeakKeyDictionary[Compiled, list[str]] = WeakKeyDictionary()

    def listen(self) -> None:
        """Receives every statement of this process from now on."""
        event.listen(Engine, "before_cursor_execute", self._check)

    def take(self) -> list[str]:
        """The findings since the last call."""
        found, self.offences = self.offences, []
        return found

    def _check(
        self, connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, many: bool
    ) -> None:
        compiled: Compiled | None = context.compiled
        if compiled is None or compiled.statement is None:
            return
        known = self._compiled.get(compiled)
        if known is None:
            known = self._compiled[compiled] = self._unnamed(compiled.statement, compiled.cache_key)
        if known:
            self._accuse(known)

    def _unnamed(self, statement: ClauseElement, key: CacheKey | None) -> list[str]:
        """As `unnamed`, once for each statement: every engine compiles them anew."""
        if key is None:
            return unnamed(statement)
        if key.key not in self._checked:
            self._checked[key.key] = unnamed(statement)
        return self._checked[key.key]

    def _accuse(self, names: list[str]) -> None:
        store = [
            f"{frame.f_globals['__name__']}.{frame.f_code.co_name}"
            for frame in callers()
            if str(frame.f_globals.get("__name__")).startswith("service.store.")
        ]
        store = [name for name in store if not name.startswith("service.store.sql.")]
        if store and not any(
            name == module or name.startswith(f"{module}.") for name in store for module in EVERYWHERE
        ):
            self.offences.append(f"{store[0]} names no bucket of {', '.join(names)}")
