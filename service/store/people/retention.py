"""What is not needed any longer, found and deleted in chunks; each chunk fits a short transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.kinds import MailKind
from service.domain.subscription import SubscriptionState
from service.domain.trials.lifecycle import EventState
from service.store.people.consents import ConsentKind
from service.store.sql import tables as t


def _first(table: Table, where: ColumnElement[bool], limit: int) -> ColumnElement[bool]:
    """The condition for the first `limit` rows of a table: neither database deletes with a LIMIT."""
    key = table.primary_key.columns.values()[0]
    return key.in_(select(key).where(where).order_by(key).limit(limit))


async def _delete(connection: AsyncConnection, table: Table, where: ColumnElement[bool], limit: int) -> int:
    return (await connection.execute(delete(table).where(_first(table, where, limit)))).rowcount


async def _people(
    connection: AsyncConnection, where: ColumnElement[bool], limit: int, only: int | None
) -> Sequence[int]:
    if only is not None:
        where &= t.subscriber.c.id == only
    return (await connection.execute(select(t.subscriber.c.id).where(where).limit(limit))).scalars().all()


def _mailed(subscriber_id: ColumnElement[int], kind: MailKind, before: datetime) -> ColumnElement[bool]:
    """Whether a mail of this kind to the person waits, or went out since: its link may still be used."""
    mail = t.delivery.c
    recent = mail.finished_at.is_(None) | (mail.finished_at >= before)
    return exists().where(mail.subscriber_id == subscriber_id, mail.kind == kind, recent)


async def unconfirmed(
    connection: AsyncConnection, *, before: datetime, limit: int, only: int | None = None
) -> Sequence[int]:
    """People who never confirmed, and whose last sign-up and the mail it caused lie before: to be erased."""
    wish = t.subscription
    person = t.subscriber.c.id
    later = exists().where(wish.c.subscriber_id == t.subscriber.c.id, wish.c.created_at >= before)
    where = t.subscriber.c.confirmed_at.is_(None) & (t.subscriber.c.created_at < before) & ~later
    where &= ~_mailed(person, MailKind.CONFIRMATION, before)
    return await _people(connection, where, limit, only)


async def left_long_ago(
    connection: AsyncConnection, *, before: datetime, limit: int, only: int | None = None
) -> Sequence[int]:
    """People whose last subscription ended before, and who asked for nothing since: to be erased whole."""
    mine = t.subscription.c.subscriber_id == t.subscriber.c.id
    alive = t.subscription.c.state.in_((SubscriptionState.ACTIVE, SubscriptionState.PENDING)) | (
        t.subscription.c.ended_at >= before
    )
    spoke = exists().where(t.consent.c.subscriber_id == t.subscriber.c.id, t.consent.c.at >= before)
    where = and_(
        t.subscriber.c.confirmed_at.is_not(None),
        t.subscriber.c.created_at < before,
        ~exists().where(mine, alive),
        ~spoke,
    )
    return await _people(connection, where, limit, only)


async def delete_unconfirmed_subscriptions(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes wishes of confirmed people that they did not confirm, and what was kept to prove them."""
    wish = t.subscription.c
    over = (wish.state == SubscriptionState.PENDING) & (wish.created_at < before)
    over &= ~_mailed(wish.subscriber_id, MailKind.CONFIRMATION, before)
    gone = await _delete(connection, t.subscription, over, limit)
    answered = t.consent.alias("answered")
    unanswered = and_(
        t.consent.c.kind == ConsentKind.REQUESTED,
        t.consent.c.at < before,
        ~_mailed(t.consent.c.subscriber_id, MailKind.CONFIRMATION, before),
        ~exists().where(
            answered.c.subscriber_id == t.consent.c.subscriber_id,
            answered.c.kind == ConsentKind.CONFIRMED,
            answered.c.at >= t.consent.c.at,
        ),
    )
    return gone + await _delete(connection, t.consent, unanswered, limit)


async def delete_deliveries(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes mails that were finished before, with what their digests told; each run keeps its count."""
    mail = t.delivery.c
    finished = mail.finished_at.is_not(None) & (mail.finished_at < before)
    chosen = select(mail.id, mail.digest_id).where(finished).order_by(mail.id).limit(limit)
    rows = (await connection.execute(chosen)).all()
    ids, digests = [row.id for row in rows], [row.digest_id for row in rows if row.digest_id is not None]
    await connection.execute(delete(t.delivery).where(mail.id.in_(ids)))
    await connection.execute(delete(t.digest).where(t.digest.c.id.in_(digests)))
    return len(ids)


async def delete_event_bodies(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Empties events that were taken in; that they came, and what became of them, stays."""
    event = t.event.c
    spent = event.body.is_not(None) & (event.state != EventState.RECEIVED) & (event.received_at < before)
    statement = update(t.event).where(_first(t.event, spent, limit)).values(body=None)
    return (await connection.execute(statement)).rowcount


async def delete_webhook_ids(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes the ids of requests that the ingestor will not repeat any more."""
    return await _delete(connection, t.webhook, t.webhook.c.received_at < before, limit)


async def delete_mail_quota(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes counts of mail that play no part in the limits any more."""
    return await _delete(connection, t.mail_quota, t.mail_quota.c.at < before, limit)


async def delete_send_receipts(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes notes whose worker slept through its lease and was killed as it awoke: they concern nobody."""
    return await _delete(connection, t.sent_note, t.sent_note.c.at < before, limit)


async def delete_address_changes(
    connection: AsyncConnection, *, asked_before: datetime, done_before: datetime, limit: int
) -> int:
    """Deletes wishes for another address whose link is long over, and the traces of those that were done."""
    wish = t.address_change.c
    over = wish.done_at.is_(None) & (wish.created_at < asked_before)
    over &= ~_mailed(wish.subscriber_id, MailKind.ADDRESS_CHANGE, asked_before)
    return await _delete(connection, t.address_change, over | (wish.done_at < done_before), limit)


async def forget_audit(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes acts of operators from the audit log."""
    return await _delete(connection, t.audit, t.audit.c.at < before, limit)


async def delete_requests(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes what lies in the visitors' inbox so long that its links would be over: nobody can open it."""
    return await _delete(connection, t.request, t.request.c.received_at < before, limit)
