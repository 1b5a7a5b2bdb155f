"""Renders claimed deliveries: a builder for each kind of mail, its signed links, the SMTP message."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions.preferences import end_of_pause
from service.crypto.email_addresses import SubscriberIdentity, decrypt_subscriber
from service.crypto.link_tokens import PREFERENCES_DAYS, Purpose, Scope, make_token, make_unsubscribe_token
from service.crypto.sealed_json import CONTEXT, open_json
from service.domain.delivery import verp
from service.domain.delivery.kinds import MailKind
from service.domain.delivery.suppression import refuses_request
from service.domain.digests.blocks import TrialBlock
from service.domain.wording.messages import translated
from service.domain.wording.topic_names import merged_notes, topic_names
from service.languages import language
from service.mail.compose import compose
from service.mail.message import kinds
from service.mail.message.dkim import sign
from service.mail.render.templates import template_fault
from service.mail.smtp.envelope import TemplateFault
from service.mail.smtp.sender import LazyMessage, SmtpMessage
from service.store.mail.claimed_deliveries import ClaimedDelivery
from service.store.people import address_changes, subscribers, subscriptions, suppressions, terms_notices
from service.store.people.rows import Subscription
from workers.deliver.mailer import Mailer

#: Maximum number of followed topics that a mail names: mail programs cut one that names hundreds.
_MOST_NAMED = 40


class AddressedMail(NamedTuple):
    """The content of a mail, and its recipient's address."""

    mail: kinds.Mail
    recipient: str


class LinkBuilder:
    """Makes the links of one delivery, of which the signed ones belong to the address of `email_index`."""

    def __init__(
        self,
        mailer: Mailer,
        row: ClaimedDelivery,
        person: SubscriberIdentity,
        now: datetime,
        email_index: bytes,
    ) -> None:
        self._mailer, self._row, self._person, self._now = mailer, row, person, now
        self._email_index = email_index
        self._base = mailer.system.settings.public_url

    def signed(
        self,
        path: str,
        purpose: Purpose,
        subject: int,
        lives: timedelta | None,
        reference: int = 0,
        *,
        outlives_row: bool = False,
    ) -> str:
        """A link signed with the service's keys, bound to this mail's address; no `lives`: never expires."""
        token = make_token(
            self._mailer.system.keyring,
            purpose,
            subject,
            self._now + lives if lives else None,
            email_index=self._email_index,
            reference=reference,
            outlives_row=outlives_row,
        )
        return f"{self._base}/{path}/{token}"

    def preferences(self) -> str:
        """To the subscriber's preferences; valid for 30 days."""
        lives = timedelta(days=PREFERENCES_DAYS)
        return self.signed("preferences", Purpose.PREFERENCES, self._row.subscriber_id, lives)

    def full_digest(self) -> str:
        """To the page with the full digest; valid for 30 days."""
        lives = timedelta(days=PREFERENCES_DAYS)
        return self.signed("digest", Purpose.DIGEST, self._row.digest_id, lives)

    def unsubscribe(self) -> str:
        """Unsubscribes from the topics of this mail or from everything; never expires."""
        token = make_unsubscribe_token(
            self._person.link_secret, self._row.public_id, Scope.DELIVERY, self._row.id
        )
        return f"{self._base}/unsubscribe/{token}"

    def decline(self) -> str:
        """To the "It wasn't me" page; never expires, and works when nothing is stored any more."""
        return self.signed("decline", Purpose.DECLINE, self._row.subscriber_id, None, outlives_row=True)


@dataclass(frozen=True, slots=True)
class _Delivery:
    """A claimed delivery with the resources of its builder; `context` was sealed when it was queued."""

    connection: AsyncConnection
    mailer: Mailer
    row: ClaimedDelivery
    person: SubscriberIdentity
    now: datetime
    links: LinkBuilder
    context: Mapping[str, Any]

    @property
    def hours(self) -> int:
        """The validity of a link that asks for a confirmation."""
        return self.mailer.system.settings.confirm_hours

    def notes(self, rows: Sequence[Subscription]) -> tuple[str, ...]:
        """The sentences about merged trials among these, in the reader's language."""
        words = language(self.row.locale)
        return tuple(translated(note, words) for note in merged_notes(rows))


async def _confirmation(item: _Delivery) -> AddressedMail | None:
    row, lives = item.row, timedelta(hours=item.hours)
    asked = await subscriptions.named_by(item.connection, row.subscriber_id, row.id)
    if not asked:
        return None
    confirm = item.links.signed("confirm", Purpose.CONFIRM, row.subscriber_id, lives, row.id)
    mail = kinds.Confirmation(
        topic_names(asked), confirm, item.links.decline(), item.hours, item.notes(asked)
    )
    return AddressedMail(mail, item.person.address)


async def _already_following(item: _Delivery) -> AddressedMail | None:
    followed = await subscriptions.active(item.connection, item.row.subscriber_id)
    person = await subscribers.get(item.connection, item.row.subscriber_id)
    if person is None or not followed:  # they unsubscribed while a limit kept this back
        return None
    shown, links, pause = followed[:_MOST_NAMED], item.links, end_of_pause(person, item.now)
    mail = kinds.AlreadyFollowing(
        topic_names(shown),
        links.preferences(),
        links.unsubscribe(),
        item.notes(shown),
        pause,
        len(followed) - len(shown),
    )
    return AddressedMail(mail, item.person.address)


async def _preferences_link(item: _Delivery) -> AddressedMail | None:
    mail = kinds.PreferencesLink(item.links.preferences(), item.links.unsubscribe(), PREFERENCES_DAYS)
    return AddressedMail(mail, item.person.address)


async def _address_change(item: _Delivery) -> AddressedMail | None:
    if not await _is_pending(item.connection, item.mailer, item.context):
        return None
    address = item.context["address"]
    index = item.mailer.system.addresses.of(address)
    links = LinkBuilder(item.mailer, item.row, item.person, item.now, index)
    change = item.context["change_id"]
    confirm = links.signed("address", Purpose.ADDRESS, change, timedelta(hours=item.hours))
    decline = links.signed("address", Purpose.ADDRESS_DECLINE, change, None, outlives_row=True)
    return AddressedMail(kinds.AddressChange(confirm, f"{decline}/decline", item.hours), address)


async def _address_changed(item: _Delivery) -> AddressedMail | None:
    former = item.context["address"]
    if await suppressions.reason_of(item.connection, item.mailer.system.addresses.of(former)) is not None:
        return None
    return AddressedMail(kinds.AddressChanged(item.links.unsubscribe()), former)


async def _terms_changed(item: _Delivery) -> AddressedMail | None:
    by = await terms_notices.agree_by(item.connection, item.row.subscriber_id, item.now)
    if by is None or not await subscriptions.active(item.connection, item.row.subscriber_id):
        return None  # agreed to, or everything unsubscribed, since it was queued
    accept = item.links.signed("terms", Purpose.TERMS, item.row.subscriber_id, None)
    mail = kinds.TermsChanged(accept, by.date(), item.links.preferences(), item.links.unsubscribe())
    return AddressedMail(mail, item.person.address)


#: The builder of each kind of message; that of a digest is `lazy_digest_message`.
BUILDERS: Mapping[str, Callable[[_Delivery], Awaitable[AddressedMail | None]]] = {
    MailKind.CONFIRMATION: _confirmation,
    MailKind.ALREADY_FOLLOWING: _already_following,
    MailKind.PREFERENCES_LINK: _preferences_link,
    MailKind.ADDRESS_CHANGE: _address_change,
    MailKind.ADDRESS_CHANGED: _address_changed,
    MailKind.TERMS_CHANGED: _terms_changed,
}


async def build_mail(
    connection: AsyncConnection,
    mailer: Mailer,
    row: ClaimedDelivery,
    person: SubscriberIdentity,
    now: datetime,
) -> AddressedMail | None:
    """The mail of a delivery that is not a digest; None when there is nothing left to report."""
    build = BUILDERS.get(row.kind)
    if build is None:
        return None
    links = LinkBuilder(mailer, row, person, now, row.email_index)
    context = open_json(mailer.system.keyring, CONTEXT, row.subscriber_id, row.context)
    return await build(_Delivery(connection, mailer, row, person, now, links, context))


async def _is_pending(connection: AsyncConnection, mailer: Mailer, context: Mapping[str, Any]) -> bool:
    """Whether the address change is still pending and its new address is not suppressed."""
    change = await address_changes.get(connection, context["change_id"])
    if change is None or change.done_at is not None:
        return False
    index = mailer.system.addresses.of(context["address"])
    reason = await suppressions.reason_of(connection, index)
    return not refuses_request(reason)


def lazy_digest_message(
    mailer: Mailer,
    row: ClaimedDelivery,
    person: SubscriberIdentity,
    blocks: tuple[TrialBlock, ...],
    now: datetime,
) -> LazyMessage:
    """A digest's message, rendered just before it is sent: it is large, so few are kept in memory."""
    return LazyMessage(
        row.id, domain_of(person.address), partial(_render_digest, mailer, row, person, blocks, now)
    )


def _render_digest(
    mailer: Mailer,
    row: ClaimedDelivery,
    person: SubscriberIdentity,
    blocks: tuple[TrialBlock, ...],
    now: datetime,
) -> SmtpMessage:
    link_builder = LinkBuilder(mailer, row, person, now, row.email_index)
    mail = kinds.Digest(
        blocks=blocks,
        frequency=row.frequency,
        preferences_url=link_builder.preferences(),
        unsubscribe_url=link_builder.unsubscribe(),
        full_digest_url=link_builder.full_digest,
        discreet=row.discreet,
        is_first=row.is_first,
    )
    return to_smtp_message(mailer, row, AddressedMail(mail, person.address))


def to_smtp_message(mailer: Mailer, row: ClaimedDelivery, addressed: AddressedMail) -> SmtpMessage:
    """The composed and signed bytes, with an envelope sender that identifies the delivery (VERP).

    Raises TemplateFault.
    """
    try:
        content = compose(
            addressed.mail,
            frame=mailer.frame,
            recipient=addressed.recipient,
            language=row.locale,
            message_key=row.message_key,
            date=row.first_attempt_at,
        )
    except Exception as error:
        if fault := template_fault(error):
            raise TemplateFault(fault) from None
        raise
    if mailer.dkim:
        content = sign(content, mailer.dkim, int(row.first_attempt_at.timestamp()))
    return SmtpMessage(
        id=row.id,
        mail_from=f"{verp.make(row.id, mailer.verp_key)}@{mailer.system.settings.mail_domain}",
        rcpt_to=addressed.recipient,
        content=content,
        domain=domain_of(addressed.recipient),
        dotless=True,
        seven_bit=addressed.recipient.isascii(),  # everything else is encoded
    )


def domain_of(address: str) -> str:
    """The recipient's domain in lower case."""
    return address.rpartition("@")[2].lower()


def decrypt_recipient(mailer: Mailer, row: ClaimedDelivery) -> SubscriberIdentity:
    """The decrypted subscriber of a delivery. Raises DecryptionError."""
    return decrypt_subscriber(mailer.system.keyring, row.sealed, row.public_id)
