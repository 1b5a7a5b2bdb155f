"""The full content of a digest that was sent, for the page that its mail links to."""

from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from service.crypto.link_tokens import InvalidToken, SignedLink
from service.digests.content import ContentCache, digest_contents
from service.digests.digest_input import DigestRequest
from service.domain.digests.blocks import TrialBlock
from service.languages import nearest
from service.store.digests import digests


class WholeDigest(NamedTuple):
    """The content of a digest, the day (UTC, ISO 8601) on which it was planned, and its language."""

    blocks: tuple[TrialBlock, ...]
    day: str
    locale: str


async def full_digest(connection: AsyncConnection, link: SignedLink, locale: str = "") -> WholeDigest:
    """The full content of a digest in its reader's language, or in `locale`, until retention deletes it.

    Raises InvalidToken after that, or if its reader has changed the address that the link was sent to.
    """
    row = await digests.get(connection, link.subject)
    if row is None or not link.belongs_to(row.email_index):
        raise InvalidToken("the details of this digest were deleted")
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
        connection, ContentCache(), [request], {row.id: digests.reported_by_others(row.told)}
    )
    return WholeDigest(contents[row.id], row.planned_at.date().isoformat(), locale)
