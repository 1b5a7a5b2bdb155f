"""Trials that a digest would announce but its reader knows already, from a digest or by following."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from service.digests.digest_input import DigestRequest
from service.digests.known_by_mails import known_by_mails
from service.domain.digests.blocks import TrialBlock
from service.domain.digests.filters import InvalidFilters, matches, read_filters
from service.domain.trials.change import Kind
from service.domain.trials.news.announcements import ANNOUNCEMENTS, filter_facets
from service.store import change_log
from service.store.changes import trials
from service.store.changes.older_numbers import older_numbers
from service.store.digests import digests
from service.store.digests import followed as follows
from service.store.digests.digests import ReportingDigest
from service.store.digests.followed import FollowedSubscription


@dataclass(frozen=True, slots=True)
class _Earlier:
    """Earlier announcements of one kind, by topic: trials with the seq of the announcement, and the seq from
    which it no longer held.

    `last_only`: only a trial's last announcement counts, so that an earlier one doesn't hide it. `otherwise`:
    see `AnnouncementCache`.
    """

    by_topic: Mapping[int, Sequence[tuple[str, int, int | None]]]
    last_only: bool
    otherwise: Mapping[str, str]
    _found: dict[tuple[int, int, int, int], frozenset[str]] = field(default_factory=dict)

    def between(self, topic_id: int, low: int, high: int, to_seq: int) -> frozenset[str]:
        """The topic's trials announced in (low, high]; `to_seq` is the end of the reader's digest."""
        key = (topic_id, low, high, to_seq)  # the same for most readers of a batch
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = frozenset(self._between(*key))
        return found

    def _between(self, topic_id: int, low: int, high: int, to_seq: int) -> set[str]:
        announced = {
            nct_id
            for nct_id, seq, replaced in self.by_topic[topic_id]
            if low < seq <= high and not (replaced and replaced <= high)
        }
        if not self.last_only:
            return announced
        later = {
            nct_id
            for announcements in self.by_topic.values()
            for nct_id, seq, replaced in announcements
            if high < seq <= to_seq and not (replaced and replaced <= to_seq)
        }
        return announced - later


@dataclass(slots=True)
class AnnouncementCache:
    """The announcements of trials up to one seq of the log, by kind and trial, for the batches of a run.

    They stay as they are: what replaces one later does so from a later seq on. A batch of another run, with
    another last seq, may empty it while this one waits for the database. `otherwise`: the trials that digests
    may have reported before in other words (that they take participants, say), before they were gone for a
    while, or under an older number, by either number (see `older_numbers`).
    """

    up_to_seq: int = 0
    by_kind: dict[Kind, dict[str, list[tuple[int, int, int | None]]]] = field(default_factory=dict)
    otherwise: dict[str, str] = field(default_factory=dict)

    async def load(
        self, connection: AsyncConnection, nct_ids: Collection[str], up_to_seq: int, kind: Kind
    ) -> _Earlier:
        """The announcements of this kind of these trials up to `up_to_seq`, by topic."""
        if up_to_seq != self.up_to_seq:
            self.up_to_seq, self.by_kind, self.otherwise = up_to_seq, {}, {}
        known, otherwise = self.by_kind.setdefault(kind, {}), self.otherwise
        missing = [nct_id for nct_id in nct_ids if nct_id not in known]
        if missing:
            fresh: dict[str, list[tuple[int, int, int | None]]] = {nct_id: [] for nct_id in missing}
            kinds = ANNOUNCEMENTS if kind is Kind.NEW_FOR_CONDITION else (kind,)
            rows = await change_log.earlier_news(connection, missing, up_to_seq, kinds)
            for row in rows:
                if row.kind == kind:
                    fresh[row.nct_id].append((row.topic_id, row.seq, row.replaced_seq))
                if row.kind != kind or row.replaced_seq is not None:
                    otherwise[row.nct_id] = row.nct_id
            if kind is Kind.NEW_FOR_CONDITION:
                otherwise |= await older_numbers(connection, missing)
            known.update(fresh)
        by_topic: dict[int, list[tuple[str, int, int | None]]] = {}
        for nct_id in nct_ids:
            for topic_id, seq, replaced in known[nct_id]:
                by_topic.setdefault(topic_id, []).append((nct_id, seq, replaced))
        return _Earlier(by_topic, kind is Kind.NOW_RECRUITING, otherwise)


class AlreadyKnown(NamedTuple):
    """Trials that a digest need not announce: as new, and as taking participants."""

    trials: set[str]
    opened: set[str]


async def already_known(
    connection: AsyncConnection,
    cache: AnnouncementCache,
    requests: Sequence[DigestRequest],
    worded: Mapping[int, Sequence[tuple[TrialBlock, ...]]],
    followed: Mapping[int, dict[int, FollowedSubscription]],
    topic_ids: Collection[int],
) -> dict[int, AlreadyKnown]:
    """The announced trials, by digest id, that its reader knows from an earlier digest or follows.

    `worded`: the blocks of each topic by digest id. `followed`: the readers' subscriptions to `topic_ids`;
    those to other topics are loaded if they matter. A reader knows that a trial takes participants again only
    from the announcement of its last opening.
    """
    known: dict[int, AlreadyKnown] = {}
    for opens, announced in enumerate(_announced(worded)):
        if not announced:
            continue
        kind = Kind.NOW_RECRUITING if opens else Kind.NEW_FOR_CONDITION
        nct_ids = set().union(*announced.values())
        readers = [request for request in requests if request.digest_id in announced]
        earlier = await cache.load(connection, nct_ids, max(reader.to_seq for reader in readers), kind)
        by_digest = await _known_trials(connection, readers, nct_ids, earlier, followed, topic_ids)
        otherwise = {old: new for old, new in earlier.otherwise.items() if new in nct_ids and not opens}
        by_mails = await known_by_mails(connection, readers, otherwise) if otherwise else {}
        for digest_id, known_ids in (*by_digest.items(), *by_mails.items()):
            if known_ids:  # seldom
                known.setdefault(digest_id, AlreadyKnown(set(), set()))[opens].update(known_ids)
    return known


async def _known_trials(
    connection: AsyncConnection,
    readers: Sequence[DigestRequest],
    nct_ids: Collection[str],
    earlier: _Earlier,
    followed: Mapping[int, dict[int, FollowedSubscription]],
    topic_ids: Collection[int],
) -> dict[int, set[str]]:
    """The trials that the readers know from announcements or follow, by digest id."""
    of_trials = await follows.trial_topics(connection, nct_ids)
    elsewhere = (earlier.by_topic.keys() | of_trials.keys()).difference(topic_ids)
    people = {reader.subscriber_id for reader in readers}
    others = await follows.still_followed(connection, people, elsewhere) if elsewhere else {}
    known: dict[int, set[str]] = {}
    of_other_digests: list[tuple[DigestRequest, FollowedSubscription]] = []
    filtered: list[tuple[DigestRequest, FollowedSubscription]] = []
    for reader in readers:
        of_reader = known[reader.digest_id] = set()
        own = followed.get(reader.subscriber_id, {})
        frequencies = {own[topic_id].frequency for topic_id in reader.covered if topic_id in own}
        for topic_id, row in (own | others.get(reader.subscriber_id, {})).items():
            if row.active and topic_id in of_trials:
                of_reader.add(of_trials[topic_id])
            if row.joined and topic_id in earlier.by_topic:  # to a topic with the same filters
                end = reader.covered.get(topic_id, reader.to_seq)
                of_reader.update(earlier.between(topic_id, row.active_seq, end, reader.to_seq))
            if not row.active or topic_id not in earlier.by_topic:
                continue
            if row.filters is not None:
                filtered.append((reader, row))
            elif topic_id in reader.covered or row.frequency in frequencies:
                # A topic of this digest's frequency that it does not cover has no news since the last one.
                end = reader.covered.get(topic_id, min(reader.covered.values()))
                of_reader.update(earlier.between(topic_id, row.active_seq, end, reader.to_seq))
            else:
                of_other_digests.append((reader, row))
    if of_other_digests:
        await _add_other_digests(connection, of_other_digests, earlier, known)
    if filtered:
        await _add_filtered(connection, filtered, earlier, known)
    return known


def _announced(
    worded: Mapping[int, Sequence[tuple[TrialBlock, ...]]],
) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """The trials that each digest would announce, as new and as opened; digests without any are omitted."""
    new: dict[int, set[str]] = {}
    opened: dict[int, set[str]] = {}
    for digest_id, parts in worded.items():
        for blocks in parts:
            for block in blocks:
                if block.is_new:
                    (opened if block.opens else new).setdefault(digest_id, set()).add(block.nct_id)
    return new, opened


async def _add_other_digests(
    connection: AsyncConnection,
    subscriptions: Sequence[tuple[DigestRequest, FollowedSubscription]],
    earlier: _Earlier,
    known: Mapping[int, set[str]],
) -> None:
    """Adds to `known` the announcements of digests of other topics, mostly at another frequency.

    Only if their last run was earlier, or two digests could each leave an announcement to the other.
    """
    reported_until = await follows.reported_until(
        connection, {reader.subscriber_id for reader, _ in subscriptions}
    )
    for reader, row in subscriptions:
        seq, run_id = reported_until.get((row.subscriber_id, row.frequency), (0, None))
        if run_id is not None and run_id < reader.run_id:
            end = seq if row.resume_after_seq is None else row.resume_after_seq
            known[reader.digest_id].update(earlier.between(row.topic_id, row.active_seq, end, reader.to_seq))


async def _add_filtered(
    connection: AsyncConnection,
    subscriptions: Sequence[tuple[DigestRequest, FollowedSubscription]],
    earlier: _Earlier,
    known: Mapping[int, set[str]],
) -> None:
    """Adds to `known` the trials that earlier digests reported in spite of a subscription's filters.

    Of a digest that is not written yet the filters decide, for the trial as it is now.
    """
    lowest = min(seq for announced in earlier.by_topic.values() for _, seq, _ in announced)
    readers = {reader.subscriber_id for reader, _ in subscriptions}
    by_reader: dict[int, list[ReportingDigest]] = {}
    for row in await digests.reported_from(connection, readers, lowest):
        by_reader.setdefault(row.subscriber_id, []).append(row)
    waiting = any(row.reported is None and row.waits for rows in by_reader.values() for row in rows)
    facets = await _facets(connection, earlier) if waiting else {}
    for reader, followed in subscriptions:
        for digest in by_reader.get(reader.subscriber_id, ()):
            low = digests.topics_of(digest).get(followed.topic_id)
            if low is None or digest.run_id >= reader.run_id:
                continue
            low = max(low, followed.active_seq)
            announced: Set[str] = earlier.between(followed.topic_id, low, digest.to_seq, reader.to_seq)
            if digest.reported is not None:
                announced &= set(digests.reported_trials(digest.reported))
            elif not digest.waits:
                continue
            else:
                announced = _passing(facets, announced, followed.filters)
            known[reader.digest_id].update(announced)


async def _facets(connection: AsyncConnection, earlier: _Earlier) -> dict[str, Any]:
    """The facets of each announced trial that filters check, as it is now."""
    nct_ids = {nct_id for announced in earlier.by_topic.values() for nct_id, _, _ in announced}
    today = datetime.now(UTC).date()
    texts = await trials.snapshots(connection, nct_ids)
    return {nct_id: filter_facets(msgspec.json.decode(text), today) for nct_id, text in texts.items()}


def _passing(
    facets: Mapping[str, Any], nct_ids: Collection[str], filters: Mapping[str, Any] | None
) -> set[str]:
    """The trials that pass a subscription's filters now; unreadable filters exclude nothing."""
    try:
        read = read_filters(filters)
    except InvalidFilters:
        return set(nct_ids)
    return {nct_id for nct_id in nct_ids if nct_id in facets and matches(read, facets[nct_id])}
