"""What earlier digests told already of the interval of a digest that catches up: a part in its middle or end.

A digest that is never sent leaves a gap that a later one fills; whatever was sent in the meantime stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.digests.request import DigestRequest
from service.domain.digests.blocks import Ranges
from service.store.digests import digests
from service.store.digests.digests import can_be_read, read_topics, told_by_others

#: The parts of the log that others told of a digest's topics, by digest and topic.
Beside = Mapping[int, Mapping[int, Ranges]]


async def covered_by_others(connection: AsyncConnection, wanted: Sequence[DigestRequest]) -> Beside:
    """The parts (low, high] of the log that earlier digests told of a topic, by digest and topic.

    Digests that don't catch up, nearly all, have none and cost no query. What a digest left to others when it
    was written stands with it: should those fail after all, it has not told that.
    """
    catching = [request for request in wanted if request.catches_up and request.covered]
    if not catching:
        return {}
    people = {request.subscriber_id for request in catching}
    lowest = min(min(request.covered.values()) for request in catching)
    by_person: dict[int, list[Any]] = {}
    for row in await digests.told_above(connection, people, lowest):
        by_person.setdefault(row.subscriber_id, []).append(row)
    return {
        request.digest_id: _ranges(request, by_person.get(request.subscriber_id, ())) for request in catching
    }


def _ranges(request: DigestRequest, others: Iterable[Any]) -> dict[int, Ranges]:
    ranges: dict[int, list[tuple[int, int]]] = {}
    for other in others:
        if other.id >= request.digest_id or not can_be_read(other.topics):
            continue
        left = told_by_others(other.told)
        for topic_id, low in read_topics(other.topics).items():
            lower = request.covered.get(topic_id, request.to_seq)
            told = without((low, other.to_seq), left.get(topic_id, ()))
            overlapping = [part for part in told if part[1] > lower and part[0] < request.to_seq]
            if overlapping:
                ranges.setdefault(topic_id, []).extend(overlapping)
    return {topic_id: tuple(sorted(parts)) for topic_id, parts in ranges.items()}


def without(whole: tuple[int, int], parts: Ranges) -> Ranges:
    """What is left of a part (low, high] of the log without others."""
    (begin, end), left = whole, []
    for low, high in sorted(parts):
        if low > begin:
            left.append((begin, min(low, end)))
        begin = max(begin, high)
    if begin < end:
        left.append((begin, end))
    return tuple(left)
