"""Declining a sign-up that somebody else made: suppresses the address, with a way back for its owner."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions.consent_record import Origin, record_consent
from service.crypto.link_tokens import InvalidToken, Purpose, SignedLink, make_token
from service.domain.delivery.suppression import Reason
from service.domain.subscription import EndReason, SubscriptionState
from service.store.people import erasure, subscribers, subscriptions, suppressions
from service.store.people.consents import ConsentKind
from service.store.people.rows import Subscriber
from service.system import System

#: How long the link to sign up again, which is shown after declining, is valid.
WAY_BACK = timedelta(days=90)


class WayBack(NamedTuple):
    """What the page shows: `again` is a token by which the mailbox's owner may sign up again, even after the
    row was erased. `follows`: updates are sent to the address. The defaults are those of a person who was
    erased."""

    again: str = ""
    locale: str | None = None
    follows: bool = False


async def way_back(connection: AsyncConnection, system: System, link: SignedLink, now: datetime) -> WayBack:
    """The way back of the person of the link. Raises InvalidToken for a former address of the person."""
    person = _still_there(link, await subscribers.get(connection, link.subject))
    if person is None:
        return WayBack()
    again = make_token(system.keyring, Purpose.AGAIN, 0, now + WAY_BACK, email_index=person.email_index)
    return WayBack(again, person.locale, bool(await subscriptions.active(connection, person.id)))


async def decline(
    connection: AsyncConnection, system: System, link: SignedLink, origin: Origin, now: datetime
) -> str | None:
    """Suppresses the address and ends its pending and active subscriptions. Idempotent. Returns the locale.

    A subscriber who never confirmed is erased; past consents of a confirmed one are kept as evidence. Raises
    InvalidToken for a former address of the person: its reader can't decline for the present address.
    """
    person = _still_there(link, await subscribers.lock(connection, link.subject))
    if person is None:
        return None
    await suppressions.add(connection, person.email_index, Reason.DECLINED, source="page", now=now)
    if person.confirmed_at is None:
        await erasure.erase(connection, person.id)
        return str(person.locale)
    followed = await subscriptions.with_states(
        connection, person.id, SubscriptionState.ACTIVE, SubscriptionState.PENDING
    )
    if not followed:
        return str(person.locale)
    await subscriptions.end(connection, person.id, reason=EndReason.DECLINED, now=now)
    await record_consent(
        connection,
        system,
        person.id,
        ConsentKind.DECLINED,
        at=now,
        origin=origin,
        terms_version=person.terms_version,
        topics=[row.key for row in followed],
    )
    return str(person.locale)


def _still_there(link: SignedLink, person: Subscriber | None) -> Subscriber | None:
    if person is not None and not link.belongs_to(person.email_index):
        raise InvalidToken("the subscriber has changed the address that this link was sent to")
    return person
