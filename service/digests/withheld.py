"""Intervals of the log that a run would have reported to a reader, had it not been cancelled for good.

The next change of the same kind is reported from what the reader was told before: not from a value that was
withheld because it was wrong.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from service.digests.digest_input import DigestRequest
from service.domain.digests.blocks import Ranges
from service.store.digests import digests, runs
from service.store.digests.digests import CoveringDigest, topics_of

#: Withheld intervals (low, high] by digest id and topic id.
Withheld = Mapping[int, Mapping[int, Ranges]]


async def withheld_before(connection: AsyncConnection, requests: Sequence[DigestRequest]) -> Withheld:
    """The intervals of these digests' topics that were withheld from their readers before."""
    cancelled = await runs.never_reported(connection)
    if not cancelled:
        return {}
    people = {request.subscriber_id for request in requests}
    by_person: dict[int, list[CoveringDigest]] = {}
    for row in await digests.withheld(connection, people, cancelled):
        by_person.setdefault(row.subscriber_id, []).append(row)
    found: dict[int, dict[int, Ranges]] = {}
    for request in requests:
        for row in by_person.get(request.subscriber_id, ()):
            for topic_id, low in topics_of(row).items():
                if row.id < request.digest_id and topic_id in request.covered:
                    ranges = found.setdefault(request.digest_id, {})
                    ranges[topic_id] = (*ranges.get(topic_id, ()), (low, row.to_seq))
    return found
