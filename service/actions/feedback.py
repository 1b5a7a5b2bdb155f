"""Applies feedback messages: bounces, complaints and unsubscribes, from the API and the LMTP listener."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, cast

import structlog
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions import canary, change_address, unsubscribe
from service.actions.consent_record import open_consents, record_consent
from service.crypto.keyring import DecryptionError
from service.crypto.link_tokens import InvalidToken, Scope, read_unsubscribe_token
from service.domain.delivery import verp
from service.domain.delivery.kinds import TO_OTHER_ADDRESS, MailKind
from service.domain.delivery.smtp_reply import OutcomeKind
from service.domain.delivery.suppression import FEEDBACK, Reason
from service.domain.subscription import EndReason, SubscriptionState
from service.mail.inbound.feedback import Feedback, FeedbackKind, read_feedback
from service.redis.job_queue import Redis
from service.store.digests import rollback
from service.store.mail import deliveries
from service.store.people import address_changes, consents, subscribers, subscriptions, suppressions
from service.store.people.bounces import apply_outcome
from service.store.people.consents import ConsentKind
from service.system import System

_log = structlog.get_logger("feedback")

#: The time after sending within which a bounce or complaint is accepted; an unsubscribe is always accepted.
MAX_BOUNCE_AGE = timedelta(days=30)
#: Redis hash of the counts by "kind:effect", read by /metrics.
COUNTS = "trial-alerts:feedback"
_LONGEST_COUNT = 0.5  # seconds

_BOUNCES = (FeedbackKind.BOUNCED_HARD, FeedbackKind.BOUNCED_SOFT, FeedbackKind.BOUNCED_OTHER)
_OF_READERS = (FeedbackKind.COMPLAINT, FeedbackKind.UNSUBSCRIBE)


class Effect(StrEnum):
    """The effect of a feedback message. All but APPLIED change nothing."""

    APPLIED = "applied"  # the mail bounced, or its reader was unsubscribed or suppressed
    NOT_OURS = "not_ours"  # it refers to no mail of ours, or by a forged token
    TOO_OLD = "too_old"  # the mail was sent more than MAX_BOUNCE_AGE ago
    REPEATED = "repeated"  # the mail had failed or been complained about before, or nothing is left to end
    NO_ACTION = "no_action"  # a reply, a delay, spam, "not spam"


class _Mail(NamedTuple):
    """The sent mail that a feedback message refers to."""

    delivery_id: int
    kind: str
    subscriber_id: int
    sent_at: datetime
    digest_id: int | None


async def process_feedback(system: System, raw: bytes, recipients: list[str], now: datetime) -> Effect:
    """Applies a raw feedback message and counts it. `recipients`: its envelope recipients, if known.

    Only a signed token authenticates it: messages with forged, altered or stale tokens, and those that are
    no bounce, complaint or unsubscribe, change nothing.
    """
    if await canary.recognize(system, raw, now):
        return Effect.APPLIED
    return await apply_feedback(system, read_feedback(raw, recipients), now)


async def apply_feedback(system: System, feedback: Feedback, now: datetime) -> Effect:
    """Applies feedback that was read already, and counts it."""
    effect = await _apply(system, feedback, now)
    await _count(system.redis, feedback.kind, effect)
    return effect


async def _apply(system: System, feedback: Feedback, now: datetime) -> Effect:
    if feedback.kind not in (*_BOUNCES, *_OF_READERS):
        return Effect.NO_ACTION
    async with system.reading() as connection:
        mail = await _find_mail(connection, system, feedback)
    if mail is None:
        return Effect.NOT_OURS
    if feedback.kind is not FeedbackKind.UNSUBSCRIBE and now - mail.sent_at > MAX_BOUNCE_AGE:
        return Effect.TOO_OLD
    async with system.writing() as connection:
        if await subscribers.lock(connection, mail.subscriber_id) is None:
            return Effect.NOT_OURS
        if feedback.kind in _OF_READERS:
            return await _withdraw(connection, system, mail, feedback.kind, now)
        return await _bounce(connection, feedback, mail, now)


async def _find_mail(connection: AsyncConnection, system: System, feedback: Feedback) -> _Mail | None:
    """Finds the mail by its return address; for complaints and unsubscribes also by the copy they contain.

    Only the recipient of the mail knows these values: two are signed, and a Message-ID can't be guessed.
    """
    if feedback.token is not None:
        mail = await _sent(connection, verp.read(feedback.token, system.keyring.mac_keys("verp")))
        if mail is not None or not feedback.is_verified:
            return mail
    if feedback.kind not in _OF_READERS and not feedback.is_verified:
        return None
    if feedback.unsubscribe_token is not None:
        mail = await _by_link(connection, system, feedback.unsubscribe_token)
        if mail is not None:
            return mail
    if feedback.message_key is None:
        return None
    return await _sent(connection, await deliveries.by_message_key(connection, feedback.message_key))


async def _by_link(connection: AsyncConnection, system: System, token: str) -> _Mail | None:
    try:
        link = read_unsubscribe_token(token)
    except InvalidToken:
        return None
    if link.scope is not Scope.DELIVERY:
        return None
    person = await unsubscribe.owner(connection, system, link)
    if person is None:
        return None
    mail = await _sent(connection, link.reference)
    return mail if mail is not None and mail.subscriber_id == person.id else None


async def _sent(connection: AsyncConnection, delivery_id: int | None) -> _Mail | None:
    row = None if delivery_id is None else await deliveries.sent_to(connection, delivery_id)
    if delivery_id is None or row is None or row.first_attempt_at is None:
        return None
    return _Mail(delivery_id, row.kind, row.subscriber_id, row.first_attempt_at, row.digest_id)


async def _is_of_this_address(connection: AsyncConnection, mail: _Mail) -> bool:
    """Whether the mail was sent to the person's present address: only that one may be suppressed."""
    if mail.kind in TO_OTHER_ADDRESS:
        return False
    return not await address_changes.done_since(connection, mail.subscriber_id, mail.sent_at)


async def _bounce(connection: AsyncConnection, feedback: Feedback, mail: _Mail, now: datetime) -> Effect:
    """Treats a mail that came back as one that was refused: the next digest reports what it would have."""
    assert feedback.outcome is not None
    soft = feedback.kind is FeedbackKind.BOUNCED_SOFT
    kind = OutcomeKind.SOFT_BOUNCE if soft else feedback.outcome.kind
    words = feedback.outcome.server_reply
    if not await deliveries.mark_bounced(connection, mail.delivery_id, str(kind), words, now):
        return Effect.REPEATED
    if mail.digest_id is not None:
        await rollback.roll_back_digest(connection, mail.digest_id)
    if await _is_of_this_address(connection, mail):
        await apply_outcome(connection, mail.subscriber_id, kind, source=FEEDBACK, now=now)
    return Effect.APPLIED


async def _withdraw(
    connection: AsyncConnection, system: System, mail: _Mail, kind: FeedbackKind, now: datetime
) -> Effect:
    """Ends all subscriptions of the person and records the withdrawal; a complaint also suppresses.

    Of a complaint's reports, which a webhook and a mailbox may both bring, the first one counts: a later one
    ends nothing that the person has requested again since.
    """
    complaint = kind is FeedbackKind.COMPLAINT
    if mail.kind == MailKind.ADDRESS_CHANGE:  # its recipient is no subscriber: a mistyped address
        return await _refuse_change(connection, system, mail, now) if complaint else Effect.NO_ACTION
    key = await consents.key_of_mail(connection, mail.delivery_id)
    if complaint and await _was_reported(connection, system, mail.subscriber_id, key):
        return Effect.REPEATED
    reason = EndReason.COMPLAINT if complaint else EndReason.UNSUBSCRIBED
    followed = await subscriptions.with_states(
        connection, mail.subscriber_id, SubscriptionState.ACTIVE, SubscriptionState.PENDING
    )
    await subscriptions.end(connection, mail.subscriber_id, reason=reason, now=now)
    person = await subscribers.get(connection, mail.subscriber_id)
    suppressed = (
        complaint
        and person is not None
        and await _is_of_this_address(connection, mail)
        and await suppressions.add(connection, person.email_index, Reason.COMPLAINT, source=FEEDBACK, now=now)
    )
    if not followed and not suppressed:
        return Effect.REPEATED
    await record_consent(
        connection,
        system,
        mail.subscriber_id,
        ConsentKind.WITHDRAWN,
        at=now,
        topics=[row.key for row in followed],
        form="mail",
        message=key,
        reason=reason,
    )
    return Effect.APPLIED


async def _was_reported(
    connection: AsyncConnection, system: System, subscriber_id: int, key: str | None
) -> bool:
    """Whether a complaint about the mail with this key has withdrawn a consent before."""
    withdrawn = [
        row for row in await consents.of(connection, subscriber_id) if row.kind == ConsentKind.WITHDRAWN
    ]
    try:
        opened = await open_consents(connection, system.keyring, withdrawn)
    except DecryptionError:
        return False
    return key is not None and any(
        known.get("message") == key and known.get("reason") == EndReason.COMPLAINT for _, known in opened
    )


async def _refuse_change(connection: AsyncConnection, system: System, mail: _Mail, now: datetime) -> Effect:
    """Suppresses the address that the mail asked to confirm, and withdraws the change if it is pending."""
    change = await address_changes.pending(connection, mail.subscriber_id)
    if change is None or change.created_at > mail.sent_at:  # the mail was about an earlier one
        return Effect.NO_ACTION
    try:
        index = system.addresses.of(change_address.new_address_of(system, change))
    except DecryptionError:
        return Effect.NO_ACTION
    await suppressions.add(connection, index, Reason.COMPLAINT, source=FEEDBACK, now=now)
    await address_changes.withdraw(connection, change.id)
    return Effect.APPLIED


async def _count(redis: Redis, kind: FeedbackKind, effect: Effect) -> None:
    """Counts it; without Redis the count is lost, never the message."""
    try:
        async with asyncio.timeout(_LONGEST_COUNT):
            await cast(Awaitable[int], redis.hincrby(COUNTS, f"{kind}:{effect}", 1))
    except (RedisError, OSError, TimeoutError) as error:
        _log.warning("feedback_not_counted", error=type(error).__name__)
