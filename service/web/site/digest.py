"""/digest/{token}: the whole of a digest whose mail had to be shortened."""

from datetime import UTC, datetime

from litestar import Response

from service.crypto.link_tokens import InvalidToken, Purpose, read_token
from service.digests.content import ContentCache, digest_contents
from service.digests.request import DigestRequest
from service.store.digests import digests
from service.store.sql.database import reading
from service.web.http.deps import OpenSystem
from service.web.http.page_route import page_route
from service.web.pages import page
from service.web.site.confirm import Token, bad_link


@page_route("/digest/{token:str}")
async def whole_digest(token: Token, system: OpenSystem) -> Response[str]:
    """Everything a digest tells, as long as its details are kept."""
    try:
        link = read_token(system.keyring, Purpose.DIGEST, token, datetime.now(UTC))
    except InvalidToken:
        return bad_link()
    async with reading(system.database) as connection:
        row = await digests.get(connection, link.subject)
        if row is None or not link.belongs_to(row.email_index):
            return bad_link()
        covered = digests.read_topics(row.topics)
        wanted = DigestRequest(
            row.id, row.subscriber_id, row.run_id, covered, row.to_seq, row.locale, row.catches_up
        )
        told = await digest_contents(
            connection, ContentCache(), [wanted], {row.id: digests.told_by_others(row.told)}
        )
    return page("digest.html", blocks=told[row.id], told_at=row.planned_at.date().isoformat())
