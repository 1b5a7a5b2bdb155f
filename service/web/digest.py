"""/digest/{token}: the whole of a digest whose mail had to be shortened."""

from datetime import UTC, datetime

from litestar import Response

from service.digests.contents import Known, contents
from service.digests.wanted import Wanted
from service.keys.links import BadLink, Purpose, read_link
from service.store import digests
from service.store.database import reading
from service.web.confirm import Token, bad_link
from service.web.inject import OpenSystem
from service.web.pages import page
from service.web.showing import shows


@shows("/digest/{token:str}")
async def whole_digest(token: Token, system: OpenSystem) -> Response[str]:
    """Everything a digest tells, as long as its details are kept."""
    try:
        link = read_link(system.keyring, Purpose.DIGEST, token, datetime.now(UTC))
    except BadLink:
        return bad_link()
    async with reading(system.database) as connection:
        row = await digests.get(connection, link.subject)
        if row is None or not link.belongs_to(row.email_index):
            return bad_link()
        covered = digests.read_topics(row.topics)
        wanted = Wanted(
            row.id, row.subscriber_id, row.run_id, covered, row.to_seq, row.locale, row.catches_up
        )
        told = await contents(connection, Known(), [wanted], {row.id: digests.told_by_others(row.told)})
    return page("digest.html", blocks=told[row.id], told_at=row.planned_at.date().isoformat())
