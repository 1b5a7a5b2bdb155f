"""The full content of a digest that was sent, for the page that its mail links to."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.keyring import DecryptionError, Keyring
from service.crypto.link_tokens import ExpiredToken, Scope, SignedLink, make_unsubscribe_token
from service.digests.content import digest_contents
from service.digests.content_cache import ContentCache
from service.digests.digest_input import DigestRequest
from service.domain.digests.blocks import TrialBlock
from service.languages import nearest
from service.store.digests import digests
from service.store.digests.digests import Digest
from service.store.people import subscribers


class WholeDigest(NamedTuple):
    """The content of a digest, the day (UTC, ISO 8601) on which it was planned, and its language.

    `stop_paths`: the path of the page that stops each topic of its mail, as linked there.
    """

    blocks: tuple[TrialBlock, ...]
    day: str
    locale: str
    stop_paths: Mapping[str, str]


async def full_digest(
    connection: AsyncConnection, keyring: Keyring, link: SignedLink, locale: str = ""
) -> WholeDigest:
    """The full content of a digest in its reader's language, or in `locale`, until retention deletes it.

    Raises ExpiredToken after that, or if its reader has changed the address that the link was sent to.
    """
    row = await digests.get(connection, link.subject)
    if row is None or not link.belongs_to(row.email_index):
        raise ExpiredToken(link)
    covered = digests.read_topics(row.topics)
    locale = locale or nearest([row.locale])
    request = DigestRequest(
        row.id,
        row.subscriber_id,
        row.run_id,
        covered,
        row.to_seq,
        locale,
        row.catches_up,
        row.period_start_seq,
    )
    contents = await digest_contents(
        connection, ContentCache(), [request], {row.id: digests.reported_by_others(row.reported)}
    )
    stop_paths = await _stop_paths(connection, keyring, row)
    return WholeDigest(contents[row.id], row.planned_at.date().isoformat(), locale, stop_paths)


async def _stop_paths(connection: AsyncConnection, keyring: Keyring, row: Digest) -> dict[str, str]:
    mail = await digests.mail_of(connection, row)
    person = await subscribers.get(connection, row.subscriber_id)
    if mail is None or person is None or row.reported is None:
        return {}
    try:
        secret = decrypt_subscriber(keyring, person.sealed, person.public_id).link_secret
    except DecryptionError:
        return {}  # the links of the mail itself still work
    token = make_unsubscribe_token(secret, person.public_id, Scope.DELIVERY, mail)
    return {
        topic: f"/unsubscribe/{token}?topic={place}" for place, topic in enumerate(row.reported["topics"])
    }
