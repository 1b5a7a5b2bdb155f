"""The preferences page: the link to it, its owner, its content, and the settings of mail."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from service import request_queue
from service.actions.follow import too_broad
from service.actions.merged_topics import removed_topics
from service.actions.requested_mail import queue_within_limit
from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.keyring import DecryptionError, Keyring
from service.crypto.link_tokens import InvalidToken, Purpose, read_token
from service.domain.buckets import bucket_of_index
from service.domain.delivery.kinds import MailKind
from service.domain.delivery.suppression import BOUNCES, Reason, refuses_request
from service.domain.digests.time_zones import in_zone, zone_of
from service.domain.subscription import SubscriptionState
from service.request_queue import PreferencesLinkRequest, RequestKind
from service.store.digests import rollback
from service.store.people import (
    cursors,
    export,
    subscribers,
    subscriptions,
    suppressions,
    terms,
    terms_notices,
)
from service.store.people.export import SentMail
from service.store.people.rows import Subscriber, Subscription
from service.store.people.terms import Terms
from service.system import System


async def request_link(connection: AsyncConnection, system: System, email: str, now: datetime) -> None:
    """Queues the request for a link, whether or not a subscriber has that address.

    Notify Job.PROCESS_REQUESTS after the commit.
    """
    await request_queue.enqueue(
        connection,
        system.keyring,
        bucket_of_index(system.addresses.mailbox(email)),
        RequestKind.PREFERENCES_LINK,
        PreferencesLinkRequest(email),
        now,
    )


async def send_link(
    connection: AsyncConnection, system: System, request: PreferencesLinkRequest, now: datetime
) -> bool:
    """Queues a link to the preferences of a confirmed person, at the time that the mailbox's limit allows.

    It is sent in spite of an unsubscription from all mail, since people keep access to their data; requesting
    it does not lift the suppression. Returns whether a mail was queued.
    """
    index = system.addresses.of(request.email)
    person = await subscribers.find(connection, index)
    if person is None or person.confirmed_at is None:
        return False
    reason = await suppressions.reason_of(connection, index)
    if refuses_request(reason):
        return False
    mail = await queue_within_limit(
        connection, system, person.id, MailKind.PREFERENCES_LINK, request.email, now, suppression=reason
    )
    return mail.is_new


def end_of_pause(person: Subscriber, now: datetime) -> date | None:
    """The day in the person's zone until which they have paused all updates; None if they have not."""
    until = person.paused_until
    return in_zone(until, zone_of(person.timezone)).date() if until and until > now else None


async def owner(
    connection: AsyncConnection, system: System, token: str, now: datetime, *, lock: bool = True
) -> Subscriber:
    """The person that a link was made for; `lock` locks them and their cursors until the transaction ends.

    Cursors before subscriptions, as planning does: otherwise the two could wait for each other. Raises
    InvalidToken, also for a link that was sent to a former address of the person.
    """
    link = read_token(system.keyring, Purpose.PREFERENCES, token, now)
    person = await (subscribers.lock if lock else subscribers.get)(connection, link.subject)
    if person is None or not link.belongs_to(person.email_index):
        raise InvalidToken("the subscriber of this link does not exist")
    if lock:
        await cursors.lock(connection, person.id)
    return person


async def kept_after_erasure(
    connection: AsyncConnection, system: System, token: str, now: datetime
) -> str | None:
    """The reason of the suppression that is kept of an erased person's address, by their link; "" for none.

    None if anybody has the address: the person, or who signed up with it since. Raises InvalidToken.
    """
    link = read_token(system.keyring, Purpose.PREFERENCES, token, now)
    is_there = await subscribers.get(connection, link.subject) is not None
    if is_there or await subscribers.any_between(connection, *link.possible_indexes):
        return None
    return await suppressions.reason_between(connection, *link.possible_indexes) or ""


class Stopped(StrEnum):
    """Why a suppressed address gets no emails."""

    BOUNCED = "bounced"  # emails to it came back
    ASKED = "asked"  # somebody asked that nobody writes to it


@dataclass(frozen=True, slots=True)
class Overview:
    """The content of the preferences page.

    `address` is None if it can't be decrypted. `ended`: oldest first; `mails`: newest first. `outdated`: the
    person has not agreed to the current terms; `paused_since`: when their emails paused for it, if they did.
    `stopped`: why no emails are sent, if the address is suppressed. `removed`: the keys of the trials among
    the active ones that the website no longer lists. `too_broad`: those of the ended ones that can't be
    followed any more.
    """

    address: str | None
    active: Sequence[Subscription]
    pending: Sequence[Subscription]
    ended: Sequence[Subscription]
    mails: Sequence[SentMail]
    terms: Terms | None
    outdated: bool
    paused_since: datetime | None
    stopped: Stopped | None
    removed: Collection[str]
    too_broad: Collection[str]


async def overview(
    connection: AsyncConnection, system: System, person: Subscriber, *, mails: int
) -> Overview:
    """Loads the content of the page except the person's own row; `mails`: how many of the newest."""
    active = await subscriptions.active(connection, person.id)
    ended = await subscriptions.with_states(connection, person.id, SubscriptionState.ENDED)
    return Overview(
        address=_address_of(system.keyring, person),
        active=active,
        pending=await subscriptions.pending(connection, person.id),
        ended=ended,
        mails=await export.mails_of(connection, person.id, limit=mails),
        terms=await terms.current(connection),
        outdated=await terms_notices.is_outdated(connection, person.terms_version),
        paused_since=await terms_notices.paused_since(connection, person.id, system.now()),
        stopped=_stopped(await suppressions.reason_of(connection, person.email_index)),
        removed=await removed_topics(connection, [row.key for row in active]),
        too_broad=await too_broad(connection, ended),
    )


def _stopped(reason: str | None) -> Stopped | None:
    if reason is None:
        return None
    return Stopped.BOUNCED if reason in BOUNCES else Stopped.ASKED


def _address_of(keyring: Keyring, person: Subscriber) -> str | None:
    try:
        return decrypt_subscriber(keyring, person.sealed, person.public_id).address
    except DecryptionError:
        return None


async def change_settings(
    connection: AsyncConnection,
    person: Subscriber,
    *,
    locale: str,
    discreet: bool,
    hour: int,
    weekday: int,
    timezone: str,
    now: datetime,
) -> None:
    """Changes when and in which language mail is sent. Locks the person."""
    # The link to this page arrived, so the mailbox works again.
    await suppressions.lift(connection, person.email_index, frozenset({Reason.SOFT_BOUNCES}))
    await subscribers.change(connection, person.id, locale=locale, discreet=discreet)
    if (hour, weekday, timezone) != (person.hour, person.weekday, person.timezone):
        await subscriptions.schedule(
            connection, person.id, hour=hour, weekday=weekday, zone=timezone, now=now
        )


async def pause(connection: AsyncConnection, person: Subscriber, until: datetime, now: datetime) -> None:
    """Pauses all digests `until` a time; one digest then covers the pause. Locks the person."""
    await subscribers.change(connection, person.id, paused_until=until)
    await rollback.roll_back_queued(connection, person.id, now)


async def resume(connection: AsyncConnection, person: Subscriber) -> None:
    """Ends a pause."""
    await subscribers.change(connection, person.id, paused_until=None)


async def send_again(connection: AsyncConnection, person: Subscriber) -> None:
    """Lifts the suppression of an address that bounced: its owner says that it works. Locks the person."""
    await suppressions.lift(connection, person.email_index, BOUNCES)
