"""The content of each kind of mail for one subscriber, links included."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from service.domain.delivery.kinds import MailKind
from service.domain.digests.blocks import TrialBlock


class Confirmation(NamedTuple):
    """Asks to confirm a sign-up. Has no other content, and no List-Unsubscribe.

    `notes`: sentences about the topics, in the reader's language.
    """

    topics: tuple[str, ...]
    confirm_url: str
    decline_url: str
    hours: int
    notes: tuple[str, ...] = ()


class Digest(NamedTuple):
    """Changes in the followed topics of one frequency.

    `full_digest_url` makes the link to the full digest: called only if the mail must be shortened. A discreet
    subject names no topic. `is_first`: no digest went to this person before.
    """

    blocks: tuple[TrialBlock, ...]
    frequency: str
    preferences_url: str
    unsubscribe_url: str
    full_digest_url: Callable[[], str]
    discreet: bool = True
    is_first: bool = False


class PreferencesLink(NamedTuple):
    """A requested link to the preferences, valid for `days` days."""

    preferences_url: str
    unsubscribe_url: str
    days: int = 30


class AlreadyFollowing(NamedTuple):
    """Reply to a sign-up for topics that the subscriber already follows; nothing changed.

    `topics`: the first ones that they follow; `hidden`: the number of others. `notes`: as in a
    `Confirmation`. `paused_until`: the day on which the subscriber's pause ends.
    """

    topics: tuple[str, ...]
    preferences_url: str
    unsubscribe_url: str
    notes: tuple[str, ...] = ()
    paused_until: date | None = None
    hidden: int = 0


class AddressChange(NamedTuple):
    """To a new address: asks to confirm that updates should be sent there."""

    confirm_url: str
    decline_url: str
    hours: int


class AddressChanged(NamedTuple):
    """To the old address after the new one is confirmed: a notice with an unsubscribe link."""

    unsubscribe_url: str


class TermsChanged(NamedTuple):
    """A material new version of the terms: without consent, mail pauses from the date `pause_from`."""

    accept_url: str
    pause_from: date
    preferences_url: str
    unsubscribe_url: str


Mail = (
    Confirmation | Digest | PreferencesLink | AlreadyFollowing | AddressChange | AddressChanged | TermsChanged
)

#: The kind of each content; its rules are in `MAIL_KINDS`.
KIND_OF: dict[type[Mail], MailKind] = {
    Confirmation: MailKind.CONFIRMATION,
    Digest: MailKind.DIGEST,
    PreferencesLink: MailKind.PREFERENCES_LINK,
    AlreadyFollowing: MailKind.ALREADY_FOLLOWING,
    AddressChange: MailKind.ADDRESS_CHANGE,
    AddressChanged: MailKind.ADDRESS_CHANGED,
    TermsChanged: MailKind.TERMS_CHANGED,
}
