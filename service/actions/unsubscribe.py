"""Unsubscribes by the link of a mail: from its topics, from chosen topics, or from everything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions.consent_record import Origin, record_consent
from service.actions.merged_topics import present_keys, with_merged
from service.actions.undo_unsubscribe import undo_token
from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.keyring import DecryptionError
from service.crypto.link_tokens import Scope, UnsubscribeToken
from service.domain.delivery.kinds import TO_OTHER_ADDRESS
from service.domain.subscription import EndReason, SubscriptionState
from service.store.digests import digests
from service.store.mail import deliveries
from service.store.people import subscribers, subscriptions
from service.store.people.consents import ConsentKind
from service.store.people.rows import Subscriber, Subscription
from service.system import System


@dataclass(frozen=True, slots=True)
class UnsubscribeChoices:
    """The choices on the unsubscribe page: the topics of the mail, and all followed topics.

    Both are empty if the person was erased or the link can't be verified; `followed` also if it was sent to a
    former address. `is_stopped`: the topic that the person came to stop is not followed any more; `has_left`:
    nothing is, nor waits to be confirmed. `locale` is the person's; `unreadable` is their id if their secret
    can't be read.
    """

    topics: Sequence[Subscription] = ()
    followed: Sequence[Subscription] = ()
    is_stopped: bool = False
    has_left: bool = False
    locale: str | None = None
    unreadable: int | None = None


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """The subscriptions that were ended, and the token that takes this back.

    Both are empty if nothing was ended by this call, if the link was sent to a former address, or can't be
    verified. `locale` is the person's. `is_erased`: the person was erased, and may have signed up anew.
    """

    ended: Sequence[Subscription] = ()
    undo: str = ""
    locale: str | None = None
    is_erased: bool = False


async def owner(
    connection: AsyncConnection, system: System, link: UnsubscribeToken, *, lock: bool = False
) -> Subscriber | None:
    """The person that the link was made for; None if they were erased or the link's signature is invalid.

    If the stored secret can't be read, the id counts, which no one can guess: links work for ever.
    """
    person = await subscribers.find_public(connection, link.public_id)
    if person is None or _verified(system, person, link) is False:
        return None
    return await subscribers.lock(connection, person.id) if lock else person


def _verified(system: System, person: Subscriber, link: UnsubscribeToken) -> bool | None:
    """Whether the link's signature is valid; None if the person's secret can't be read."""
    try:
        secret = decrypt_subscriber(system.keyring, person.sealed, person.public_id).link_secret
    except DecryptionError:
        return None
    return link.genuine(secret)


async def choices(
    connection: AsyncConnection, system: System, link: UnsubscribeToken, place: int | None = None
) -> UnsubscribeChoices:
    """Loads the subscriptions that a link can end. If only one topic is followed, ending it ends everything.

    `place`: of the topic, among those of the mail, that the person came to stop; it alone is offered then.
    """
    person = await owner(connection, system, link)
    if person is None:
        return UnsubscribeChoices()
    if not _verified(system, person, link):
        return UnsubscribeChoices(locale=person.locale, unreadable=person.id)
    current = await subscriptions.with_states(
        connection, person.id, SubscriptionState.ACTIVE, SubscriptionState.PENDING
    )
    active = [row for row in current if row.state == SubscriptionState.ACTIVE]
    keys = await _topics_of_mail(connection, person, link) or []
    wanted = keys[place : place + 1] if place is not None else []
    stoppable = [row for row in active if row.key in wanted]
    is_stopped = bool(wanted) and not stoppable
    if not stoppable and len(active) != 1:
        stoppable = [row for row in active if row.key in keys]
    if not await _went_to_present_address(connection, person, link):
        return UnsubscribeChoices(stoppable, (), is_stopped, locale=person.locale)
    return UnsubscribeChoices(stoppable, active, is_stopped, has_left=not current, locale=person.locale)


async def unsubscribe(
    connection: AsyncConnection,
    system: System,
    link: UnsubscribeToken,
    origin: Origin,
    now: datetime,
    *,
    only_topics: bool = False,
    chosen: Collection[str] = (),
) -> Unsubscribed:
    """Ends all subscriptions; or, with `only_topics`, those of the `chosen` keys, or without any chosen those
    of the link's mail (all, if its topics are no longer stored). A trial that was merged after the page had
    named it is the trial that goes on.

    Idempotent; does nothing if the person was erased or the link's signature is invalid.
    """
    person = await owner(connection, system, link, lock=True)
    if person is None:
        return Unsubscribed(is_erased=True)
    keys = await _keys_to_end(connection, person, link, chosen) if only_topics else None
    subscribed = await subscriptions.with_states(
        connection, person.id, SubscriptionState.ACTIVE, SubscriptionState.PENDING, SubscriptionState.ENDED
    )
    named_ids = None if keys is None else await with_merged(connection, subscribed, keys)
    ended = [
        row
        for row in subscribed
        if row.state != SubscriptionState.ENDED and (keys is None or row.key in keys)
    ]
    await subscriptions.end(
        connection, person.id, reason=EndReason.UNSUBSCRIBED, now=now, topic_ids=named_ids
    )
    if ended:
        await record_consent(
            connection,
            system,
            person.id,
            ConsentKind.WITHDRAWN,
            at=now,
            origin=origin,
            terms_version=person.terms_version,
            topics=[row.key for row in ended],
        )
    shown = bool(_verified(system, person, link)) and await _went_to_present_address(connection, person, link)
    undo = (
        undo_token(system, person, now)
        if shown and any(row.activated_at is not None for row in ended)
        else ""
    )
    return Unsubscribed(ended if shown else (), undo, str(person.locale))


async def _keys_to_end(
    connection: AsyncConnection, person: Subscriber, link: UnsubscribeToken, chosen: Collection[str]
) -> Collection[str] | None:
    if not chosen:
        return await _topics_of_mail(connection, person, link)
    return {*chosen, *(await present_keys(connection, chosen)).values()}


async def _topics_of_mail(
    connection: AsyncConnection, person: Subscriber, link: UnsubscribeToken
) -> list[str] | None:
    """The keys of the mail's topics, each in its place, or of those that replaced them: one that replaced two
    is there twice. None if they are no longer stored."""
    if link.scope is not Scope.DELIVERY:
        return None
    keys = await digests.topics_of_mail(connection, link.reference, person.id)
    return list((await present_keys(connection, keys)).values()) if keys else keys


async def _went_to_present_address(
    connection: AsyncConnection, person: Subscriber, link: UnsubscribeToken
) -> bool:
    """Whether the link's mail was sent to the person's present address.

    From a former address one can unsubscribe, but sees only the topics of that mail.
    """
    if person.address_changed_at is None:
        return True
    mail = await deliveries.sent_to(connection, link.reference) if link.scope is Scope.DELIVERY else None
    if mail is None or mail.subscriber_id != person.id or mail.kind in TO_OTHER_ADDRESS:
        return False
    return mail.first_attempt_at is not None and mail.first_attempt_at >= person.address_changed_at
