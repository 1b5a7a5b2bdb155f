"""The hold of outgoing mail: while it lasts, workers claim nothing but what an operator released by hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, cast, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.domain.delivery.hold import HoldReason
from service.domain.delivery.states import DeliveryState
from service.store.sql import tables as t
from service.store.sql.bulk import insert

_d = t.delivery.c


class Hold(NamedTuple):
    """The hold: its beginning (UTC) and its reason."""

    since: datetime
    reason: HoldReason


async def begin(connection: AsyncConnection, reason: HoldReason, now: datetime) -> bool:
    """Holds all mail; False if it is held already (its reason stays)."""
    made = insert(connection, t.mail_hold).values(id=1, since=now, reason=reason)
    begun = await connection.execute(made.on_conflict_do_nothing().returning(t.mail_hold.c.id))
    return begun.first() is not None


async def end(connection: AsyncConnection, now: datetime) -> bool:
    """Ends the hold; False if none is on. Deletes its releases, also one made as somebody else ended it."""
    ended = await connection.execute(delete(t.mail_hold).returning(t.mail_hold.c.id))
    if is_ended := ended.first() is not None:
        await _restart_retries(connection, now, ~exists().where(_is_released()))
    await connection.execute(delete(t.mail_release))
    return is_ended


async def release(connection: AsyncConnection, what: str, now: datetime) -> bool:
    """Lets a part of the held mail leave: `kind:` and a MailKind, or `run:` and a run's number."""
    made = insert(connection, t.mail_release).values(what=what).on_conflict_do_nothing()
    if (await connection.execute(made.returning(t.mail_release.c.what))).first() is None:
        return False
    await _restart_retries(connection, now, or_(*(name == what for name in _names())))
    return True


async def _restart_retries(connection: AsyncConnection, now: datetime, where: ColumnElement[bool]) -> None:
    """Gives held mails that were tried before the hold the whole time for retries from now on."""
    tried = (_d.state == DeliveryState.QUEUED) & _d.first_attempt_at.is_not(None) & where
    for bucket in BUCKETS:
        restarted = update(t.delivery).where(_d.bucket == bucket, tried).values(first_attempt_at=now)
        await connection.execute(restarted)


async def current(connection: AsyncConnection) -> Hold | None:
    """The hold that is on, or None."""
    row = (await connection.execute(select(t.mail_hold.c.since, t.mail_hold.c.reason))).first()
    return Hold(row.since, HoldReason(row.reason)) if row is not None else None


async def released(connection: AsyncConnection) -> Sequence[str]:
    """The parts released during the present hold."""
    what = t.mail_release.c.what
    return list((await connection.execute(select(what).order_by(what))).scalars())


def may_leave() -> ColumnElement[bool]:
    """Whether a delivery is not held: a condition on `delivery`, for the claim.

    Without a hold the first part is true once for the whole statement, and the rest is not evaluated.
    """
    return or_(~exists(select(t.mail_hold.c.id)), exists().where(_is_released()))


def _is_released() -> ColumnElement[bool]:
    return t.mail_release.c.what.in_(_names())


def _names() -> tuple[ColumnElement[str], ColumnElement[str]]:
    """The parts to which a delivery belongs."""
    return "kind:" + _d.kind, "run:" + cast(_d.run_id, String)


async def waiting(connection: AsyncConnection) -> dict[str, int]:
    """The number of queued mails by kind."""
    counted = select(_d.kind, func.count()).where(_d.state == DeliveryState.QUEUED).group_by(_d.kind)
    return {row[0]: row[1] for row in await connection.execute(counted)}


async def anything_queued(connection: AsyncConnection) -> bool:
    """Whether any mail waits to be sent."""
    for bucket in BUCKETS:
        queued = (_d.bucket == bucket) & (_d.state == DeliveryState.QUEUED)
        if (await connection.execute(select(_d.id).where(queued).limit(1))).first() is not None:
            return True
    return False
