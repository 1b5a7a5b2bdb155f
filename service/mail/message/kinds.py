"""The kinds of mail there are: what each says to one person, with every link already made."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from service.domain.digests.blocks import TrialBlock


class Confirmation(NamedTuple):
    """Asks whether a sign-up was meant. Carries nothing else, and no List-Unsubscribe."""

    topics: tuple[str, ...]
    confirm_url: str
    decline_url: str
    hours: int


class Digest(NamedTuple):
    """What is new in the topics one person follows, at one frequency (immediate, daily, weekly or monthly).

    `whole_url` makes the link that shows all of it: asked only when the mail must be shortened. A discreet
    subject says less.
    """

    blocks: tuple[TrialBlock, ...]
    frequency: str
    preferences_url: str
    unsubscribe_url: str
    whole_url: Callable[[], str]
    discreet: bool = True


class PreferencesLink(NamedTuple):
    """A fresh link to one's preferences, for who asked for one; it works for `days` days."""

    preferences_url: str
    unsubscribe_url: str
    days: int = 30


class AlreadyFollowing(NamedTuple):
    """Somebody signed up for what this person follows already: nothing changed."""

    topics: tuple[str, ...]
    preferences_url: str
    unsubscribe_url: str


class AddressChange(NamedTuple):
    """To a new address: shall the updates come here from now on?"""

    confirm_url: str
    decline_url: str
    hours: int


class AddressChanged(NamedTuple):
    """To the old address, once the new one is confirmed: a notice, with a way to stop everything."""

    unsubscribe_url: str


class TermsChanged(NamedTuple):
    """A material new version of the terms: agree anew, or mail pauses from `pause_from` (a calendar date)."""

    accept_url: str
    pause_from: date
    preferences_url: str
    unsubscribe_url: str


Mail = (
    Confirmation | Digest | PreferencesLink | AlreadyFollowing | AddressChange | AddressChanged | TermsChanged
)

# The folder under email_templates/ and the stream a mailbox provider may tell apart (complaint rate).
FOLDERS: dict[type[Mail], str] = {
    Confirmation: "confirmation",
    Digest: "digest",
    PreferencesLink: "preferences_link",
    AlreadyFollowing: "already_following",
    AddressChange: "address_change",
    AddressChanged: "address_changed",
    TermsChanged: "terms_changed",
}
