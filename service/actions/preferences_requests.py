"""What people ask for about themselves: a fresh link to their preferences, another address."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions.requested_mail import queue_within_limit
from service.crypto.link_tokens import short_index
from service.crypto.sealed_json import CONTEXT, open_json, seal_json
from service.request_queue import AddressChangeRequest, PreferencesLink
from service.store.mail import deliveries
from service.store.people import address_changes, subscribers, suppressions
from service.store.people.suppressions import LIFTED_BY_SIGN_UP
from service.system import System


async def preferences_link(
    connection: AsyncConnection, system: System, wish: PreferencesLink, now: datetime
) -> bool:
    """Queues a link to the preferences of a confirmed person, for when the mailbox's limit allows it.

    Who unsubscribed from everything may still come back to their data: this mail goes all the same, and
    nothing is lifted by asking for it. Returns whether a mail was queued.
    """
    index = system.addresses.of(wish.email)
    person = await subscribers.find(connection, index)
    if person is None or person.confirmed_at is None:
        return False
    reason = await suppressions.reason_of(connection, index)
    if reason is not None and reason not in LIFTED_BY_SIGN_UP:
        return False
    mail = await queue_within_limit(
        connection, system, person.id, "preferences_link", wish.email, now, suppression=reason
    )
    return mail is not None and mail.is_new


async def new_address(
    connection: AsyncConnection, system: System, wish: AddressChangeRequest, now: datetime
) -> bool:
    """Keeps the wish for another address and queues the question to it, for when that mailbox's limit
    allows it.

    Whether the address is somebody's already is told to nobody but its owner, on the page that the mail
    leads to. Returns whether a mail was queued.
    """
    person = await subscribers.lock(connection, wish.subscriber_id)
    index = system.addresses.of(wish.email)
    if person is None or index == person.email_index or wish.address != short_index(person.email_index):
        return False
    reason = await suppressions.reason_of(connection, index)
    if reason is not None and reason not in LIFTED_BY_SIGN_UP:
        return False
    if await _is_asked_already(connection, system, person.id, wish.email, now):
        return False
    asked = {"address": wish.email}
    sealed = seal_json(system.keyring, CONTEXT, person.id, asked)
    change_id = await address_changes.create(connection, person.id, sealed, now)
    context = seal_json(system.keyring, CONTEXT, person.id, asked | {"change_id": change_id})
    mail = await queue_within_limit(
        connection, system, person.id, "address_change", wish.email, now, context=context
    )
    return mail is not None


async def _is_asked_already(
    connection: AsyncConnection, system: System, subscriber_id: int, address: str, now: datetime
) -> bool:
    """Whether the question waits to go to this address. One that waits to go to another address ends."""
    waiting = await deliveries.untried(connection, subscriber_id, "address_change")
    earlier = await address_changes.pending(connection, subscriber_id)
    if waiting is None or earlier is None:
        return False
    if open_json(system.keyring, CONTEXT, subscriber_id, earlier.sealed)["address"] == address:
        return True
    await deliveries.cancel(connection, waiting, "replaced", now)
    return False
