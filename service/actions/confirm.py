"""Confirming a sign-up: the subscriptions that a mail asked to confirm, and the explicit consent to them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions.consent_record import Origin, record_consent
from service.actions.merged_topics import removed_topics
from service.crypto.keyring import DecryptionError
from service.crypto.link_tokens import SignedLink
from service.crypto.sealed_json import EVIDENCE, open_json
from service.domain.consent_text import ConsentText, TopicChoice, consent_text
from service.domain.delivery.suppression import BOUNCES, LIFTED_BY_CONFIRMATION
from service.domain.digests.schedule import Frequency, known_or_weekly
from service.domain.digests.time_zones import UTC_NAME, known_or_utc
from service.domain.subscription import EndReason, SubscriptionState
from service.domain.wording.topic_names import named
from service.languages import SupportedLanguage, language, supported
from service.store.people import consents, cursors, subscribers, subscriptions, suppressions, terms
from service.store.people.consents import ConsentKind
from service.store.people.rows import Subscriber, Subscription
from service.store.people.terms import Terms
from service.system import System


class NothingToConfirm(LookupError):
    """The subscriber was erased, has another address or gets no mail, or none of the mail's topics is pending
    or active."""


@dataclass(frozen=True, slots=True)
class RequestedSubscriptions:
    """The subscriptions that a mail asked to confirm, pending and active, and the current terms.

    `is_new`: they were confirmed by this call; `is_first`: as the person's first ones. `unreadable`: the ids
    of those whose stored frequency is none; weekly stands in for it, and is stored with the consent to it.
    `removed`: the keys of the trials that the website no longer lists.
    `lacks_zone`: the person is new, and the sign-up gave no time zone.
    """

    subscriber: Subscriber
    pending: Sequence[Subscription]
    active: Sequence[Subscription]
    terms: Terms | None
    unreadable: Collection[int] = ()
    removed: Collection[str] = ()
    is_new: bool = False
    is_first: bool = False
    lacks_zone: bool = False


class ConsentNotShown(Exception):
    """The submitted page showed another text than the present one."""

    def __init__(self, requested: RequestedSubscriptions) -> None:
        super().__init__("the page did not show the current text")
        self.requested = requested


async def load(
    connection: AsyncConnection, system: System, link: SignedLink, *, lock: bool = False
) -> RequestedSubscriptions:
    """Loads the subscriptions that the link's mail asked to confirm, with the language and time zone of the
    sign-up before a first confirmation: another sign-up may have come since. Raises NothingToConfirm."""
    found = await _load(connection, link, lock=lock)
    if found is None or not (found.pending or found.active):
        raise NothingToConfirm
    keys = [row.key for row in (*found.pending, *found.active)]
    found = replace(found, removed=await removed_topics(connection, keys))
    person = found.subscriber
    asked = await _sign_up_of(connection, system, link) if person.confirmed_at is None else None
    if asked is None:
        return found
    locale, zone = asked.get("locale") or person.locale, asked.get("timezone")
    person = person._replace(locale=locale, timezone=known_or_utc(zone or UTC_NAME))
    return replace(found, subscriber=person, lacks_zone=not zone)


async def is_pending(connection: AsyncConnection, link: SignedLink) -> bool:
    """Whether any topic of this link's mail still waits for confirmation."""
    found = await _load(connection, link)
    return found is not None and bool(found.pending)


async def _load(
    connection: AsyncConnection, link: SignedLink, *, lock: bool = False
) -> RequestedSubscriptions | None:
    """None if the person was erased, has changed the address that the mail was sent to, or must not be
    written to for a reason that a confirmation does not lift: an operator's."""
    find = subscribers.lock if lock else subscribers.get
    person = await find(connection, link.subject)
    if person is None or not link.belongs_to(person.email_index):
        return None
    reason = await suppressions.reason_of(connection, person.email_index)
    if reason is not None and reason not in LIFTED_BY_CONFIRMATION:
        return None
    rows = await subscriptions.with_states(
        connection, person.id, SubscriptionState.PENDING, SubscriptionState.ACTIVE, SubscriptionState.ENDED
    )
    unreadable = {row.id for row in rows if row.frequency not in set(Frequency)}
    rows = [row._replace(frequency=known_or_weekly(row.frequency)) for row in rows]
    named_by_mail = [row for row in rows if row.confirmation_id == link.reference]
    topics = {row.topic_id for row in named_by_mail}
    return RequestedSubscriptions(
        person,
        [row for row in named_by_mail if row.state == SubscriptionState.PENDING],
        [row for row in rows if row.state == SubscriptionState.ACTIVE and row.topic_id in topics],
        await terms.current(connection),
        unreadable,
    )


def text_of(system: System, requested: RequestedSubscriptions, words: SupportedLanguage) -> ConsentText:
    """The statement that the page shows in a language and the person agrees to."""
    settings = system.settings
    return consent_text(
        [TopicChoice(named(row), row.frequency) for row in requested.pending],
        sender=parseaddr(settings.mail_from)[0] or settings.mail_domain,
        terms_version=requested.terms.version if requested.terms else "",
        terms_url=settings.terms_url,
        privacy_url=settings.privacy_url,
        language=words,
    )


def _text_shown(system: System, requested: RequestedSubscriptions, shown: str) -> ConsentText | None:
    """The statement whose digest a form sends back, in whichever language it was shown."""
    texts = (text_of(system, requested, language(code)) for code in supported())
    return next((text for text in texts if text.digest == shown), None)


async def confirm(
    connection: AsyncConnection,
    system: System,
    link: SignedLink,
    shown: str,
    origin: Origin,
    now: datetime,
    *,
    timezone: str = "",
) -> RequestedSubscriptions:
    """Activates the subscriptions that the page showed; `shown` is the digest of its text. Idempotent.

    `timezone` is the browser's, for a person's first confirmation if the sign-up gave none.
    Raises NothingToConfirm, and ConsentNotShown if another text, or none, was shown.
    """
    found = await load(connection, system, link, lock=True)
    if not found.pending:
        return found
    text = _text_shown(system, found, shown)
    if text is None:
        raise ConsentNotShown(found)
    await _activate(connection, system, found, text, link.reference, origin, now)
    if is_first := found.subscriber.confirmed_at is None:
        zone = known_or_utc(timezone) if found.lacks_zone else found.subscriber.timezone
        await _set_language_and_zone(connection, found.subscriber, zone, now)
    fresh = await _load(connection, link)
    assert fresh is not None
    return replace(fresh, is_new=True, is_first=is_first, unreadable=found.unreadable, removed=found.removed)


async def _set_language_and_zone(
    connection: AsyncConnection, asked: Subscriber, zone: str, now: datetime
) -> None:
    """Stores the language that was asked for, and a time zone: another sign-up may have changed both."""
    stored = await subscribers.get(connection, asked.id)
    assert stored is not None
    if asked.locale != stored.locale:
        await subscribers.change(connection, asked.id, locale=asked.locale)
    if zone != stored.timezone:
        await subscriptions.schedule(
            connection, asked.id, hour=asked.hour, weekday=asked.weekday, zone=zone, now=now
        )


async def _sign_up_of(
    connection: AsyncConnection, system: System, link: SignedLink
) -> Mapping[str, Any] | None:
    """The evidence of the sign-up that the link's mail asks to confirm: the newest of several, and the newest
    of all where none names the mail. None if it can't be read."""
    mail = await consents.key_of_mail(connection, link.reference)
    rows = await consents.of(connection, link.subject)
    asked = [row for row in rows if row.kind == ConsentKind.REQUESTED]
    try:
        opened = [open_json(system.keyring, EVIDENCE, link.subject, row.evidence) for row in asked]
    except DecryptionError:
        return None
    named = [known for known in opened if mail is not None and known.get("message") == mail]
    return next(reversed(named or opened), None)


async def _activate(
    connection: AsyncConnection,
    system: System,
    found: RequestedSubscriptions,
    text: ConsentText,
    confirmation_id: int,
    origin: Origin,
    now: datetime,
) -> None:
    person, version = found.subscriber, found.terms.version if found.terms else None
    await _lift_suppression(connection, found, now)
    for subscription_id in found.unreadable:
        await subscriptions.change(connection, subscription_id, frequency=Frequency.WEEKLY)
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
        wording_sha256=await consents.store_wording(connection, text.wording),
        topics=[row.key for row in found.pending],
        shown=text.choices,
        locale=text.locale,
        message=await consents.key_of_mail(connection, confirmation_id),
    )


async def _lift_suppression(
    connection: AsyncConnection, found: RequestedSubscriptions, now: datetime
) -> None:
    """Lifts the suppression of the address: its owner has consented.

    After a refusal of all mail, no older subscription becomes active again.
    """
    person = found.subscriber
    reason = await suppressions.reason_of(connection, person.email_index)
    if reason is None:
        return
    if not await suppressions.lift(connection, person.email_index, LIFTED_BY_CONFIRMATION):
        return
    await cursors.mark_behind(connection, person.id)
    if reason not in BOUNCES:
        confirmed = {row.topic_id for row in found.pending}
        active = await subscriptions.active(connection, person.id)
        older = [row.topic_id for row in active if row.topic_id not in confirmed]
        await subscriptions.end(
            connection, person.id, reason=EndReason.UNSUBSCRIBED, now=now, topic_ids=older
        )
