"""The kinds of mail, and the table of their rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.delivery.retry import DIGEST_POLICY, RetryPolicy
from service.domain.wording.messages import lazy_gettext as _

#: Priorities of deliveries: a lower number is always claimed first.
TRANSACTIONAL, BULK = 0, 10


class MailKind(StrEnum):
    """The purpose of a mail; the value is stored, and is the folder of its templates."""

    CONFIRMATION = "confirmation"  # asks to confirm a sign-up
    ALREADY_FOLLOWING = "already_following"  # answers a sign-up for topics that are followed already
    PREFERENCES_LINK = "preferences_link"  # a new link to the preferences page
    ADDRESS_CHANGE = "address_change"  # asks to confirm a change, sent to the new address
    ADDRESS_CHANGED = "address_changed"  # notifies the former address of a change
    TERMS_CHANGED = "terms_changed"  # asks to agree to a material new version of the terms
    DIGEST = "digest"  # the changes of what a person follows


class Stream(StrEnum):
    """Streams that mailbox providers distinguish by Feedback-ID: complaints about one don't affect others."""

    CONFIRMATION = "confirmation"  # to people who may not have requested it
    ACCOUNT = "account"  # to confirmed people, about their account
    DIGEST = "digest"  # to confirmed people, about what they follow


@dataclass(frozen=True, slots=True)
class MailRules:
    """The rules of a kind of mail.

    `label` is its name on the preferences page. `retry` is None if a link in the mail expires: it is retried
    for as long as that link is valid (`retry.link_policy`). `to_unconfirmed`: it may be sent to unconfirmed
    subscribers. `to_other_address`: it is sent to another address than the subscriber's present one, so a
    bounce does not concern the latter. `of_run`: planned by a run of digests, so it depends on the run, on
    pauses and on agreement to the terms. `unsubscribable`: it has a link and headers to unsubscribe, and
    List-Id.
    """

    label: str
    stream: Stream
    unsubscribable: bool
    priority: int = TRANSACTIONAL
    retry: RetryPolicy | None = None
    to_unconfirmed: bool = False
    to_other_address: bool = False
    of_run: bool = False


MAIL_KINDS: Mapping[str, MailRules] = {
    MailKind.DIGEST: MailRules(
        _("Updates"), Stream.DIGEST, unsubscribable=True, priority=BULK, retry=DIGEST_POLICY, of_run=True
    ),
    MailKind.CONFIRMATION: MailRules(
        _("Confirmation of your sign-up"), Stream.CONFIRMATION, unsubscribable=False, to_unconfirmed=True
    ),
    MailKind.ALREADY_FOLLOWING: MailRules(
        _("Notice that you already follow this"), Stream.ACCOUNT, unsubscribable=True
    ),
    MailKind.PREFERENCES_LINK: MailRules(_("Link to this page"), Stream.ACCOUNT, unsubscribable=True),
    MailKind.ADDRESS_CHANGE: MailRules(
        _("Confirmation of a new address"),
        Stream.CONFIRMATION,
        unsubscribable=False,
        to_unconfirmed=True,
        to_other_address=True,
    ),
    MailKind.ADDRESS_CHANGED: MailRules(
        _("Notice that your address changed"), Stream.ACCOUNT, unsubscribable=True, to_other_address=True
    ),
    MailKind.TERMS_CHANGED: MailRules(
        _("Notice of new terms"), Stream.ACCOUNT, unsubscribable=True, priority=BULK
    ),
}

#: Kinds that are sent to another address than the subscriber's present one.
TO_OTHER_ADDRESS = frozenset(kind for kind, rules in MAIL_KINDS.items() if rules.to_other_address)
