"""What people ask for about themselves: a fresh link to their preferences, another address."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.inbox import NewAddress, PreferencesLink
from service.keys.context import seal_context
from service.store import address_changes, cursors, deliveries, quota, subscribers, suppressions
from service.store.suppressions import LIFTED_BY_SIGN_UP
from service.system import System


async def preferences_link(
    connection: AsyncConnection, system: System, wish: PreferencesLink, now: datetime
) -> bool:
    """Queues a link to the preferences of a confirmed person, within the mailbox's limit.

    Who unsubscribed from everything may still come back to their data: asking lifts that, and nothing
    but this mail follows. Returns whether a mail was queued.
    """
    index = system.addresses.of(wish.email)
    person = await subscribers.find(connection, index)
    if person is None or person.confirmed_at is None:
        return False
    if not await _may_be_asked(connection, system, index, wish.email, now):
        return False
    if await suppressions.lift(connection, index, LIFTED_BY_SIGN_UP):
        await cursors.leave_behind(connection, person.id)
    await deliveries.queue(connection, person.id, "preferences_link", now=now)
    return True


async def new_address(connection: AsyncConnection, system: System, wish: NewAddress, now: datetime) -> bool:
    """Keeps the wish for another address and queues the question to it, within that mailbox's limit.

    Whether the address is somebody's already is told to nobody but its owner, on the page that the mail
    leads to. Returns whether a mail was queued.
    """
    person = await subscribers.lock(connection, wish.subscriber_id)
    index = system.addresses.of(wish.email)
    if person is None or index == person.email_index:
        return False
    if not await _may_be_asked(connection, system, index, wish.email, now):
        return False
    asked = {"address": wish.email}
    sealed = seal_context(system.keyring, person.id, asked)
    change_id = await address_changes.ask(connection, person.id, sealed, now)
    context = seal_context(system.keyring, person.id, asked | {"change_id": change_id})
    await deliveries.queue(connection, person.id, "address_change", now=now, context=context)
    return True


async def _may_be_asked(
    connection: AsyncConnection, system: System, index: bytes, address: str, now: datetime
) -> bool:
    """Whether the mailbox may get one more mail that somebody asked for; counts it."""
    reason = await suppressions.reason_of(connection, index)
    if reason is not None and reason not in LIFTED_BY_SIGN_UP:
        return False
    return await quota.take(connection, system.addresses.bucket(address), now)
