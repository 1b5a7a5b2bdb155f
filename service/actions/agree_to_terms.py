"""Agreeing to a new version of the terms, by a link that was mailed."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions.consent_record import Origin, record_consent
from service.crypto.link_tokens import InvalidToken, SignedLink
from service.store.people import consents, subscribers, suppressions, terms, terms_notices
from service.store.people.consents import ConsentKind
from service.store.people.rows import Subscriber
from service.store.people.terms import Terms
from service.system import System


class TermsNotShown(Exception):
    """The submitted page showed another version than the current one, `terms`."""

    def __init__(self, current: Terms, locale: str) -> None:
        super().__init__("the page did not show the current version")
        self.terms = current
        self.locale = locale


async def asked_to_agree(connection: AsyncConnection, link: SignedLink) -> tuple[Terms, bool, str]:
    """Returns the current version, whether the person has agreed to it, and the person's locale.

    Raises InvalidToken if the person was erased or has changed the address that the link was sent to.
    """
    current = await terms.current(connection)
    person, current = _valid(link, await subscribers.get(connection, link.subject), current)
    return current, person.terms_version == current.version, person.locale


async def paused_since(connection: AsyncConnection, link: SignedLink, now: datetime) -> datetime | None:
    """Since when a link's person gets no updates only for want of agreement; None if that is not so."""
    if await suppressions.reason_between(connection, *link.possible_indexes):
        return None
    return await terms_notices.paused_since(connection, link.subject, now)


async def agree(
    connection: AsyncConnection, system: System, link: SignedLink, shown: str, origin: Origin, now: datetime
) -> tuple[Terms, str]:
    """Records that a person agrees to the current version; `shown` is the SHA-256 of the page's text.

    Returns that version and the person's locale. Idempotent; earlier consents are kept unchanged. Raises
    InvalidToken and TermsNotShown.
    """
    locked = await subscribers.lock(connection, link.subject)
    person, current = _valid(link, locked, await terms.current(connection))
    if shown != current.sha256:
        raise TermsNotShown(current, person.locale)
    if person.terms_version != current.version:
        await subscribers.change(connection, person.id, terms_version=current.version)
        await record_consent(
            connection,
            system,
            person.id,
            ConsentKind.REACCEPTED,
            at=now,
            origin=origin,
            terms_version=current.version,
            wording_sha256=await consents.store_wording(connection, current.text),
            locale=person.locale,
        )
    return current, person.locale


def _valid(link: SignedLink, person: Subscriber | None, current: Terms | None) -> tuple[Subscriber, Terms]:
    if person is None or current is None or not link.belongs_to(person.email_index):
        raise InvalidToken("the subscriber of this link does not exist")
    return person, current
