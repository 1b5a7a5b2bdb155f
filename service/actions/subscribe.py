"""A sign-up: adds subscriptions, pending until confirmed, and queues at most one confirmation mail."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service import request_queue
from service.actions.consent_record import Origin, record_consent
from service.actions.merged_topics import after_mergers, older_numbers
from service.actions.requested_mail import queue_within_limit
from service.crypto import email_addresses
from service.crypto.link_tokens import SignedLink, short_index
from service.domain.buckets import bucket_of
from service.domain.delivery.kinds import MailKind
from service.domain.delivery.suppression import LIFTED_BY_SIGN_UP, LIFTED_FROM_PAGE, refuses_request
from service.domain.digests.time_zones import UTC_NAME
from service.domain.subscription import SubscriptionState
from service.request_queue import FreshConfirmation, RequestKind, SignUp
from service.store.mail import deliveries
from service.store.people import consents, subscribers, subscriptions, suppressions, terms_notices
from service.store.people.consents import ConsentKind
from service.store.people.rows import Subscriber, Subscription
from service.store.topics import topics
from service.system import System

#: Maximum topics per confirmation mail. Further topics are confirmed by the next mail.
_MOST_IN_A_MAIL = 100


async def subscribe(connection: AsyncConnection, system: System, sign_up: SignUp, now: datetime) -> bool:
    """Adds the subscriptions as pending, and queues a mail at the time that the mailbox's limit allows.

    After declining or complaining, people get mail only through the link shown to them then; and only the
    confirmation, not the sign-up, lifts a suppression. A request for a trial that was merged into another one
    follows the latter, which the mail names. If all topics are followed already, the mail says so, unless
    new terms keep updates back until the person agrees: then they are to be confirmed, which agrees. Returns
    whether a mail was queued; False if a queued one covers this request too.
    """
    index = system.addresses.of(sign_up.email)
    reason = await suppressions.reason_of(connection, index)
    if reason is not None and not _may_ask(reason, sign_up, index):
        return False
    person, differs = await _person(connection, system, sign_up, index, now)
    waiting = await deliveries.untried(connection, person.id, MailKind.CONFIRMATION)
    topic_of = await after_mergers(connection, sign_up.topics)
    existing = await subscriptions.with_states(
        connection, person.id, SubscriptionState.ACTIVE, SubscriptionState.PENDING
    )
    named = {row.key: row for row in existing if waiting and _is_named(row, waiting.id)}
    # A suppressed address gets a confirmation mail even if it follows all the topics.
    followed = set() if reason else await _gets_already(connection, person, existing, sign_up)
    older = older_numbers(topic_of)
    wanted = dict.fromkeys(topic_of.values())
    requested = [key for key in wanted if key not in followed or key in named]
    if not requested:
        await _name_as_asked(connection, existing, older)
        mail = await queue_within_limit(
            connection, system, person.id, MailKind.ALREADY_FOLLOWING, sign_up.email, now
        )
        return mail.is_new
    mail = await queue_within_limit(
        connection,
        system,
        person.id,
        MailKind.CONFIRMATION,
        sign_up.email,
        now,
        suppression=reason,
        is_full=len(named.keys() | set(requested)) > _MOST_IN_A_MAIL,
    )
    unchanged = () if mail.is_new else [key for key, row in named.items() if _is_unchanged(row, sign_up)]
    if new := [key for key in requested if key not in unchanged]:
        await _add_pending(connection, person.id, mail.delivery_id, new, older, sign_up, now)
    if new or differs:
        await _record_request(connection, system, person.id, sign_up, mail.delivery_id)
    return mail.is_new


async def _gets_already(
    connection: AsyncConnection, person: Subscriber, existing: Iterable[Subscription], sign_up: SignUp
) -> set[str]:
    """The keys of the topics of which the person gets updates as requested: none while they have not agreed
    to new terms."""
    followed = {
        row.key for row in existing if row.state == SubscriptionState.ACTIVE and _is_unchanged(row, sign_up)
    }
    outdated = bool(followed) and await terms_notices.is_outdated(connection, person.terms_version)
    return set() if outdated else followed


def _is_named(row: Subscription, confirmation: int) -> bool:
    """Whether this confirmation mail names a subscription."""
    return row.state == SubscriptionState.PENDING and row.confirmation_id == confirmation


def _may_ask(reason: str, sign_up: SignUp, index: bytes) -> bool:
    return reason in (
        LIFTED_FROM_PAGE if sign_up.resubscribe_index == short_index(index) else LIFTED_BY_SIGN_UP
    )


async def _person(
    connection: AsyncConnection, system: System, sign_up: SignUp, index: bytes, now: datetime
) -> tuple[Subscriber, bool]:
    """Gets or creates the subscriber of the address, and locks it; one who is erased meanwhile is created.

    Also whether this changed the language or time zone that an unconfirmed sign-up gave.
    """
    differs = False
    known, zone = await subscribers.find(connection, index), sign_up.timezone or UTC_NAME
    present = known and await subscribers.lock(connection, known.id)
    if present is None:
        number = await subscribers.create(
            connection,
            **email_addresses.new_subscriber_columns(system.keyring, system.addresses, sign_up.email),
            locale=sign_up.locale,
            timezone=zone,
            now=now,
        )
    else:
        number = present.id
        differs = present.confirmed_at is None and (present.locale, present.timezone) != (
            sign_up.locale,
            zone,
        )
        if differs:
            await subscribers.change(connection, number, locale=sign_up.locale, timezone=zone)
    locked = await subscribers.lock(connection, number)
    assert locked is not None
    return locked, differs


def _is_unchanged(row: Subscription, sign_up: SignUp) -> bool:
    return (row.frequency, row.filters or None, bool(row.small_changes)) == (
        sign_up.frequency,
        sign_up.filters or None,
        sign_up.small_changes,
    )


async def _name_as_asked(
    connection: AsyncConnection, followed: Iterable[Subscription], older: Mapping[str, str]
) -> None:
    """Lets the answer to somebody who already follows everything name the requested, merged numbers."""
    for row in followed:
        number = older.get(row.key)
        if row.state == SubscriptionState.ACTIVE and number not in (None, row.older_number):
            await subscriptions.change(connection, row.id, older_number=number)


async def _add_pending(
    connection: AsyncConnection,
    subscriber_id: int,
    confirmation_id: int,
    keys: Sequence[str],
    older: Mapping[str, str],
    sign_up: SignUp,
    now: datetime,
) -> None:
    """Stores pending subscriptions, to be confirmed by this mail only; `older`: see `older_numbers`."""
    ids = await topics.ensure_topics(connection, keys)
    for key in keys:
        await subscriptions.add_pending(
            connection,
            subscriber_id,
            ids[key],
            frequency=sign_up.frequency,
            filters=sign_up.filters,
            small_changes=sign_up.small_changes,
            now=now,
            confirmation_id=confirmation_id,
            older_number=older.get(key),
        )


async def _record_request(
    connection: AsyncConnection, system: System, subscriber_id: int, sign_up: SignUp, confirmation_id: int
) -> None:
    """Records the requested consent with its origin, and the mail that asks to confirm it."""
    seen = sign_up.origin
    await record_consent(
        connection,
        system,
        subscriber_id,
        ConsentKind.REQUESTED,
        at=seen.at,
        origin=Origin(seen.network, seen.agent, media=seen.media),
        terms_version=sign_up.terms_version,
        topics=sign_up.topics,
        frequency=sign_up.frequency,
        filters=sign_up.filters,
        small_changes=sign_up.small_changes,
        locale=sign_up.locale,
        timezone=sign_up.timezone,
        form=seen.form,
        message=await consents.key_of_mail(connection, confirmation_id),
    )


async def request_fresh_confirmation(
    connection: AsyncConnection, system: System, link: SignedLink, now: datetime
) -> None:
    """Queues the request for a new link in place of an expired one.

    Notify Job.PROCESS_REQUESTS after the commit.
    """
    request = FreshConfirmation(link.subject, link.reference, link.address)
    await request_queue.enqueue(
        connection, system.keyring, bucket_of(link.subject), RequestKind.FRESH_CONFIRMATION, request, now
    )


async def fresh_confirmation(
    connection: AsyncConnection, system: System, request: FreshConfirmation, now: datetime
) -> bool:
    """Queues another confirmation mail for the topics of an expired one, within the limit of sign-ups."""
    person = await subscribers.lock(connection, request.subscriber_id)
    if person is None or request.address != short_index(person.email_index):
        return False
    reason = await suppressions.reason_of(connection, person.email_index)
    # The expired mail may have been requested by the link that was shown after a decline.
    passed = await deliveries.passed_suppression(connection, request.confirmation_id)
    if refuses_request(reason) and passed != reason:
        return False
    pending = await subscriptions.named_by(connection, person.id, request.confirmation_id)
    if not pending:
        return False
    address = email_addresses.decrypt_subscriber(system.keyring, person.sealed, person.public_id).address
    mail = await queue_within_limit(
        connection, system, person.id, MailKind.CONFIRMATION, address, now, suppression=reason
    )
    if mail.delivery_id != request.confirmation_id:
        await subscriptions.name_anew(connection, pending, mail.delivery_id, now)
    return mail.is_new
