"""Confirming a sign-up: what one mail asked its reader to confirm, and the explicit consent to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions.consent_record import Origin, record_consent
from service.crypto.link_tokens import SignedLink
from service.domain.consent_text import ConsentText, TopicChoice, consent_text
from service.domain.subscription import EndReason, SubscriptionState
from service.domain.wording.topic_names import named
from service.store.people import consents, cursors, subscribers, subscriptions, suppressions, terms
from service.store.people.consents import ConsentKind
from service.store.people.terms import Terms
from service.system import System


class NothingToConfirm(LookupError):
    """The subscriber is erased or has left that address, or nothing that the mail named is followed still."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What one mail asked for: what of it is pending, what is followed already, and the terms in force.

    `is_new`: it was confirmed just now.
    """

    subscriber: Row[Any]
    pending: Sequence[Row[Any]]
    active: Sequence[Row[Any]]
    terms: Terms | None
    is_new: bool = False


class ConsentNotShown(Exception):
    """The page that was answered did not show what would be agreed to now."""

    def __init__(self, confirmation: Confirmation) -> None:
        super().__init__("another text was shown than the one to agree to")
        self.confirmation = confirmation


async def load(
    connection: AsyncConnection, system: System, link: SignedLink, *, lock: bool = False
) -> Confirmation:
    """What the link's mail asked for. Raises NothingToConfirm."""
    found = await _load(connection, link, lock=lock)
    if found is None or not (found.pending or found.active):
        raise NothingToConfirm
    return found


async def _load(connection: AsyncConnection, link: SignedLink, *, lock: bool = False) -> Confirmation | None:
    """None when the person is erased, or was written to at an address that they have left since."""
    find = subscribers.lock if lock else subscribers.get
    person = await find(connection, link.subject)
    if person is None or not link.belongs_to(person.email_index):
        return None
    held = await subscriptions.with_states(
        connection, person.id, SubscriptionState.PENDING, SubscriptionState.ACTIVE, SubscriptionState.ENDED
    )
    named_by_mail = [row for row in held if row.confirmation_id == link.reference]
    topics = {row.topic_id for row in named_by_mail}
    return Confirmation(
        person,
        [row for row in named_by_mail if row.state == SubscriptionState.PENDING],
        [row for row in held if row.state == SubscriptionState.ACTIVE and row.topic_id in topics],
        await terms.current(connection),
    )


def text_of(system: System, confirmation: Confirmation) -> ConsentText:
    """The statement that the page shows, and that is agreed to."""
    settings = system.settings
    return consent_text(
        [TopicChoice(named(row), row.frequency) for row in confirmation.pending],
        sender=parseaddr(settings.mail_from)[0] or settings.mail_domain,
        terms_version=confirmation.terms.version if confirmation.terms else "",
        terms_url=settings.terms_url,
        privacy_url=settings.privacy_url,
        translate=str,
    )


async def confirm(
    connection: AsyncConnection, system: System, link: SignedLink, shown: str, origin: Origin, now: datetime
) -> Confirmation:
    """Activates what the page showed; `shown` is the digest of its text. Idempotent.

    Raises NothingToConfirm, and ConsentNotShown when another text was shown, or none.
    """
    found = await load(connection, system, link, lock=True)
    if not found.pending:
        return found
    text = text_of(system, found)
    if shown != text.digest:
        raise ConsentNotShown(found)
    await _activate(connection, system, found, text, link.reference, origin, now)
    fresh = await _load(connection, link)
    assert fresh is not None
    return replace(fresh, is_new=True)


async def _activate(
    connection: AsyncConnection,
    system: System,
    found: Confirmation,
    text: ConsentText,
    confirmation_id: int,
    origin: Origin,
    now: datetime,
) -> None:
    person, version = found.subscriber, found.terms.version if found.terms else None
    await _lift_suppression(connection, found, now)
    await subscriptions.activate_pending(connection, person.id, now, ids=[row.id for row in found.pending])
    await subscribers.change(
        connection, person.id, confirmed_at=person.confirmed_at or now, terms_version=version
    )
    await record_consent(
        connection,
        system,
        person.id,
        ConsentKind.CONFIRMED,
        at=now,
        origin=origin,
        terms_version=version,
        wording_sha256=await consents.keep_wording(connection, text.wording),
        topics=[row.key for row in found.pending],
        shown=text.wishes,
        locale=person.locale,
        message=await consents.confirmation_mail(connection, confirmation_id),
    )


async def _lift_suppression(connection: AsyncConnection, found: Confirmation, now: datetime) -> None:
    """The consent of the mailbox's owner ends a suppression.

    Whoever wanted no mail at all follows nothing older again.
    """
    person = found.subscriber
    reason = await suppressions.reason_of(connection, person.email_index)
    if reason is None:
        return
    if not await suppressions.lift(connection, person.email_index, suppressions.LIFTED_FROM_PAGE):
        return
    await cursors.mark_behind(connection, person.id)
    if reason != suppressions.Reason.SOFT_BOUNCES:
        confirmed = {row.topic_id for row in found.pending}
        active = await subscriptions.active(connection, person.id)
        older = [row.topic_id for row in active if row.topic_id not in confirmed]
        await subscriptions.end(
            connection, person.id, reason=EndReason.UNSUBSCRIBED, now=now, topic_ids=older
        )
