"""What each digest of a batch tells its reader: the log's changes, put in words once and shared by many."""

import asyncio
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from service.digests.already_known import already_known
from service.digests.covered_elsewhere import Beside
from service.digests.request import DigestRequest
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
from service.domain.trials.change import Change, Kind, Level
from service.domain.wording.language import Language
from service.mail.render.languages import language
from service.store.changes import change_log, trials
from service.store.digests import followed as follows
from service.store.digests.followed import Followed

#: Octets of snapshots, and blocks, kept for the next batches; a run's batches tell mostly the same.
_MOST_OCTETS = 24_000_000
_MOST_BLOCKS = 4_000
_MOST_FOUND = 50_000

#: Digests handled between two looks at everything else that waits: connections must not go idle.
YIELD_EVERY = 25


@dataclass(frozen=True, slots=True)
class TopicChanges:
    """A topic's part of the log in (low, high], and the snapshots (JSON text) of the trials in it.

    `corrected`: some entry puts an earlier one right, so that it matters since when somebody follows.
    Whole in itself: what another batch forgets meanwhile is still here.
    """

    low: int
    high: int
    entries: Sequence[LogEntry]
    snapshots: Mapping[str, str]
    corrected: bool

    def covers(self, low: int, high: int) -> bool:
        """Whether nothing of that interval is missing here."""
        return self.low <= low and self.high >= high


@dataclass(slots=True)
class ContentCache:
    """What was read and worded for the batches of one run of the worker, dropped when it grows large."""

    news: dict[int, TopicChanges] = field(default_factory=dict)
    octets: int = 0
    blocks: dict[tuple[Any, ...], tuple[TrialBlock, ...]] = field(default_factory=dict)
    found: dict[tuple[Any, ...], tuple[TrialBlock, ...]] = field(default_factory=dict)
    filters: dict[bytes, Filters | None] = field(default_factory=dict)

    def keep(self, news: Mapping[int, TopicChanges]) -> None:
        """Keeps what was read of some topics, instead of all that was kept once that is a lot."""
        if self.octets > _MOST_OCTETS or len(self.blocks) > _MOST_BLOCKS or len(self.found) > _MOST_FOUND:
            self.forget()
        self.news.update(news)
        self.octets += sum(len(text) for changes in news.values() for text in changes.snapshots.values())

    def forget(self) -> None:
        """Drops everything: simple, and rare."""
        self.news.clear()
        self.blocks.clear()
        self.found.clear()
        self.filters.clear()
        self.octets = 0


@dataclass(slots=True)
class Unusable:
    """Digests that can't be put in words, by id, and what is wrong with a person's values, by number."""

    digests: dict[int, Exception] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)


async def digest_contents(
    connection: AsyncConnection,
    known: ContentCache,
    wanted: Sequence[DigestRequest],
    beside: Beside,
    unusable: Unusable | None = None,
) -> dict[int, tuple[TrialBlock, ...]]:
    """The blocks of each digest by its id; none for one that has nothing to tell (any more).

    `beside`: see `covered_by_others`. Unreadable filters exclude nothing. A digest that can't be worded is
    left out. `unusable` collects the errors of both; without it, an error of wording is raised.
    """
    spans = _spans(wanted)
    people = {request.subscriber_id for request in wanted}
    followed = await follows.still_followed(connection, people, spans.keys())
    names = await follows.names(connection, spans.keys())
    news = await _news(connection, known, spans, names)
    worded: dict[int, list[tuple[TrialBlock, ...]]] = {}
    for number, request in enumerate(wanted):
        if number % YIELD_EVERY == 0:
            await asyncio.sleep(0)
        theirs = followed.get(request.subscriber_id, {})
        if unusable is not None and any(_filters(known, row.filters) is None for row in theirs.values()):
            unusable.people[request.subscriber_id] = "unreadable filters"
        try:
            ranges = beside.get(request.digest_id, {})
            worded[request.digest_id] = _topics_of(known, news, names, request, theirs, ranges)
        except Exception as error:
            if unusable is None:
                raise
            unusable.digests[request.digest_id] = error
    readable = [request for request in wanted if request.digest_id in worded]
    told = await already_known(connection, readable, worded, followed, spans.keys())
    return {digest_id: merge(blocks, *told.get(digest_id, ((), ()))) for digest_id, blocks in worded.items()}


def _spans(wanted: Sequence[DigestRequest]) -> dict[int, tuple[int, int]]:
    """From where to where the batch needs each topic's part of the log."""
    spans: dict[int, tuple[int, int]] = {}
    for request in wanted:
        for topic_id, lower in request.covered.items():
            span = spans.get(topic_id)
            if span is None:
                spans[topic_id] = lower, request.to_seq
            elif lower < span[0] or request.to_seq > span[1]:
                spans[topic_id] = min(lower, span[0]), max(request.to_seq, span[1])
    return spans


async def _news(
    connection: AsyncConnection,
    known: ContentCache,
    spans: Mapping[int, tuple[int, int]],
    names: Mapping[int, tuple[str, str]],
) -> dict[int, TopicChanges]:
    """Each topic's part of the log and its trials, read where they are not known yet."""
    news = {topic_id: known.news[topic_id] for topic_id in spans if topic_id in known.news}
    missing = {
        topic_id: span
        for topic_id, span in spans.items()
        if topic_id not in news or not news[topic_id].covers(*span)
    }
    if not missing:
        return news
    low, high = min(a for a, _ in missing.values()), max(b for _, b in missing.values())
    found: dict[int, list[LogEntry]] = {topic_id: [] for topic_id in missing}
    for row in await change_log.entries(connection, list(missing), low, high):
        change = Change(Kind(row.kind), Level(row.level), row.before, row.after)
        key = frozenset((names[row.topic_id][0],))
        found[row.topic_id].append(LogEntry(row.seq, row.nct_id, change, key, row.corrects))
    texts = await trials.snapshots(connection, {change.nct_id for part in found.values() for change in part})
    fresh = {
        topic_id: TopicChanges(
            low,
            high,
            part,
            {change.nct_id: texts[change.nct_id] for change in part if change.nct_id in texts},
            any(change.corrects is not None for change in part),
        )
        for topic_id, part in found.items()
    }
    known.keep(fresh)
    return news | fresh


def _topics_of(
    known: ContentCache,
    news: Mapping[int, TopicChanges],
    names: Mapping[int, tuple[str, str]],
    request: DigestRequest,
    followed: Mapping[int, Followed],
    beside: Mapping[int, Ranges],
) -> list[tuple[TrialBlock, ...]]:
    """The blocks of each topic of a digest, from what is kept where somebody else was told the same.

    `beside`: what earlier digests told already of its topics.
    """
    words = language(request.locale)
    parts = []
    for topic_id, lower in request.covered.items():
        row = followed.get(topic_id)
        if row is None:
            continue
        part, name = news[topic_id], names[topic_id]
        since = row.active_seq if part.corrected else 0
        # Most people follow without filters and were told up to the same seq: found at once.
        ranges = beside.get(topic_id, ())
        key = (
            None if row.filters or ranges else (name, lower, request.to_seq, row.small_changes, since, words)
        )
        blocks = known.found.get(key) if key else None
        if blocks is None:
            blocks = _blocks(known, part, row, name, lower, request.to_seq, words, ranges)
            if key:
                known.found[key] = blocks
        if blocks:
            parts.append(blocks)
    return parts


def _blocks(
    known: ContentCache,
    news: TopicChanges,
    row: Followed,
    name: tuple[str, str],
    lower: int,
    to_seq: int,
    words: Language,
    ranges: Ranges,
) -> tuple[TrialBlock, ...]:
    entries = news.entries
    first = bisect_right(entries, lower, key=lambda entry: entry.seq)
    last = bisect_right(entries, to_seq, key=lambda entry: entry.seq)
    if first == last:
        return ()
    follow = FollowedTopic(
        topic=name[0],
        # Readers whose intervals hold the same entries share the words, wherever their intervals begin.
        after_seq=entries[first].seq - 1,
        followed_since_seq=row.active_seq,
        name=name[1],
        filters=_filters(known, row.filters) or NO_FILTERS,
        small_changes=row.small_changes,
        told=ranges,
    )
    told = entries[first:last]
    corrected = any(entry.corrects is not None for entry in told)
    key = cache_key(follow, entries[last - 1].seq, words, corrected)
    if key not in known.blocks:
        snapshots = {nct_id: msgspec.json.decode(text) for nct_id, text in news.snapshots.items()}
        known.blocks[key] = topic_blocks(follow, told, snapshots, words)
    return known.blocks[key]


def _filters(known: ContentCache, stored: dict[str, Any] | None) -> Filters | None:
    """A subscription's filters; None for what can't be read."""
    if not stored:
        return NO_FILTERS
    key = msgspec.json.encode(stored, order="deterministic")
    if key not in known.filters:
        try:
            known.filters[key] = read_filters(stored)
        except InvalidFilters:
            known.filters[key] = None
    return known.filters[key]
