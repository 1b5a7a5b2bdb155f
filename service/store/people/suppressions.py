"""Suppressed addresses, as blind indexes without address or topic."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.suppression import REPLACED_BY, Reason
from service.store.people import cursors, subscribers
from service.store.people.rows import Suppression
from service.store.sql.bulk import insert
from service.store.sql.rows import columns_of, fetch_first
from service.store.sql.tables import suppression as table


async def get(connection: AsyncConnection, address_index: bytes) -> Suppression | None:
    """The suppression of this address, or None."""
    statement = select(*columns_of(Suppression, table)).where(table.c.address_index == address_index)
    return await fetch_first(connection, Suppression, statement)


async def reason_of(connection: AsyncConnection, address_index: bytes) -> str | None:
    """The reason of this address's suppression, or None."""
    statement = select(table.c.reason).where(table.c.address_index == address_index)
    return (await connection.execute(statement)).scalar()


async def reason_between(connection: AsyncConnection, first: bytes, last: bytes) -> str | None:
    """The reason of the suppression of an address whose index is one from `first` to `last`, or None."""
    statement = select(table.c.reason).where(table.c.address_index.between(first, last))
    return (await connection.execute(statement.limit(1))).scalar()


async def add(
    connection: AsyncConnection, address_index: bytes, reason: str, *, source: str, now: datetime
) -> bool:
    """Suppresses an address; False if it is already suppressed for a reason that stays (`REPLACED_BY`)."""
    values = {"reason": str(reason), "source": source, "created_at": now}
    statement = insert(connection, table).values(address_index=address_index, **values)
    weaker = [other.value for other in REPLACED_BY[Reason(reason)]]
    stronger = statement.on_conflict_do_update(
        index_elements=[table.c.address_index], set_=values, where=table.c.reason.in_(weaker)
    )
    return (await connection.execute(stronger.returning(table.c.reason))).first() is not None


async def lift(
    connection: AsyncConnection, address_index: bytes, reasons: frozenset[Reason] | None = None
) -> bool:
    """Lifts a suppression if its reason is in `reasons` (None: any). Returns whether there was one.

    Flags the subscriber of the address as behind: the next planning finds what was withheld meanwhile.
    """
    statement = delete(table).where(table.c.address_index == address_index)
    if reasons is not None:
        statement = statement.where(table.c.reason.in_([reason.value for reason in reasons]))
    if (await connection.execute(statement.returning(table.c.reason))).first() is None:
        return False
    person = await subscribers.id_of(connection, address_index)
    if person is not None:
        await cursors.mark_behind(connection, person)
    return True


def newest() -> Select[Any]:
    """A statement that lists suppressions, newest first."""
    return select(table).order_by(table.c.created_at.desc())
