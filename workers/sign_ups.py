"""What a sign-up comes to: wishes kept until confirmed, and at most one mail to ask whether it was meant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from service.inbox import FreshConfirmation, SignUp
from service.keys import addresses
from service.keys.evidence import seal_evidence
from service.keys.links import short_index
from service.store import consents, subscribers, subscriptions, suppressions, topics
from service.store.consents import ConsentKind
from service.store.suppressions import LIFTED_BY_SIGN_UP, LIFTED_FROM_PAGE, Reason
from service.system import System
from workers.requested_mail import queue_within_limit

#: Wishes of one person that can wait for a confirmation; strangers could add any number.
_MOST_PENDING = 50


async def subscribe(connection: AsyncConnection, system: System, wish: SignUp, now: datetime) -> bool:
    """Keeps the wishes of a sign-up as pending, and queues a mail for when the mailbox's limit allows it.

    Nobody is written to who declined or complained, but through the link shown to them. Whoever
    follows all of it already is told so. Returns whether a mail was queued: one that waits already says
    this too.
    """
    index = system.addresses.of(wish.email)
    reason = await suppressions.reason_of(connection, index)
    if reason is not None and not _liftable(reason, wish, index):
        return False
    person = await _person(connection, system, wish, index, now)
    if reason is not None and reason != Reason.SOFT_BOUNCES:
        await subscriptions.end(connection, person.id, reason="unsubscribed", now=now)
    new = await _pend(connection, person.id, wish, now)
    kind = "confirmation" if new is not None else "already_following"
    mail = await queue_within_limit(connection, system, person.id, kind, wish.email, now)
    mailed = mail is not None and mail.is_new
    if mail is not None:
        await suppressions.lift(connection, index)
    if new or (mailed and new is not None):
        await _witness(connection, system, person.id, wish)
    return mailed


def _liftable(reason: str, wish: SignUp, index: bytes) -> bool:
    return reason in (LIFTED_FROM_PAGE if wish.again == short_index(index) else LIFTED_BY_SIGN_UP)


async def _person(
    connection: AsyncConnection, system: System, wish: SignUp, index: bytes, now: datetime
) -> Row[Any]:
    """The subscriber of the address, made if need be, locked."""
    known = await subscribers.find(connection, index)
    if known is None:
        number = await subscribers.create(
            connection,
            **addresses.fresh_person(system.keyring, system.addresses, wish.email),
            locale=wish.locale,
            timezone=wish.timezone,
            now=now,
        )
    else:
        number = known.id
        if known.confirmed_at is None:
            await subscribers.change(connection, number, locale=wish.locale, timezone=wish.timezone)
    locked = await subscribers.lock(connection, number)
    assert locked is not None
    return locked


def _same(row: Row[Any], wish: SignUp) -> bool:
    return (row.frequency, row.filters or None, bool(row.small_changes)) == (
        wish.frequency,
        wish.filters or None,
        wish.small_changes,
    )


async def _pend(
    connection: AsyncConnection, subscriber_id: int, wish: SignUp, now: datetime
) -> Sequence[str] | None:
    """Keeps the wishes that say something new; None when all of it is followed in just that way."""
    held = await subscriptions.in_state(connection, subscriber_id, "active", "pending")
    followed = {row.key for row in held if row.state == "active" and _same(row, wish)}
    waiting = {row.key: row for row in held if row.state == "pending"}
    wanted = [key for key in wish.topics if key not in followed or key in waiting]
    if not wanted:
        return None
    new = [key for key in wanted if key not in waiting or not _same(waiting[key], wish)]
    new = new[: max(0, _MOST_PENDING - len(waiting))]
    ids = await topics.ensure_topics(connection, new)
    for key in new:
        await subscriptions.pend(
            connection,
            subscriber_id,
            ids[key],
            frequency=wish.frequency,
            filters=wish.filters,
            small_changes=wish.small_changes,
            now=now,
        )
    return new


async def _witness(connection: AsyncConnection, system: System, subscriber_id: int, wish: SignUp) -> None:
    """Adds the row of consent that tells who asked for what, where and how."""
    evidence = {
        "topics": wish.topics,
        "frequency": wish.frequency,
        "filters": wish.filters,
        "small_changes": wish.small_changes,
        "locale": wish.locale,
        "timezone": wish.timezone,
        "network": wish.seen.network,
        "agent": wish.seen.agent,
        "form": wish.seen.form,
        "media": wish.seen.media,
    }
    await consents.append(
        connection,
        subscriber_id,
        ConsentKind.REQUESTED,
        at=wish.seen.at,
        evidence=seal_evidence(system.keyring, subscriber_id, evidence),
        terms_version=wish.terms_version,
    )


async def fresh_confirmation(
    connection: AsyncConnection, system: System, wish: FreshConfirmation, now: datetime
) -> bool:
    """Queues another confirmation for whoever's link expired, within the same limit as a sign-up."""
    person = await subscribers.lock(connection, wish.subscriber_id)
    if person is None or await suppressions.reason_of(connection, person.email_index) is not None:
        return False
    if not await subscriptions.pending(connection, person.id):
        return False
    address = addresses.open_person(system.keyring, person.sealed, person.public_id).address
    mail = await queue_within_limit(connection, system, person.id, "confirmation", address, now)
    return mail is not None and mail.is_new
