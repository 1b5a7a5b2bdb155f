"""Declining a sign-up that somebody else made: suppresses the address, with a way back for its owner."""

from datetime import datetime
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


class WayBack(NamedTuple):
    """The content of the page: `again` is a token by which the mailbox's owner may sign up again, even after
    the row was erased. `follows`: updates are sent to the address. The defaults are those of a person who was
    erased.
    """

    again: str = ""
    locale: str | None = None
    follows: bool = False


class Declined(NamedTuple):
    """Whether the address is suppressed, and the person's locale.

    It is not if the person was erased and the link is an old one, which lacks the whole index of the address.
    """

    is_suppressed: bool
    locale: str | None = None


async def way_back(connection: AsyncConnection, system: System, link: SignedLink) -> WayBack:
    """The way back of the address of the link. Raises InvalidToken for a former address of the person."""
    person = await _owner(connection, link)
    index = person.email_index if person else link.email_index
    if not index:
        return WayBack()
    again = again_token(system, index)
    if person is None:
        return WayBack(again)
    return WayBack(again, person.locale, bool(await subscriptions.active(connection, person.id)))


def again_token(system: System, email_index: bytes) -> str:
    """The token by which the owner of a suppressed address may sign up again; never expires, since nothing
    else can lift the suppression."""
    return make_token(system.keyring, Purpose.AGAIN, 0, None, email_index=email_index)


async def decline(
    connection: AsyncConnection, system: System, link: SignedLink, origin: Origin, now: datetime
) -> Declined:
    """Suppresses the address of the link, whether or not its person is still there. Idempotent.

    Raises InvalidToken for a former address of the person: its reader can't decline for the present address.
    """
    person = await _owner(connection, link, lock=True)
    index = person.email_index if person else link.email_index
    if not index:
        return Declined(is_suppressed=False)
    await suppress(connection, system, index, person, origin, now, source="page")
    return Declined(is_suppressed=True, locale=person.locale if person else None)


async def suppress(
    connection: AsyncConnection,
    system: System,
    index: bytes,
    person: Subscriber | None,
    origin: Origin,
    now: datetime,
    *,
    source: str,
) -> None:
    """Suppresses an address, and ends the pending and active subscriptions of its person, who is locked.

    A subscriber who never confirmed is erased; past consents of a confirmed one are kept as evidence.
    """
    await suppressions.add(connection, index, Reason.DECLINED, source=source, now=now)
    if person is None:
        return
    if person.confirmed_at is None:
        await erasure.erase(connection, person.id)
        return
    followed = await subscriptions.with_states(
        connection, person.id, SubscriptionState.ACTIVE, SubscriptionState.PENDING
    )
    if not followed:
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
        topics=[row.key for row in followed],
    )


async def _owner(connection: AsyncConnection, link: SignedLink, *, lock: bool = False) -> Subscriber | None:
    """The person whose address the link was mailed to, also one who was erased and signed up again."""
    find = subscribers.lock if lock else subscribers.get
    person = await find(connection, link.subject)
    if person is not None and not link.belongs_to(person.email_index):
        raise InvalidToken("the subscriber has changed the address that this link was sent to")
    if person is None and link.email_index:
        return await owner_of(connection, link.email_index, lock=lock)
    return person


async def owner_of(
    connection: AsyncConnection, email_index: bytes, *, lock: bool = False
) -> Subscriber | None:
    """The subscriber of an address, locked if asked for."""
    number = await subscribers.id_of(connection, email_index)
    if number is None:
        return None
    person = await (subscribers.lock if lock else subscribers.get)(connection, number)
    return person if person and person.email_index == email_index else None
