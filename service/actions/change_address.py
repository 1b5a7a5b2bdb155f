"""Changes of a subscriber's address: requested, confirmed or declined from the new mailbox, and applied."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from service import request_queue
from service.actions import personal_data
from service.actions.consent_record import Origin
from service.actions.decline import owner_of, suppress
from service.actions.requested_mail import queue_within_limit
from service.crypto import email_addresses
from service.crypto.keyring import DecryptionError
from service.crypto.link_tokens import InvalidToken, Purpose, read_token, short_index
from service.crypto.sealed_json import CONTEXT, open_json, seal_json
from service.domain.delivery.kinds import MailKind
from service.domain.delivery.states import FinishReason
from service.domain.delivery.suppression import LIFTED_BY_CONFIRMATION, refuses_request
from service.request_queue import AddressChangeRequest, RequestKind
from service.store.mail import deliveries, quota
from service.store.people import address_changes, cursors, subscribers, suppressions
from service.store.people.rows import AddressChange, Subscriber
from service.system import System


class AddressTaken(Exception):
    """Another person has confirmed that address."""


async def request(
    connection: AsyncConnection, system: System, person: Subscriber, email: str, now: datetime
) -> None:
    """Queues a person's request for another address, whether or not that address is in use.

    Notify Job.PROCESS_REQUESTS after the commit.
    """
    requested = AddressChangeRequest(person.id, email, short_index(person.email_index))
    await request_queue.enqueue(
        connection, system.keyring, person.bucket, RequestKind.NEW_ADDRESS, requested, now
    )


async def queue_confirmation(
    connection: AsyncConnection, system: System, requested: AddressChangeRequest, now: datetime
) -> bool:
    """Stores the requested change and queues a confirmation mail to the new address, at the time that the
    mailbox's limit allows.

    Only the owner of the new address learns whether it is in use, on the page that the mail links to. Returns
    whether a mail was queued.
    """
    person = await subscribers.lock(connection, requested.subscriber_id)
    index = system.addresses.of(requested.email)
    if person is None or index == person.email_index or requested.address != short_index(person.email_index):
        return False
    reason = await suppressions.reason_of(connection, index)
    if refuses_request(reason):
        return False
    earlier = await _pending_to(connection, system, person.id, requested.email)
    waiting = await deliveries.untried(connection, person.id, MailKind.ADDRESS_CHANGE)
    if waiting is not None and earlier is None:
        await deliveries.cancel(connection, waiting.id, FinishReason.REPLACED, now)
    if waiting is not None and earlier is not None:
        # It may be due in days; a repeated request moves it ahead of others.
        mail = await queue_within_limit(
            connection, system, person.id, MailKind.ADDRESS_CHANGE, requested.email, now
        )
        return mail.is_new
    asked = {"address": requested.email}
    sealed = seal_json(system.keyring, CONTEXT, person.id, asked)
    if earlier is not None:  # the links of the mails before confirm it too
        change_id = earlier.id
        await address_changes.renew(connection, change_id, now)
    else:
        change_id = await address_changes.create(connection, person.id, sealed, now)
    context = seal_json(system.keyring, CONTEXT, person.id, asked | {"change_id": change_id})
    await queue_within_limit(
        connection, system, person.id, MailKind.ADDRESS_CHANGE, requested.email, now, context=context
    )
    return True


async def _pending_to(
    connection: AsyncConnection, system: System, subscriber_id: int, address: str
) -> AddressChange | None:
    """The person's unconfirmed change to this address; None if there is none, or none that can be read."""
    change = await address_changes.pending(connection, subscriber_id)
    try:
        return change if change and new_address_of(system, change) == address else None
    except DecryptionError:
        return None


def new_address_of(system: System, change: AddressChange) -> str:
    """The new address of a change, decrypted."""
    return str(open_json(system.keyring, CONTEXT, change.subscriber_id, change.sealed)["address"])


async def find(connection: AsyncConnection, system: System, token: str, now: datetime) -> AddressChange:
    """Returns the change that a link refers to, whether pending or confirmed.

    Raises InvalidToken, also for a change that was replaced or withdrawn, whose subscriber was erased, that
    was confirmed and followed by another change, or whose stored address can't be read.
    """
    number = read_token(system.keyring, Purpose.ADDRESS, token, now).subject
    change = await address_changes.get(connection, number)
    if change is None:
        raise InvalidToken("this change of address is over")
    try:
        new = new_address_of(system, change)
    except DecryptionError as error:
        raise InvalidToken("this change of address can't be read") from error
    if change.done_at is not None:
        person = await subscribers.get(connection, change.subscriber_id)
        if person is None or person.email_index != system.addresses.of(new):
            raise InvalidToken("this change of address is over")
    return change


async def locale_of(connection: AsyncConnection, change: AddressChange | None) -> str | None:
    """The locale of the person whose change it is; None if it is gone."""
    if change is None:
        return None
    person = await subscribers.get(connection, change.subscriber_id)
    return None if person is None else person.locale


async def confirm(connection: AsyncConnection, system: System, token: str, now: datetime) -> bool:
    """Puts the new address into the person's row and queues a notice to the old one. Idempotent.

    False when it was done before. Raises InvalidToken and AddressTaken. Notify Job.DELIVER after the commit.
    """
    found = await find(connection, system, token, now)
    person = await subscribers.lock(connection, found.subscriber_id)
    change = await find(connection, system, token, now)
    if person is None:
        raise InvalidToken("this change of address is over")
    if change.done_at is not None:
        return False
    await _apply(connection, system, person, change, now)
    return True


async def _apply(
    connection: AsyncConnection, system: System, person: Subscriber, change: AddressChange, now: datetime
) -> None:
    """Raises AddressTaken if another confirmed subscriber has the address.

    Raises InvalidToken if the person's own address can't be read.

    An unconfirmed subscriber with that address is deleted: the owner of the mailbox has just confirmed.
    """
    keyring, new = system.keyring, new_address_of(system, change)
    try:
        old = email_addresses.decrypt_subscriber(keyring, person.sealed, person.public_id)
    except DecryptionError as error:
        raise InvalidToken("the address of before can't be read") from error
    index = system.addresses.of(new)
    other = await owner_of(connection, index, lock=True)  # who may be confirming at this moment
    if other is not None and other.id != person.id:
        if other.confirmed_at is not None:
            raise AddressTaken
        await personal_data.erase(connection, system, other.id, requested=False)
    identity = email_addresses.SubscriberIdentity(new, old.link_secret)
    changed = await address_changes.apply(
        connection,
        change,
        email_index=index,
        sealed=email_addresses.encrypt_subscriber(keyring, identity, person.public_id),
        key_id=keyring.current_key_id(email_addresses.PURPOSE),
        now=now,
    )
    if not changed:
        raise AddressTaken
    await suppressions.lift(connection, index, LIFTED_BY_CONFIRMATION)
    await cursors.mark_behind(connection, person.id)
    if await suppressions.reason_of(connection, person.email_index) is None:
        former = seal_json(keyring, CONTEXT, person.id, {"address": old.address})
        # Not subject to the mailbox's limit: its owner may not have requested the change.
        await quota.count(connection, system.addresses.mailbox(old.address), now)
        await deliveries.queue(connection, person.id, MailKind.ADDRESS_CHANGED, now=now, context=former)


class DeclinedChange(NamedTuple):
    """The address that a link to decline was mailed to, as its index, and the change if it is pending."""

    email_index: bytes
    change: AddressChange | None


async def find_to_decline(
    connection: AsyncConnection, system: System, token: str, now: datetime
) -> DeclinedChange:
    """The change that a link to decline refers to. The link never expires, and works when the change is gone.

    Raises InvalidToken after the change was confirmed. The link to confirm it can decline too, in its time.
    """
    try:
        link = read_token(system.keyring, Purpose.ADDRESS_DECLINE, token, now)
    except InvalidToken:
        change: AddressChange | None = await find(connection, system, token, now)
        assert change is not None
        index = system.addresses.of(new_address_of(system, change))
    else:
        change, index = await address_changes.get(connection, link.subject), link.email_index
    if change is not None and change.done_at is not None:
        raise InvalidToken("this change of address is done")
    return DeclinedChange(index, change)


async def decline(
    connection: AsyncConnection, system: System, found: DeclinedChange, origin: Origin, now: datetime
) -> None:
    """Withdraws the change and suppresses the new address for everybody. Idempotent."""
    index, change = found
    person = await owner_of(connection, index, lock=True)
    await suppress(connection, system, index, person, origin, now, source="address change")
    if change is not None:
        await address_changes.withdraw(connection, change.id)
