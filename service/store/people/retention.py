"""Deletion of rows past their retention period, in chunks for short transactions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.kinds import MailKind
from service.domain.subscription import SubscriptionState
from service.domain.trials.lifecycle import EventState
from service.store.people import terms_notices
from service.store.people.consents import ConsentKind
from service.store.sql import tables as t
from service.store.sql.keys import by_ids, same_subscriber


def _first(
    table: Table, where: ColumnElement[bool], limit: int, bucket: int | None = None
) -> ColumnElement[bool]:
    """The condition for the first `limit` rows of a table: neither database deletes with a LIMIT.

    `where` stands in the statement itself, too: PostgreSQL looks at that again, and not at the rows chosen,
    once it has waited for a transaction that changed a row (READ COMMITTED, PostgreSQL 13.2.1).
    """
    if bucket is None:
        key = table.primary_key.columns.values()[0]
        return and_(where, key.in_(select(key).where(where).order_by(key).limit(limit)))
    where &= table.c.bucket == bucket
    return and_(where, table.c.id.in_(select(table.c.id).where(where).order_by(table.c.id).limit(limit)))


async def _delete(
    connection: AsyncConnection,
    table: Table,
    where: ColumnElement[bool],
    limit: int,
    bucket: int | None = None,
) -> int:
    return (await connection.execute(delete(table).where(_first(table, where, limit, bucket)))).rowcount


async def _people(
    connection: AsyncConnection, bucket: int, where: ColumnElement[bool], limit: int, only: int | None
) -> Sequence[int]:
    where &= t.subscriber.c.bucket == bucket
    if only is not None:
        where &= t.subscriber.c.id == only
    return (await connection.execute(select(t.subscriber.c.id).where(where).limit(limit))).scalars().all()


def _mailed(
    bucket: int, subscriber_id: ColumnElement[int], kind: MailKind, before: datetime
) -> ColumnElement[bool]:
    """Whether a mail of this kind is queued or was sent since: its link may still be used."""
    mail = t.delivery.c
    recent = mail.finished_at.is_(None) | (mail.finished_at >= before)
    return exists().where(
        mail.bucket == bucket, mail.subscriber_id == subscriber_id, mail.kind == kind, recent
    )


async def unconfirmed(
    connection: AsyncConnection, bucket: int, *, before: datetime, limit: int, only: int | None = None
) -> Sequence[int]:
    """Subscribers of a bucket to erase: never confirmed, the last sign-up and its mail before `before`."""
    subscription = t.subscription
    person = t.subscriber.c.id
    later = exists().where(
        subscription.c.bucket == bucket,
        same_subscriber(subscription, t.subscriber),
        subscription.c.created_at >= before,
    )
    where = t.subscriber.c.confirmed_at.is_(None) & (t.subscriber.c.created_at < before) & ~later
    where &= ~_mailed(bucket, person, MailKind.CONFIRMATION, before)
    return await _people(connection, bucket, where, limit, only)


async def left_long_ago(
    connection: AsyncConnection, bucket: int, *, before: datetime, limit: int, only: int | None = None
) -> Sequence[int]:
    """Subscribers of a bucket to erase: the last subscription ended before `before`, and no request since."""
    mine = and_(t.subscription.c.bucket == bucket, same_subscriber(t.subscription, t.subscriber))
    alive = t.subscription.c.state.in_((SubscriptionState.ACTIVE, SubscriptionState.PENDING)) | (
        t.subscription.c.ended_at >= before
    )
    spoke = exists().where(
        t.consent.c.bucket == bucket, same_subscriber(t.consent, t.subscriber), t.consent.c.at >= before
    )
    where = and_(
        t.subscriber.c.confirmed_at.is_not(None),
        t.subscriber.c.created_at < before,
        ~exists().where(mine, alive),
        ~spoke,
    )
    return await _people(connection, bucket, where, limit, only)


async def delete_unconfirmed_subscriptions(
    connection: AsyncConnection, bucket: int, before: datetime, limit: int
) -> int:
    """Deletes unconfirmed subscriptions of confirmed subscribers, ended ones too, and their evidence."""
    asked = t.subscription.c
    unconfirmed = asked.state.in_((SubscriptionState.PENDING, SubscriptionState.ENDED))
    over = unconfirmed & asked.activated_at.is_(None) & (asked.created_at < before)
    over &= ~_mailed(bucket, asked.subscriber_id, MailKind.CONFIRMATION, before)
    gone = await _delete(connection, t.subscription, over, limit, bucket)
    answered = t.consent.alias("answered")
    unanswered = and_(
        t.consent.c.kind == ConsentKind.REQUESTED,
        t.consent.c.at < before,
        ~_mailed(bucket, t.consent.c.subscriber_id, MailKind.CONFIRMATION, before),
        ~exists().where(
            answered.c.bucket == bucket,
            same_subscriber(answered, t.consent),
            answered.c.kind == ConsentKind.CONFIRMED,
            answered.c.at >= t.consent.c.at,
        ),
    )
    return gone + await _delete(connection, t.consent, unanswered, limit, bucket)


async def delete_deliveries(connection: AsyncConnection, bucket: int, before: datetime, limit: int) -> int:
    """Deletes up to `limit` mails finished before, with their digests' content; runs keep their counts.

    Notices of new terms are left that are needed (`terms_notices.is_kept`).
    Mails are numbered in the order of time: the search ends where they are all too new, and reads no others.
    """
    mail, after, over = t.delivery.c, 0, list[Any]()
    may_go = ~await terms_notices.is_kept(connection, bucket)
    columns = (mail.id, mail.digest_id, mail.created_at, mail.finished_at)
    while len(over) < limit:
        following = select(*columns).where(mail.bucket == bucket, mail.id > after, may_go).order_by(mail.id)
        rows = (await connection.execute(following.limit(limit))).all()
        over += [row for row in rows if row.finished_at is not None and row.finished_at < before]
        if len(rows) < limit or min(row.created_at for row in rows) >= before:
            break
        after = rows[-1].id
    ids = [row.id for row in over[:limit]]
    digests = [row.digest_id for row in over[:limit] if row.digest_id is not None]
    if ids:  # in the order of an erasure
        await connection.execute(delete(t.digest).where(by_ids(connection, t.digest, digests)))
        await connection.execute(delete(t.delivery).where(by_ids(connection, t.delivery, ids)))
    return len(ids)


async def delete_event_bodies(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes the bodies of processed events; the rows with their states remain."""
    event = t.event.c
    spent = event.body.is_not(None) & (event.state != EventState.RECEIVED) & (event.received_at < before)
    statement = update(t.event).where(_first(t.event, spent, limit)).values(body=None)
    return (await connection.execute(statement)).rowcount


async def delete_webhook_ids(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes webhook ids that will not be retried any more."""
    return await _delete(connection, t.webhook, t.webhook.c.received_at < before, limit)


async def delete_mail_quota(connection: AsyncConnection, bucket: int, before: datetime, limit: int) -> int:
    """Deletes mail counts outside all limit windows."""
    return await _delete(connection, t.mail_quota, t.mail_quota.c.at < before, limit, bucket)


async def delete_send_receipts(connection: AsyncConnection, bucket: int, before: datetime) -> int:
    """Deletes orphaned send receipts, of workers killed after their lease had expired."""
    over = (t.send_receipt.c.bucket == bucket) & (t.send_receipt.c.at < before)
    return (await connection.execute(delete(t.send_receipt).where(over))).rowcount


async def delete_address_changes(
    connection: AsyncConnection, bucket: int, *, asked_before: datetime, done_before: datetime, limit: int
) -> int:
    """Deletes address changes whose link has expired, and old completed ones."""
    change = t.address_change.c
    over = change.done_at.is_(None) & (change.created_at < asked_before)
    over &= ~_mailed(bucket, change.subscriber_id, MailKind.ADDRESS_CHANGE, asked_before)
    return await _delete(connection, t.address_change, over | (change.done_at < done_before), limit, bucket)


async def delete_audit(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes old rows of the audit log."""
    return await _delete(connection, t.audit, t.audit.c.at < before, limit)


async def delete_requests(connection: AsyncConnection, bucket: int, before: datetime, limit: int) -> int:
    """Deletes undecryptable requests, older than their links could be valid."""
    return await _delete(connection, t.request, t.request.c.received_at < before, limit, bucket)
