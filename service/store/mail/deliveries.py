"""Deliveries: queued, claimed by compare-and-set with a lease, finished with an outcome."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.kinds import MAIL_KINDS, MailKind
from service.domain.delivery.smtp_reply import OutcomeKind
from service.domain.delivery.states import DeliveryState
from service.store.mail import holds, receipts
from service.store.sql import tables as t
from service.store.sql.bulk import in_values, pairs
from service.store.sql.columns import time_prefix

_d = t.delivery


class SentDelivery(NamedTuple):
    """What a link or a bounce says of a mail: `kind` is a MailKind, `first_attempt_at` in UTC."""

    kind: str
    subscriber_id: int
    first_attempt_at: datetime | None


async def queue(
    connection: AsyncConnection,
    subscriber_id: int,
    kind: MailKind,
    *,
    now: datetime,
    due_at: datetime | None = None,
    context: bytes | None = None,
    passes_suppression: str | None = None,
) -> int:
    """One mail to one person, to be sent at once or from `due_at` on; returns its id.

    `context`: encrypted values for rendering. `passes_suppression`: the reason of the suppression that this
    requested mail ignores.
    """
    values = {
        "subscriber_id": subscriber_id,
        "kind": kind,
        "context": context,
        "passes_suppression": passes_suppression,
        "state": DeliveryState.QUEUED,
        "priority": MAIL_KINDS[kind].priority,
        "due_at": due_at or now,
        "created_at": now,
        "message_key": time_prefix(now) + secrets.token_hex(12),
        "attempts": 0,
    }
    return int((await connection.execute(insert(_d).values(**values).returning(_d.c.id))).scalar_one())


async def untried(connection: AsyncConnection, subscriber_id: int, kind: MailKind) -> int | None:
    """The queued, never attempted mail of `kind` to a subscriber, or None.

    Locks its row: no worker claims it before the transaction ends, so the mail will include its changes.
    """
    mine = (_d.c.subscriber_id == subscriber_id) & (_d.c.kind == kind)
    waits = mine & (_d.c.state == DeliveryState.QUEUED) & (_d.c.attempts == 0)
    newest = select(_d.c.id).where(waits).order_by(_d.c.id.desc()).limit(1).with_for_update()
    return (await connection.execute(newest)).scalar()


async def pass_suppression(connection: AsyncConnection, delivery_id: int, reason: str) -> None:
    """Lets a queued mail be sent despite a suppression; the caller has locked it (`untried`)."""
    await connection.execute(update(_d).where(_d.c.id == delivery_id).values(passes_suppression=reason))


async def claim(
    connection: AsyncConnection, *, claim: str, limit: int, now: datetime, lease_until: datetime
) -> list[int]:
    """Claims up to `limit` due deliveries as `claim`, by priority and age; returns their ids.

    Skips rows that another worker has locked, and those that are held (`holds`).
    """
    due = (
        select(_d.c.id)
        .where((_d.c.state == DeliveryState.QUEUED) & (_d.c.due_at <= now) & holds.may_leave())
        .order_by(_d.c.priority, _d.c.due_at, _d.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list((await connection.execute(due)).scalars())
    if not ids:
        return []
    taken = (
        update(_d)
        .where(in_values(connection, _d.c.id, ids) & (_d.c.state == DeliveryState.QUEUED))
        .values(
            state=DeliveryState.CLAIMED,
            claim=claim,
            lease_until=lease_until,
            attempts=_d.c.attempts + 1,
            first_attempt_at=func.coalesce(_d.c.first_attempt_at, now),
        )
        .returning(_d.c.id)
    )
    return list((await connection.execute(taken)).scalars())


async def anything_queued(connection: AsyncConnection) -> bool:
    """Whether any mail waits to be sent."""
    found = select(_d.c.id).where(_d.c.state == DeliveryState.QUEUED).limit(1)
    return (await connection.execute(found)).first() is not None


async def store_covered_topics(connection: AsyncConnection, told: Mapping[int, Mapping[str, Any]]) -> None:
    """Keeps with each digest what it tells (see `told` of the table)."""
    if told:
        rows = pairs(connection, told, t.digest.c.told.type)
        statement = update(t.digest).where(t.digest.c.id == rows.c.key).values(told=rows.c.value)
        await connection.execute(statement)


async def extend_leases(
    connection: AsyncConnection, claims: Collection[str], lease_until: datetime
) -> set[str]:
    """Extends the leases of these claims; returns the claims that still have deliveries."""
    mine = _d.c.claim.in_(claims) & (_d.c.state == DeliveryState.CLAIMED)
    held = update(_d).where(mine).values(lease_until=lease_until).returning(_d.c.claim)
    return set((await connection.execute(held)).scalars())


async def mark_sent(
    connection: AsyncConnection, claim: str, ids: Collection[int], now: datetime
) -> list[int]:
    """Marks deliveries as sent. Also covers expired claims that nobody has taken over.

    Returns their subscribers. Idempotent; a bounced delivery stays bounced.
    """
    mine = (_d.c.claim == claim) | _d.c.claim.is_(None)
    unsaid = (
        in_values(connection, _d.c.id, ids)
        & mine
        & _d.c.state.in_((DeliveryState.CLAIMED, DeliveryState.QUEUED))
    )
    ended = (
        update(_d)
        .where(unsaid)
        .values(**_ended(DeliveryState.SENT, OutcomeKind.SENT, now))
        .returning(_d.c.subscriber_id)
    )
    return list((await connection.execute(ended)).scalars())


def _ended(state: str, outcome: str, now: datetime, server_reply: str | None = None) -> dict[str, Any]:
    return {
        "state": state,
        "outcome": outcome,
        "server_reply": server_reply,
        "finished_at": now,
        "context": None,
        "claim": None,
        "lease_until": None,
    }


async def cancel(connection: AsyncConnection, delivery_id: int, reason: str, now: datetime) -> None:
    """Ends a queued delivery; the caller has locked it (`untried`)."""
    waits = (_d.c.id == delivery_id) & (_d.c.state == DeliveryState.QUEUED)
    await connection.execute(update(_d).where(waits).values(**_ended(DeliveryState.CANCELLED, reason, now)))


async def finish(
    connection: AsyncConnection,
    claim: str,
    ids: Collection[int],
    *,
    state: str,
    outcome: str,
    now: datetime,
    history: list[Any] | None = None,
    server_reply: str | None = None,
) -> None:
    """Ends deliveries of `claim`: `bounced`, `failed`, `empty`, `cancelled`."""
    mine = in_values(connection, _d.c.id, ids) & (_d.c.claim == claim) & (_d.c.state == DeliveryState.CLAIMED)
    values = _ended(state, outcome, now, server_reply)
    if history is not None:
        values["history"] = history
    await connection.execute(update(_d).where(mine).values(**values))


async def put_back(
    connection: AsyncConnection,
    claim: str,
    ids: Collection[int],
    *,
    due_at: datetime,
    outcome: str | None = None,
    server_reply: str | None = None,
    tried: bool = True,
) -> None:
    """Requeues deliveries of `claim`; without `tried` the attempt is not counted."""
    mine = in_values(connection, _d.c.id, ids) & (_d.c.claim == claim) & (_d.c.state == DeliveryState.CLAIMED)
    values: dict[str, Any] = {
        "state": DeliveryState.QUEUED,
        "due_at": due_at,
        "claim": None,
        "lease_until": None,
    }
    if outcome is not None:
        values |= {"outcome": outcome, "server_reply": server_reply}
    if not tried:
        values["attempts"] = _d.c.attempts - 1
    await connection.execute(update(_d).where(mine).values(**values))


async def expired_claims(connection: AsyncConnection, now: datetime) -> list[str]:
    """Claims whose lease has expired: their worker died or lost the database."""
    over = (_d.c.state == DeliveryState.CLAIMED) & (_d.c.lease_until < now)
    return list((await connection.execute(select(_d.c.claim).where(over).distinct())).scalars())


async def release_expired(connection: AsyncConnection, claims: Collection[str], now: datetime) -> int:
    """Requeues the deliveries of expired `claims`; those with a send receipt are marked as sent.

    Returns how many were requeued.
    """
    over = [one for one in await expired_claims(connection, now) if one in claims]
    for claim, ids, at in await receipts.take(connection, over):
        await mark_sent(connection, claim, ids, at)
    lost = (_d.c.state == DeliveryState.CLAIMED) & (_d.c.lease_until < now) & _d.c.claim.in_(over)
    values = {"state": DeliveryState.QUEUED, "claim": None, "lease_until": None}
    return (await connection.execute(update(_d).where(lost).values(**values))).rowcount


async def sent_to(connection: AsyncConnection, delivery_id: int) -> SentDelivery | None:
    """A mail's kind, subscriber and first attempt."""
    found = select(_d.c.kind, _d.c.subscriber_id, _d.c.first_attempt_at).where(_d.c.id == delivery_id)
    row = (await connection.execute(found)).first()
    return SentDelivery(*row) if row is not None else None


async def by_message_key(connection: AsyncConnection, message_key: str) -> int | None:
    """The sent mail whose Message-ID has this local part."""
    is_sent = text("state = 'sent'")  # literally: a partial index answers
    found = select(_d.c.id).where(_d.c.message_key == message_key, is_sent)
    return (await connection.execute(found)).scalar()


async def mark_bounced(
    connection: AsyncConnection, delivery_id: int, outcome: str, server_reply: str, now: datetime
) -> bool:
    """Marks a sent mail as bounced; False if it was already.

    A bounce may arrive while the delivery is still claimed by its batch: then this ends it.
    """
    sent = (_d.c.id == delivery_id) & _d.c.state.in_((DeliveryState.SENT, DeliveryState.CLAIMED))
    values = _ended(DeliveryState.BOUNCED, outcome, now, server_reply) | {
        "finished_at": func.coalesce(_d.c.finished_at, now)
    }
    bounced = update(_d).where(sent).values(**values)
    return (await connection.execute(bounced.returning(_d.c.id))).first() is not None
