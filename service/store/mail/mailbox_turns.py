"""Mails that wait for moments reserved for their mailbox, and the exchange of those moments."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.domain.delivery.kinds import TRANSACTIONAL
from service.store.mail.deliveries import WaitingDelivery
from service.store.sql import tables as t
from service.store.sql.keys import by_id
from service.store.sql.rows import columns_of, fetch_all

_d = t.delivery


class Turn(NamedTuple):
    """A mail that waits, when it is due (UTC), and what says where it goes (`MailRules.to_other_address`)."""

    id: int
    subscriber_id: int
    kind: str
    context: bytes | None
    due_at: datetime


async def due_at(connection: AsyncConnection, moments: Collection[datetime]) -> list[Turn]:
    """The requested mails due at just these moments, never attempted: to any mailbox, of any bucket."""
    found: list[Turn] = []
    for bucket in BUCKETS if moments else ():
        here = (_d.c.bucket == bucket) & (_d.c.priority == TRANSACTIONAL) & _d.c.due_at.in_(moments)
        found += await fetch_all(connection, Turn, select(*columns_of(Turn, _d)).where(here, _is_waiting()))
    return found


async def move(connection: AsyncConnection, delivery_id: int, due_at: datetime) -> None:
    """Gives a mail another moment; the caller has locked it."""
    await connection.execute(update(_d).where(by_id(_d, delivery_id)).values(due_at=due_at))


async def exchange(connection: AsyncConnection, mine: WaitingDelivery, other: Turn) -> bool:
    """Exchanges the moments of two mails; the caller has locked `mine`.

    False, and nothing changed, if the other is locked: a worker claims it, or somebody adds to it.
    """
    still = by_id(_d, other.id) & _is_waiting() & (_d.c.due_at == other.due_at)
    locked = select(_d.c.id).where(still).with_for_update(skip_locked=True)
    if (await connection.execute(locked)).first() is None:
        return False
    await move(connection, other.id, mine.due_at)
    await move(connection, mine.id, other.due_at)
    return True


def _is_waiting() -> ColumnElement[bool]:
    return and_(text("delivery.state = 'queued'"), _d.c.attempts == 0)  # literally: a partial index
