"""Material new terms: subscribers who have not agreed, and their single notice."""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    SmallInteger,
    String,
    and_,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.eligibility import Ineligibility
from service.domain.delivery.kinds import MAIL_KINDS, MailKind
from service.domain.delivery.states import DeliveryState
from service.domain.subscription import SubscriptionState
from service.store.mail.eligibility import reasons, with_suppressions
from service.store.mail.requests import take_turn
from service.store.people import canaries
from service.store.sql import tables as t
from service.store.sql.columns import random_key
from service.store.sql.ids import next_ids
from service.store.sql.keys import by_id, of_subscriber, same_subscriber, written_bucket
from service.store.sql.message_keys import message_key_prefix


async def _newest_material(connection: AsyncConnection) -> datetime | None:
    """The publication time of the newest material version, or None before the first."""
    newest = select(func.max(t.terms.c.published_at)).where(t.terms.c.material)
    published: datetime | None = (await connection.execute(newest)).scalar_one()
    return published


async def is_outdated(connection: AsyncConnection, agreed_to: str | None) -> bool:
    """Whether a subscriber who agreed to the version `agreed_to` must agree again."""
    newest = await _newest_material(connection)
    if newest is None:
        return False
    published = select(t.terms.c.published_at).where(t.terms.c.version == agreed_to)
    moment = (await connection.execute(published)).scalar()
    return moment is None or moment < newest


async def agree_by(connection: AsyncConnection, subscriber_id: int, now: datetime) -> datetime | None:
    """The time by which a person must agree to material terms: the next such time, or the last one. None if
    they need not, or not any more.
    """
    found = await _times_to_agree_by(connection, subscriber_id)
    return min((at for at in found if at > now), default=max(found, default=None))


async def paused_since(connection: AsyncConnection, subscriber_id: int, now: datetime) -> datetime | None:
    """The time since which a person is paused for not agreeing to material terms; None if they are not, or
    follow nothing."""
    mine = of_subscriber(t.subscription, subscriber_id) & (t.subscription.c.state == SubscriptionState.ACTIVE)
    if (await connection.execute(select(t.subscription.c.id).where(mine).limit(1))).first() is None:
        return None
    return min((at for at in await _times_to_agree_by(connection, subscriber_id) if at <= now), default=None)


async def _times_to_agree_by(connection: AsyncConnection, subscriber_id: int) -> Sequence[datetime]:
    """The time limits for agreeing to the material versions newer than the one that a person agreed to."""
    c = t.terms.c
    mine = select(t.subscriber.c.terms_version).where(by_id(t.subscriber, subscriber_id)).scalar_subquery()
    agreed = select(func.max(c.published_at)).where(c.version == mine).scalar_subquery()
    newer = select(c.pause_at).where(c.material, or_(agreed.is_(None), c.published_at > agreed))
    return (await connection.execute(newer.where(c.pause_at.is_not(None)))).scalars().all()


#: The columns of a notice, in the order in which `queue_notices` selects them.
_NOTICE = ["bucket", "id", "subscriber_id", "kind", "state", "priority", "due_at", "created_at"]
_NOTICE += ["message_key", "attempts"]


def _was_notified(bucket: BindParameter[int], newest: datetime) -> ColumnElement[bool]:
    """Whether the person has the notice of the newest material version."""
    return exists().where(
        t.delivery.c.bucket == bucket,
        same_subscriber(t.delivery, t.subscriber),
        t.delivery.c.kind == MailKind.TERMS_CHANGED,
        t.delivery.c.created_at >= newest,
    )


async def is_kept(connection: AsyncConnection, bucket: int) -> ColumnElement[bool]:
    """Whether a mail of a bucket is the notice of the newest material version to a person who has not agreed.
    It outlives other mails, or they would be notified again.
    """
    newest = await _newest_material(connection)
    if newest is None:
        return false()
    mail, person = t.delivery.c, t.subscriber
    theirs = and_(person.c.bucket == bucket, same_subscriber(t.delivery, person))
    waits = exists().where(theirs, _has_not_agreed(newest))
    return and_(mail.kind == MailKind.TERMS_CHANGED, mail.created_at >= newest, waits)


def _has_not_agreed(newest: datetime) -> ColumnElement[bool]:
    """Whether a person agreed to no version, or to one before `newest`."""
    outdated = select(t.terms.c.version).where(t.terms.c.published_at < newest)
    return or_(t.subscriber.c.terms_version.is_(None), t.subscriber.c.terms_version.in_(outdated))


def _follows_something(bucket: BindParameter[int]) -> ColumnElement[bool]:
    return exists().where(
        t.subscription.c.bucket == bucket,
        same_subscriber(t.subscription, t.subscriber),
        t.subscription.c.state == SubscriptionState.ACTIVE,
    )


async def queue_notices(connection: AsyncConnection, bucket: int, now: datetime, *, limit: int) -> int:
    """Queues a `terms_changed` notice to a bucket's followers who have not agreed; returns how many.

    Each person gets one for each material version, however often this runs, and wherever. Left out are people
    who follow nothing or must not be written to, and canaries, which can't agree.
    """
    newest = await _newest_material(connection)
    if newest is None:
        return 0
    await take_turn(connection, bucket)
    synthetic = await canaries.subscriber_ids(connection)
    person, in_bucket = t.subscriber.c.id, written_bucket(bucket)
    against = reasons(now)
    who = (
        select(
            literal(bucket, SmallInteger),
            next_ids(bucket),
            person,
            literal(MailKind.TERMS_CHANGED, String),
            literal(DeliveryState.QUEUED, String),
            literal(MAIL_KINDS[MailKind.TERMS_CHANGED].priority),
            literal(now, t.delivery.c.due_at.type),
            literal(now, t.delivery.c.created_at.type),
            random_key(literal(message_key_prefix(bucket, now)), literal(token_hex(16)), person),
            literal(0),
        )
        .select_from(with_suppressions(t.subscriber))
        .where(
            and_(
                t.subscriber.c.bucket == in_bucket,
                ~against[Ineligibility.NOT_CONFIRMED],
                _has_not_agreed(newest),
                _follows_something(in_bucket),
                ~against[Ineligibility.SUPPRESSED],
                ~_was_notified(in_bucket, newest),
                person.not_in(synthetic),
            )
        )
        .limit(limit)
    )
    queued = insert(t.delivery).from_select(_NOTICE, who)
    return (await connection.execute(queued, execution_options={"preserve_rowcount": True})).rowcount
