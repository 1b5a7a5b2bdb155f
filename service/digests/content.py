"""The content of digests: the log's changes in words, rendered once and shared by the readers of a batch."""

import asyncio
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from service.digests.already_known import already_known
from service.digests.content_cache import ContentCache, TopicChanges
from service.digests.covered_elsewhere import CoveredElsewhere
from service.digests.digest_input import DigestRequest
from service.digests.log_rows import log_entry, merged_into
from service.digests.silent_statuses import silently_changed
from service.digests.withheld import Withheld, withheld_before
from service.domain.digests.blocks import (
    FollowedTopic,
    LogEntry,
    Ranges,
    TrialBlock,
    cache_key,
    merge,
    topic_blocks,
)
from service.domain.digests.filters import NO_FILTERS, Filters, InvalidFilters, read_filters
from service.domain.trials.change import Kind
from service.domain.wording.language import Language
from service.languages import language
from service.runtime.cooperative import batched, cooperatively
from service.store import change_log
from service.store.changes import trials
from service.store.digests import followed as follows
from service.store.digests.followed import FollowedSubscription


@dataclass(slots=True)
class Unusable:
    """Errors by digest id, of digests that can't be rendered; and unusable values by subscriber id."""

    digests: dict[int, Exception] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)


async def digest_contents(
    connection: AsyncConnection,
    cache: ContentCache,
    requests: Sequence[DigestRequest],
    elsewhere: CoveredElsewhere,
    unusable: Unusable | None = None,
) -> dict[int, tuple[TrialBlock, ...]]:
    """The blocks of each digest by its id, empty if no change is left to report.

    `elsewhere`: see `covered_by_others`. Unreadable filters exclude nothing. A digest that can't be rendered
    is left out. `unusable` collects the errors of both; without it, an error of wording is raised.
    """
    cache.drop_old()
    withheld = await withheld_before(connection, requests)
    spans = _spans(requests, withheld)
    people = {request.subscriber_id for request in requests}
    followed = await follows.still_followed(connection, people, spans.keys())
    changes = await _changes(connection, cache, spans)
    contents: dict[int, list[tuple[TrialBlock, ...]]] = {}
    async for part in cooperatively(batched(requests)):
        for request in part:
            own = followed.get(request.subscriber_id, {})
            if unusable is not None and any(
                row.filters and _filters(cache, row.filters) is None for row in own.values()
            ):
                unusable.people[request.subscriber_id] = "unreadable filters"
            try:
                ranges = elsewhere.get(request.digest_id, {}), withheld.get(request.digest_id, {})
                contents[request.digest_id] = await _topics_of(cache, changes, request, own, *ranges)
            except Exception as error:
                if unusable is None:
                    raise
                unusable.digests[request.digest_id] = error
    readable = [request for request in requests if request.digest_id in contents]
    known = await already_known(connection, cache.news, readable, contents, followed, spans.keys())
    merged: dict[int, tuple[TrialBlock, ...]] = {}
    async for ids in cooperatively(batched(list(contents))):
        merged.update((id_, merge(contents[id_], *known.get(id_, ((), ())))) for id_ in ids)
    return merged


def _spans(requests: Sequence[DigestRequest], withheld: Withheld) -> dict[int, tuple[int, int]]:
    """The interval of the log that the batch needs of each topic."""
    spans: dict[int, tuple[int, int]] = {}
    for request in requests:
        earlier = withheld.get(request.digest_id, {})
        for topic_id, lower in request.covered.items():
            lower = min((lower, *(begin for begin, _ in earlier.get(topic_id, ()))))
            low, high = spans.get(topic_id, (lower, request.to_seq))
            spans[topic_id] = min(low, lower), max(high, request.to_seq)
    return spans


async def _changes(
    connection: AsyncConnection, cache: ContentCache, spans: Mapping[int, tuple[int, int]]
) -> dict[int, TopicChanges]:
    """Each topic's name and part of the log with its trials, from the cache or the database."""
    changes = {topic_id: cache.changes[topic_id] for topic_id in spans if topic_id in cache.changes}
    missing = {
        topic_id: span
        for topic_id, span in spans.items()
        if topic_id not in changes or not changes[topic_id].covers(*span)
    }
    if not missing:
        return changes
    low, high = min(a for a, _ in missing.values()), max(b for _, b in missing.values())
    names = await follows.names(connection, missing.keys())
    entries: dict[int, list[LogEntry]] = {topic_id: [] for topic_id in missing}
    rows = await change_log.entries(connection, list(missing), low, high)
    late = {row.nct_id for row in rows if row.due_seq is not None}
    earlier = await change_log.entries_before(connection, list(missing), late, low)
    ends = await trials.ends_of_mergers(connection, merged_into((*earlier, *rows)))
    for row in (*earlier, *rows):
        entries[row.topic_id].append(log_entry(row, names[row.topic_id][0], ends))
    found = {number for part in entries.values() for number in _trials_in(part)}
    texts = await trials.snapshots(connection, found)
    silent = await silently_changed(connection, entries.values(), texts)
    fresh = {
        topic_id: TopicChanges(
            names[topic_id],
            low,
            high,
            part,
            {number: texts[number] for number in _trials_in(part) if number in texts},
            any(entry.depends_on_reader for entry in part),
            frozenset(entry.nct_id for entry in part if entry.due_seq is not None),
            silent,
        )
        for topic_id, part in entries.items()
    }
    cache.keep(fresh)
    return changes | fresh


def _trials_in(part: Sequence[LogEntry]) -> set[str]:
    """The trials of these entries, and those that they were merged into."""
    into = {entry.change.after["into"] for entry in part if entry.change.kind is Kind.MERGED}
    return {entry.nct_id for entry in part} | into


async def _topics_of(
    cache: ContentCache,
    changes: Mapping[int, TopicChanges],
    request: DigestRequest,
    followed: Mapping[int, FollowedSubscription],
    elsewhere: Mapping[int, Ranges],
    withheld: Mapping[int, Ranges],
) -> list[tuple[TrialBlock, ...]]:
    """The blocks of each topic of a digest, cached if another reader got the same.

    `elsewhere`: the intervals of its topics that earlier digests have reported. `withheld`: those that
    earlier ones would have reported, but were cancelled for good.
    """
    reads, interval = language(request.locale), request.interval
    parts = []
    for topic_id, lower in sorted(request.covered.items()):
        row = followed.get(topic_id)
        if row is None:
            continue
        part = changes[topic_id]
        since = row.active_seq if part.by_reader else 0, row.active
        # Most subscriptions have no filters and the same cursor, so that one look-up is enough.
        ranges = elsewhere.get(topic_id, ()) if elsewhere else ()
        hidden = _since(row, withheld.get(topic_id, ())) if withheld else ()
        is_own = row.filters or ranges or hidden
        key = None if is_own else (part.name, lower, interval, row.small_changes, since, reads)
        blocks = cache.by_request.get(key) if key else None
        if blocks is None:
            await asyncio.sleep(0)  # each takes milliseconds, and a person may follow hundreds
            blocks = _blocks(cache, part, row, lower, interval, reads, ranges, hidden)
            if key:
                cache.by_request[key] = blocks
        if blocks:
            parts.append(blocks)
    return parts


def _since(row: FollowedSubscription, ranges: Ranges) -> Ranges:
    """The parts of these intervals since the topic is followed."""
    return tuple((max(low, row.active_seq), high) for low, high in ranges if high > row.active_seq)


def _blocks(
    cache: ContentCache,
    topic: TopicChanges,
    row: FollowedSubscription,
    lower: int,
    interval: tuple[int, int],
    reads: Language,
    ranges: Ranges,
    withheld: Ranges,
) -> tuple[TrialBlock, ...]:
    entries, (period_start_seq, to_seq) = topic.entries, interval
    first = bisect_right(entries, lower, key=lambda entry: entry.seq)
    last = bisect_right(entries, to_seq, key=lambda entry: entry.seq)
    if first == last:
        return ()
    relevant = entries[first:last]
    if topic.late or withheld:
        begin = min((lower, *(low for low, _ in withheld)))
        earlier = (entry for entry in entries[:first] if entry.nct_id in topic.late or entry.seq > begin)
        relevant = [*earlier, *relevant]
    follow = FollowedTopic(
        topic=topic.name[0],
        # Readers whose intervals hold the same entries share the words, wherever their intervals begin.
        after_seq=lower if topic.by_reader else entries[first].seq - 1,
        followed_since_seq=row.active_seq,
        name=topic.name[1],
        filters=_filters(cache, row.filters) or NO_FILTERS,
        small_changes=row.small_changes,
        reported=ranges,
        withheld=withheld,
        follows_on=row.active,
        period_start_seq=period_start_seq if any(e.closed_before(period_start_seq) for e in relevant) else 0,
    )
    end = to_seq if topic.by_reader else entries[last - 1].seq
    key = cache_key(follow, end, reads, topic.by_reader)
    if key not in cache.blocks:
        snapshots = {nct_id: msgspec.json.decode(text) for nct_id, text in topic.snapshots.items()}
        cache.blocks[key] = topic_blocks(follow, relevant, snapshots, reads, end, topic.silent)
    return cache.blocks[key]


def _filters(cache: ContentCache, stored: dict[str, Any] | None) -> Filters | None:
    """A subscription's filters; None if they can't be read."""
    if not stored:
        return NO_FILTERS
    key = msgspec.json.encode(stored, order="deterministic")
    if key not in cache.filters:
        try:
            cache.filters[key] = read_filters(stored)
        except InvalidFilters:
            cache.filters[key] = None
    return cache.filters[key]
