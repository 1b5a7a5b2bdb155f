"""From a claimed delivery to the mail that it stands for: what it says, with every link made now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from service.crypto.email_addresses import SubscriberIdentity, decrypt_subscriber
from service.crypto.link_tokens import PREFERENCES_DAYS, Purpose, Scope, make_token, make_unsubscribe_token
from service.crypto.sealed_json import CONTEXT, open_json
from service.domain.delivery import verp
from service.domain.digests.blocks import TrialBlock
from service.domain.trials.conditions import display_name
from service.mail.message import kinds
from service.mail.message.compose import compose
from service.mail.message.dkim import sign
from service.mail.smtp.sender import LazyMessage, SmtpMessage
from service.store.mail.claims import ClaimedDelivery
from service.store.people import address_changes, subscriptions, suppressions, terms
from service.store.people.suppressions import LIFTED_BY_SIGN_UP
from workers.deliver.mailer import Mailer

#: Days that a link to the preferences works.


class Message(NamedTuple):
    """What one mail says, and to which address."""

    mail: kinds.Mail
    recipient: str


class LinkBuilder:
    """The links of one person's mail."""

    def __init__(self, post: Mailer, row: ClaimedDelivery, person: SubscriberIdentity, now: datetime) -> None:
        self._post, self._row, self._person, self._now = post, row, person, now
        self._email_index = post.system.addresses.of(person.address)
        self._base = post.system.settings.public_url

    def signed(
        self, path: str, purpose: Purpose, subject: int, lives: timedelta | None, reference: int = 0
    ) -> str:
        """A link signed by the service's keys for the address that this mail goes to; it may end."""
        token = make_token(
            self._post.system.keyring,
            purpose,
            subject,
            self._now + lives if lives else None,
            email_index=self._email_index,
            reference=reference,
        )
        return f"{self._base}/{path}/{token}"

    def preferences(self) -> str:
        """Opens the person's preferences, for 30 days."""
        lives = timedelta(days=PREFERENCES_DAYS)
        return self.signed("preferences", Purpose.PREFERENCES, self._row.subscriber_id, lives)

    def whole_digest(self) -> str:
        """Shows the digest in full, for 30 days."""
        lives = timedelta(days=PREFERENCES_DAYS)
        return self.signed("digest", Purpose.DIGEST, self._row.digest_id, lives)

    def unsubscribe(self) -> str:
        """Ends what this mail tells of, or everything; works for ever."""
        token = make_unsubscribe_token(
            self._person.link_secret, self._row.public_id, Scope.DELIVERY, self._row.id
        )
        return f"{self._base}/unsubscribe/{token}"

    def decline(self) -> str:
        """ "It wasn't me": works for ever."""
        return self.signed("decline", Purpose.DECLINE, self._row.subscriber_id, None)


def topic_names(rows: Sequence[Row[Any]]) -> tuple[str, ...]:
    """Topics as a reader would name them: a trial's title and number, a condition in its normal case."""
    return tuple(
        display_name(row.name or row.key.partition(":")[2])
        if row.kind == "condition"
        else f"{row.name} ({row.key.partition(':')[2]})"
        if row.name
        else row.key.partition(":")[2]
        for row in rows
    )


async def build_message(
    connection: AsyncConnection, post: Mailer, row: ClaimedDelivery, person: SubscriberIdentity, now: datetime
) -> Message | None:
    """The mail of a delivery that is no digest; None when there is nothing left to say."""
    links = LinkBuilder(post, row, person, now)
    hours = post.system.settings.confirm_hours
    lives = timedelta(hours=hours)
    context = open_json(post.system.keyring, CONTEXT, row.subscriber_id, row.context)
    match row.kind:
        case "confirmation":
            topics = topic_names(await subscriptions.named_by(connection, row.subscriber_id, row.id))
            if not topics:
                return None
            confirm = links.signed("confirm", Purpose.CONFIRM, row.subscriber_id, lives, row.id)
            mail: kinds.Mail = kinds.Confirmation(topics, confirm, links.decline(), hours)
        case "already_following":
            topics = topic_names(await subscriptions.active(connection, row.subscriber_id))
            mail = kinds.AlreadyFollowing(topics, links.preferences(), links.unsubscribe())
        case "preferences_link":
            mail = kinds.PreferencesLink(links.preferences(), links.unsubscribe(), PREFERENCES_DAYS)
        case "address_change":
            if not await _is_wanted(connection, post, context):
                return None
            links = LinkBuilder(post, row, person._replace(address=context["address"]), now)
            confirm = links.signed("address", Purpose.ADDRESS, context["change_id"], lives)
            return Message(kinds.AddressChange(confirm, confirm + "/decline", hours), context["address"])
        case "address_changed":
            return Message(kinds.AddressChanged(links.unsubscribe()), context["address"])
        case "terms_changed":
            newest = await terms.current(connection)
            if newest is None or newest.pause_at is None:
                return None
            accept = links.signed("terms", Purpose.TERMS, row.subscriber_id, None)
            mail = kinds.TermsChanged(
                accept, newest.pause_at.date(), links.preferences(), links.unsubscribe()
            )
        case _:
            return None
    return Message(mail, person.address)


async def _is_wanted(connection: AsyncConnection, post: Mailer, context: Mapping[str, Any]) -> bool:
    """Whether a person still waits for the word of this new address, and it may be asked."""
    change = await address_changes.get(connection, context["change_id"])
    if change is None or change.done_at is not None:
        return False
    index = post.system.addresses.of(context["address"])
    reason = await suppressions.reason_of(connection, index)
    return reason is None or reason in LIFTED_BY_SIGN_UP


def lazy_digest_message(
    post: Mailer,
    row: ClaimedDelivery,
    person: SubscriberIdentity,
    blocks: tuple[TrialBlock, ...],
    now: datetime,
) -> LazyMessage:
    """The mail of a digest, written only when it goes: it is large, and soon cold in memory."""
    return LazyMessage(
        row.id, domain_of(person.address), partial(_write_digest, post, row, person, blocks, now)
    )


def _write_digest(
    post: Mailer,
    row: ClaimedDelivery,
    person: SubscriberIdentity,
    blocks: tuple[TrialBlock, ...],
    now: datetime,
) -> SmtpMessage:
    links = LinkBuilder(post, row, person, now)
    mail = kinds.Digest(
        blocks=blocks,
        frequency=row.frequency,
        preferences_url=links.preferences(),
        unsubscribe_url=links.unsubscribe(),
        whole_url=links.whole_digest,
        discreet=row.discreet,
    )
    return to_smtp_message(post, row, Message(mail, person.address))


def to_smtp_message(post: Mailer, row: ClaimedDelivery, said: Message) -> SmtpMessage:
    """The mail on the wire: its bytes, and an envelope sender that identifies the delivery (VERP)."""
    content = compose(
        said.mail,
        frame=post.frame,
        recipient=said.recipient,
        language=row.locale,
        message_key=row.message_key,
        date=row.first_attempt_at,
    )
    if post.dkim:
        content = sign(content, post.dkim, int(row.first_attempt_at.timestamp()))
    return SmtpMessage(
        id=row.id,
        mail_from=f"{verp.make(row.id, post.verp_key)}@{post.system.settings.mail_domain}",
        rcpt_to=said.recipient,
        content=content,
        domain=domain_of(said.recipient),
        dotless=True,
        seven_bit=said.recipient.isascii(),  # nothing else stands in it as it is
    )


def domain_of(address: str) -> str:
    """The recipient's domain, in small letters."""
    return address.rpartition("@")[2].lower()


def decrypt_recipient(post: Mailer, row: ClaimedDelivery) -> SubscriberIdentity:
    """Who a delivery is for, opened. Raises Unreadable."""
    return decrypt_subscriber(post.system.keyring, row.sealed, row.public_id)
