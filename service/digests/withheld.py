"""Intervals of the log that a run would have reported to a reader, had it not been cancelled for good.

The next change of the same kind is reported from what the reader was told before: not from a value that was
withheld because it was wrong.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from service.digests.digest_input import DigestRequest
from service.domain.digests.blocks import Ranges
from service.store.digests import digests, runs
from service.store.digests.digests import can_be_read, read_topics

#: Withheld intervals (low, high] by digest id and topic id.
Withheld = Mapping[int, Mapping[int, Ranges]]


async def withheld_before(connection: AsyncConnection, requests: Sequence[DigestRequest]) -> Withheld:
    """The intervals of these digests' topics that were withheld from their readers before."""
    cancelled = await runs.never_reported(connection)
    if not cancelled:
        return {}
    found: dict[int, dict[int, Ranges]] = {}
    people = {request.subscriber_id for request in requests}
    by_person: dict[int, list[tuple[int, int, dict[int, int]]]] = {}
    for row in await digests.withheld(connection, people, cancelled):
        if can_be_read(row.topics):
            of_person = by_person.setdefault(row.subscriber_id, [])
            of_person.append((row.id, row.to_seq, read_topics(row.topics)))
    for request in requests:
        for digest_id, to_seq, topics in by_person.get(request.subscriber_id, ()):
            if digest_id >= request.digest_id:
                continue
            ranges = found.setdefault(request.digest_id, {})
            for topic_id in topics.keys() & request.covered.keys():
                ranges[topic_id] = (*ranges.get(topic_id, ()), (topics[topic_id], to_seq))
    return found
