"""The kinds of mail, and in one table what holds for each: whoever asks about a kind reads it here."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.delivery.retry import DIGEST_POLICY, RetryPolicy
from service.domain.wording.messages import lazy_gettext as _

#: Priorities of deliveries: a lower number is claimed first, always.
TRANSACTIONAL, BULK = 0, 10


class MailKind(StrEnum):
    """What a mail is for; the value is stored, and names the folder of its templates."""

    CONFIRMATION = "confirmation"  # asks whether a sign-up was meant
    ALREADY_FOLLOWING = "already_following"  # answers a sign-up for what is followed already
    PREFERENCES_LINK = "preferences_link"  # a fresh link to one's preferences
    ADDRESS_CHANGE = "address_change"  # asks the owner of a new address whether updates shall go there
    ADDRESS_CHANGED = "address_changed"  # tells the former address that updates go elsewhere now
    TERMS_CHANGED = "terms_changed"  # asks to agree to a material new version of the terms
    DIGEST = "digest"  # the changes of what a person follows


class Stream(StrEnum):
    """What mailbox providers tell apart by Feedback-ID, so that complaints about one harm no other."""

    CONFIRMATION = "confirmation"  # to people who may not have asked for it
    ACCOUNT = "account"  # to people who confirmed, about their account
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class MailRules:
    """What holds for one kind of mail.

    `label` names it on the page of a person's own data. `retry` is None where a link in the mail expires: it
    is then tried for as long as that link is valid (`retry.link_policy`). `to_unconfirmed`: it may go to
    somebody who has not confirmed. `to_other_address`: it goes to another address than the subscriber's
    present one, so that what comes back says nothing about that one. `of_run`: planned by a run of digests,
    so its run, a pause and terms that were not agreed to stop it. `unsubscribable`: carries a link and the
    headers to unsubscribe, and List-Id.
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
        _("Question whether you signed up"), Stream.CONFIRMATION, unsubscribable=False, to_unconfirmed=True
    ),
    MailKind.ALREADY_FOLLOWING: MailRules(
        _("Word that you follow this already"), Stream.ACCOUNT, unsubscribable=True
    ),
    MailKind.PREFERENCES_LINK: MailRules(_("Link to this page"), Stream.ACCOUNT, unsubscribable=True),
    MailKind.ADDRESS_CHANGE: MailRules(
        _("Question to a new address"),
        Stream.CONFIRMATION,
        unsubscribable=False,
        to_unconfirmed=True,
        to_other_address=True,
    ),
    MailKind.ADDRESS_CHANGED: MailRules(
        _("Word that the address changed"), Stream.ACCOUNT, unsubscribable=True, to_other_address=True
    ),
    MailKind.TERMS_CHANGED: MailRules(
        _("Word of new terms"), Stream.ACCOUNT, unsubscribable=True, priority=BULK
    ),
}

#: Kinds whose mails go to another address than the subscriber's present one.
TO_OTHER_ADDRESS = frozenset(kind for kind, rules in MAIL_KINDS.items() if rules.to_other_address)
