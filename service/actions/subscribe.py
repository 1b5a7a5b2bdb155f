"""What a sign-up comes to: wishes kept until confirmed, and at most one mail to ask whether it was meant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from service import request_queue
from service.actions.consent_record import Origin, record_consent
from service.actions.requested_mail import queue_within_limit
from service.crypto import email_addresses
from service.crypto.link_tokens import SignedLink, short_index
from service.domain.delivery.kinds import MailKind
from service.domain.subscription import SubscriptionState
from service.request_queue import FreshConfirmation, RequestKind, SignUp
from service.store.mail import deliveries
from service.store.people import subscribers, subscriptions, suppressions, topics
from service.store.people.consents import ConsentKind
from service.store.people.suppressions import LIFTED_BY_SIGN_UP, LIFTED_FROM_PAGE
from service.system import System

#: Topics that one mail names. More are named by the next one, as long as mails may wait at all.
_MOST_IN_A_MAIL = 100


async def subscribe(connection: AsyncConnection, system: System, wish: SignUp, now: datetime) -> bool:
    """Keeps the wishes of a sign-up as pending, and queues a mail for when the mailbox's limit allows it.

    Nobody is written to who declined or complained, but through the link shown to them; and only the
    confirmation, never the sign-up, lifts a suppression. Whoever follows all of it already is told so.
    Returns whether a mail was queued: one that waits already says this too.
    """
    index = system.addresses.of(wish.email)
    reason = await suppressions.reason_of(connection, index)
    if reason is not None and not _may_ask(reason, wish, index):
        return False
    person = await _person(connection, system, wish, index, now)
    waiting = await deliveries.untried(connection, person.id, MailKind.CONFIRMATION)
    held = await subscriptions.with_states(
        connection, person.id, SubscriptionState.ACTIVE, SubscriptionState.PENDING
    )
    named = {
        row.key: row
        for row in held
        if row.state == SubscriptionState.PENDING and row.confirmation_id == waiting
    }
    # Who must not be written to is not told that they follow something: they are asked.
    followed = {
        row.key
        for row in held
        if row.state == SubscriptionState.ACTIVE and _is_unchanged(row, wish) and reason is None
    }
    wanted = [key for key in wish.topics if key not in followed or key in named]
    if not wanted:
        mail = await queue_within_limit(
            connection, system, person.id, MailKind.ALREADY_FOLLOWING, wish.email, now
        )
        return mail is not None and mail.is_new
    mail = await queue_within_limit(
        connection,
        system,
        person.id,
        MailKind.CONFIRMATION,
        wish.email,
        now,
        suppression=reason,
        is_full=len(named.keys() | set(wanted)) > _MOST_IN_A_MAIL,
    )
    if mail is None:
        return False
    new = [key for key in wanted if mail.is_new or key not in named or not _is_unchanged(named[key], wish)]
    if new:
        await _add_pending(connection, person.id, mail.delivery_id, new, wish, now)
        await _record_request(connection, system, person.id, wish)
    return mail.is_new


def _may_ask(reason: str, wish: SignUp, index: bytes) -> bool:
    return reason in (LIFTED_FROM_PAGE if wish.again == short_index(index) else LIFTED_BY_SIGN_UP)


async def _person(
    connection: AsyncConnection, system: System, wish: SignUp, index: bytes, now: datetime
) -> Row[Any]:
    """The subscriber of the address, made if need be, locked."""
    known = await subscribers.find(connection, index)
    if known is None:
        number = await subscribers.create(
            connection,
            **email_addresses.new_subscriber_columns(system.keyring, system.addresses, wish.email),
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


def _is_unchanged(row: Row[Any], wish: SignUp) -> bool:
    return (row.frequency, row.filters or None, bool(row.small_changes)) == (
        wish.frequency,
        wish.filters or None,
        wish.small_changes,
    )


async def _add_pending(
    connection: AsyncConnection,
    subscriber_id: int,
    confirmation_id: int,
    keys: Sequence[str],
    wish: SignUp,
    now: datetime,
) -> None:
    """Keeps the wishes for topics, to be named and confirmed by this mail alone."""
    ids = await topics.ensure_topics(connection, keys)
    for key in keys:
        await subscriptions.add_pending(
            connection,
            subscriber_id,
            ids[key],
            frequency=wish.frequency,
            filters=wish.filters,
            small_changes=wish.small_changes,
            now=now,
            confirmation_id=confirmation_id,
        )


async def _record_request(
    connection: AsyncConnection, system: System, subscriber_id: int, wish: SignUp
) -> None:
    """Adds the row of consent that tells who asked for what, where and how."""
    seen = wish.seen
    await record_consent(
        connection,
        system,
        subscriber_id,
        ConsentKind.REQUESTED,
        at=seen.at,
        origin=Origin(seen.network, seen.agent, media=seen.media),
        terms_version=wish.terms_version,
        topics=wish.topics,
        frequency=wish.frequency,
        filters=wish.filters,
        small_changes=wish.small_changes,
        locale=wish.locale,
        timezone=wish.timezone,
        form=seen.form,
    )


async def request_fresh_confirmation(
    connection: AsyncConnection, system: System, link: SignedLink, now: datetime
) -> None:
    """Puts the request for a link in place of an expired one into the queue.

    Notify Job.PROCESS_REQUESTS after the commit.
    """
    wish = FreshConfirmation(link.subject, link.reference, link.address)
    await request_queue.enqueue(connection, system.keyring, RequestKind.FRESH_CONFIRMATION, wish, now)


async def fresh_confirmation(
    connection: AsyncConnection, system: System, wish: FreshConfirmation, now: datetime
) -> bool:
    """Queues another mail that names what an expired one named, within the same limit as a sign-up."""
    person = await subscribers.lock(connection, wish.subscriber_id)
    if person is None or wish.address != short_index(person.email_index):
        return False
    reason = await suppressions.reason_of(connection, person.email_index)
    if suppressions.refuses_request(reason):
        return False
    wishes = await subscriptions.named_by(connection, person.id, wish.confirmation_id)
    if not wishes:
        return False
    address = email_addresses.decrypt_subscriber(system.keyring, person.sealed, person.public_id).address
    mail = await queue_within_limit(
        connection, system, person.id, MailKind.CONFIRMATION, address, now, suppression=reason
    )
    if mail is None:
        return False
    if mail.delivery_id != wish.confirmation_id:
        await subscriptions.name_anew(connection, wishes, mail.delivery_id, now)
    return mail.is_new
