"""Deliveries: queued, claimed by compare-and-set with a lease, finished with an outcome."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS, bucket_of, common_bucket
from service.domain.delivery.kinds import MAIL_KINDS, MailKind
from service.domain.delivery.states import DeliveryState
from service.store.mail import delivery_statements as statements
from service.store.mail import receipts, run_mails
from service.store.mail.claim_names import bucket_of_claim
from service.store.mail.delivery_statements import ended
from service.store.mail.replies import store_replies
from service.store.sql import tables as t
from service.store.sql.built_once import numbers_given, pairs_given
from service.store.sql.bulk import in_values
from service.store.sql.database import is_postgresql
from service.store.sql.keys import by_id, new_key_of, of_subscriber
from service.store.sql.message_keys import bucket_of_message_key, new_message_key
from service.store.sql.rows import columns_of, fetch_first

_d = t.delivery


class SentDelivery(NamedTuple):
    """The mail of a link or a bounce: `kind` is a MailKind, `first_attempt_at` in UTC."""

    kind: str
    subscriber_id: int
    first_attempt_at: datetime | None
    digest_id: int | None


class WaitingDelivery(NamedTuple):
    """A queued mail that was never attempted, and when it is due (UTC)."""

    id: int
    due_at: datetime


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
        **new_key_of(subscriber_id),
        "kind": kind,
        "context": context,
        "passes_suppression": passes_suppression,
        "state": DeliveryState.QUEUED,
        "priority": MAIL_KINDS[kind].priority,
        "due_at": due_at or now,
        "created_at": now,
        "message_key": new_message_key(bucket_of(subscriber_id), now),
        "attempts": 0,
    }
    return int((await connection.execute(insert(_d).values(**values).returning(_d.c.id))).scalar_one())


async def untried(connection: AsyncConnection, subscriber_id: int, kind: MailKind) -> WaitingDelivery | None:
    """The queued, never attempted mail of `kind` to a subscriber, or None.

    Locks its row: no worker claims it before the transaction ends, so the mail will include its changes.
    """
    mine = of_subscriber(_d, subscriber_id) & (_d.c.kind == kind)
    waits = mine & (_d.c.state == DeliveryState.QUEUED) & (_d.c.attempts == 0)
    newest = select(_d.c.id, _d.c.due_at).where(waits).order_by(_d.c.id.desc()).limit(1).with_for_update()
    return await fetch_first(connection, WaitingDelivery, newest)


async def pass_suppression(connection: AsyncConnection, delivery_id: int, reason: str) -> None:
    """Lets a queued mail be sent despite a suppression; the caller has locked it (`untried`)."""
    await connection.execute(update(_d).where(by_id(_d, delivery_id)).values(passes_suppression=reason))


async def passed_suppression(connection: AsyncConnection, delivery_id: int) -> str | None:
    """The reason of the suppression in spite of which this mail was requested, or None."""
    found = select(_d.c.passes_suppression).where(by_id(_d, delivery_id))
    reason: str | None = (await connection.execute(found)).scalar()
    return reason


async def claim(
    connection: AsyncConnection,
    *,
    claim: str,
    limit: int,
    now: datetime,
    lease_until: datetime,
    transactional_only: bool = False,
) -> list[int]:
    """Claims up to `limit` due deliveries of the claim's bucket, by priority and age; returns their ids.

    Skips rows that another worker has locked, and those that are held (`holds`).
    """
    if limit <= 0:
        return []
    given: dict[str, Any] = {"in_bucket": bucket_of_claim(claim), "now": now}
    due = statements.due_transactional if transactional_only else statements.due
    found = await connection.execute(due(connection), {**given, "size": limit})
    ids = found.scalars().all()
    if not ids:
        return []
    given |= {"ids": numbers_given(connection, ids), "by_claim": claim, "until": lease_until}
    return list((await connection.execute(statements.take(connection), given)).scalars().all())


async def still_claimed(connection: AsyncConnection, claim: str, ids: Collection[int]) -> set[int]:
    """Those of these deliveries that `claim` still has; of the others another worker decides."""
    given = {"in_bucket": bucket_of_claim(claim), "ids": numbers_given(connection, ids), "by_claim": claim}
    return set((await connection.execute(statements.claimed(connection), given)).scalars())


async def store_covered_topics(connection: AsyncConnection, covered: Mapping[int, Mapping[str, Any]]) -> None:
    """Stores the coverage of each digest (see `reported` of the table)."""
    if covered:
        given = {"in_bucket": common_bucket(covered), "pairs": pairs_given(covered)}
        await connection.execute(statements.store_covered_topics(connection), given)


async def extend_leases(
    connection: AsyncConnection, claims: Collection[str], lease_until: datetime
) -> set[str]:
    """Extends the leases of these claims; returns the claims that still have deliveries."""
    extended: set[str] = set()
    for claim in claims:
        mine = _of_claim(claim) & (_d.c.state == DeliveryState.CLAIMED)
        renewed = await connection.execute(update(_d).where(mine).values(lease_until=lease_until))
        if renewed.rowcount:
            extended.add(claim)
    return extended


def _of_claim(claim: str) -> ColumnElement[bool]:
    return and_(_d.c.bucket == bucket_of_claim(claim), _d.c.claim == claim)


async def mark_sent(
    connection: AsyncConnection,
    claim: str,
    ids: Collection[int],
    now: datetime,
    replies: Mapping[int, str] | None = None,
) -> list[int]:
    """Marks deliveries as sent. Also covers expired claims that nobody has taken over.

    `replies`: the server's reply to each. Returns their subscribers. Idempotent; a bounced delivery
    stays bounced.
    """
    different = set(replies.values()) if replies else set()
    given = {
        "in_bucket": common_bucket(ids),
        "ids": numbers_given(connection, ids),
        "by_claim": claim,
        "now": now,
    }
    if len(different) > 1 and replies and is_postgresql(connection):
        given["replies"] = pairs_given(replies)
        marked = await connection.execute(statements.sent_with_replies(connection), given)
        return list(marked.scalars().all())
    given["reply"] = different.pop() if len(different) == 1 else None  # a server that numbers no mail
    people = list((await connection.execute(statements.sent(connection), given)).scalars().all())
    if different and replies:
        await store_replies(connection, replies)
    return people


async def cancel(connection: AsyncConnection, delivery_id: int, reason: str, now: datetime) -> None:
    """Ends a queued delivery; the caller has locked it (`untried`)."""
    waits = by_id(_d, delivery_id) & (_d.c.state == DeliveryState.QUEUED)
    await connection.execute(update(_d).where(waits).values(**ended(DeliveryState.CANCELLED, reason, now)))


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
) -> set[int]:
    """Ends deliveries of `claim`: `bounced`, `failed`, `empty`, `cancelled`; returns the ids of those ended.

    The others of `ids` are no longer the claim's: its lease was over, and another worker decides about them.
    """
    mine = _of_claim(claim) & in_values(connection, _d.c.id, ids) & (_d.c.state == DeliveryState.CLAIMED)
    values = ended(state, outcome, now, server_reply)
    if history is not None:
        values["history"] = history
    statement = update(_d).where(mine).values(**values).returning(_d.c.id)
    return set((await connection.execute(statement)).scalars())


async def requeue(
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
    mine = _of_claim(claim) & in_values(connection, _d.c.id, ids) & (_d.c.state == DeliveryState.CLAIMED)
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


async def expired_claims(
    connection: AsyncConnection, now: datetime, buckets: Iterable[int] = BUCKETS
) -> list[str]:
    """Claims of these buckets whose lease has expired: their worker died or lost the database."""
    claims: list[str] = []
    for bucket in buckets:
        over = (_d.c.bucket == bucket) & (_d.c.state == DeliveryState.CLAIMED) & (_d.c.lease_until < now)
        claims += (await connection.execute(select(_d.c.claim).where(over).distinct())).scalars()
    return claims


async def release_expired(connection: AsyncConnection, claims: Collection[str], now: datetime) -> int:
    """Requeues the deliveries of expired `claims`; those with a send receipt are marked as sent.

    Returns how many were requeued.
    """
    values = {"state": DeliveryState.QUEUED, "claim": None, "lease_until": None}
    released = 0
    for bucket in sorted({bucket_of_claim(claim) for claim in claims}):
        for claim in await expired_claims(connection, now, (bucket,)):
            if claim not in claims:
                continue
            for ids, at in await receipts.take(connection, claim):
                await mark_sent(connection, claim, ids, at)
            lost = _of_claim(claim) & (_d.c.state == DeliveryState.CLAIMED) & (_d.c.lease_until < now)
            released += (await connection.execute(update(_d).where(lost).values(**values))).rowcount
    return released


async def sent_to(connection: AsyncConnection, delivery_id: int) -> SentDelivery | None:
    """A mail's kind, subscriber, first attempt and digest."""
    found = select(*columns_of(SentDelivery, _d)).where(by_id(_d, delivery_id))
    return await fetch_first(connection, SentDelivery, found)


async def by_message_key(connection: AsyncConnection, message_key: str) -> int | None:
    """The sent mail whose Message-ID has this local part."""
    bucket = bucket_of_message_key(message_key)
    if bucket is None:
        return None
    is_sent = text("state = 'sent'")  # literally: a partial index answers
    found = select(_d.c.id).where(_d.c.bucket == bucket, _d.c.message_key == message_key, is_sent)
    return (await connection.execute(found)).scalar()


async def mark_bounced(
    connection: AsyncConnection, delivery_id: int, outcome: str, server_reply: str, now: datetime
) -> bool:
    """Marks a sent mail as bounced; False if it was already.

    A bounce may arrive while the delivery is still claimed by its batch: then this ends it.
    """
    await run_mails.count_again(connection, delivery_id)
    sent = by_id(_d, delivery_id) & _d.c.state.in_((DeliveryState.SENT, DeliveryState.CLAIMED))
    values = ended(DeliveryState.BOUNCED, outcome, now, server_reply) | {
        "finished_at": func.coalesce(_d.c.finished_at, now)
    }
    bounced = update(_d).where(sent).values(**values)
    return (await connection.execute(bounced.returning(_d.c.id))).first() is not None
