"""Intervals that earlier digests have reported of a digest that catches up: in its middle or at its end.

A digest that was never sent leaves a gap, which a later one fills; digests sent in between are excluded.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from service.digests.digest_input import DigestRequest
from service.domain.digests.blocks import Ranges
from service.store.digests import digests
from service.store.digests.digests import CoveringDigest, can_be_read, read_topics, reported_by_others

#: Intervals of the log that other digests have reported, by digest id and topic id.
CoveredElsewhere = Mapping[int, Mapping[int, Ranges]]


async def covered_by_others(
    connection: AsyncConnection, requests: Sequence[DigestRequest]
) -> CoveredElsewhere:
    """The intervals (low, high] that earlier digests have reported, by digest id and topic id.

    Digests that don't catch up, nearly all, have none and need no query. Changes that a digest left to others
    are stored with it, and not counted as reported by it: the others may have failed.
    """
    catching = [request for request in requests if request.catches_up and request.covered]
    if not catching:
        return {}
    people = {request.subscriber_id for request in catching}
    lowest = min(min(request.covered.values()) for request in catching)
    by_person: dict[int, list[CoveringDigest]] = {}
    for row in await digests.covering_after(connection, people, lowest):
        by_person.setdefault(row.subscriber_id, []).append(row)
    return {
        request.digest_id: _ranges(request, by_person.get(request.subscriber_id, ())) for request in catching
    }


def _ranges(request: DigestRequest, others: Iterable[CoveringDigest]) -> dict[int, Ranges]:
    ranges: dict[int, list[tuple[int, int]]] = {}
    for other in others:
        if other.id >= request.digest_id or not can_be_read(other.topics):
            continue
        left = reported_by_others(other.reported)
        for topic_id, low in read_topics(other.topics).items():
            lower = request.covered.get(topic_id, request.to_seq)
            reported = without((low, other.to_seq), left.get(topic_id, ()))
            overlapping = [part for part in reported if part[1] > lower and part[0] < request.to_seq]
            if overlapping:
                ranges.setdefault(topic_id, []).extend(overlapping)
    return {topic_id: tuple(sorted(parts)) for topic_id, parts in ranges.items()}


def without(whole: tuple[int, int], parts: Ranges) -> Ranges:
    """The interval (low, high] of the log without the given parts."""
    (begin, end), left = whole, []
    for low, high in sorted(parts):
        if low > begin:
            left.append((begin, min(low, end)))
        begin = max(begin, high)
    if begin < end:
        left.append((begin, end))
    return tuple(left)
