"""Declining a sign-up in one's name: no more mail to that address, and the owner's way back."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions.consent_record import Origin, record_consent
from service.crypto.link_tokens import InvalidToken, Purpose, SignedLink, make_token
from service.domain.subscription import EndReason, SubscriptionState
from service.store.people import erasure, subscribers, subscriptions, suppressions
from service.store.people.consents import ConsentKind
from service.store.people.suppressions import Reason
from service.system import System

#: How long the way back works that is shown with the block.
WAY_BACK = timedelta(days=90)


async def way_back(connection: AsyncConnection, system: System, link: SignedLink, now: datetime) -> str:
    """A token by which the mailbox's owner may sign up again, though the row may be erased by then.

    Empty when the person is erased. Raises InvalidToken for an address that the person has left.
    """
    person = _still_there(link, await subscribers.get(connection, link.subject))
    if person is None:
        return ""
    return make_token(system.keyring, Purpose.AGAIN, 0, now + WAY_BACK, email_index=person.email_index)


async def decline(
    connection: AsyncConnection, system: System, link: SignedLink, origin: Origin, now: datetime
) -> None:
    """Suppresses the address and ends what was asked for in its name. Idempotent.

    Whoever never confirmed is erased whole; a confirmed person's past consents stay as evidence. Raises
    InvalidToken for an address that the person has left: it says nothing about the one they have now.
    """
    person = _still_there(link, await subscribers.lock(connection, link.subject))
    if person is None:
        return
    await suppressions.add(connection, person.email_index, Reason.DECLINED, source="page", now=now)
    if person.confirmed_at is None:
        await erasure.erase(connection, person.id)
        return
    held = await subscriptions.with_states(
        connection, person.id, SubscriptionState.ACTIVE, SubscriptionState.PENDING
    )
    if not held:
        return
    await subscriptions.end(connection, person.id, reason=EndReason.DECLINED, now=now)
    await record_consent(
        connection,
        system,
        person.id,
        ConsentKind.DECLINED,
        at=now,
        origin=origin,
        terms_version=person.terms_version,
        topics=[row.key for row in held],
    )


def _still_there(link: SignedLink, person: Row[Any] | None) -> Row[Any] | None:
    if person is not None and not link.belongs_to(person.email_index):
        raise InvalidToken("this link went to an address that its reader has left")
    return person
