"""The content of a digest in words, built from the change log, independent of the format of the mail.

In two steps, so that the result of the first can be shared by all who follow a topic in the same way:
`topic_blocks` makes the blocks of one topic, `merge` combines a person's topics.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from operator import attrgetter
from typing import Any

from service.domain.digests.filters import narrowed
from service.domain.digests.log_entries import LogEntry, continued
from service.domain.digests.net_changes import net_unreported
from service.domain.digests.trial_block import GONE, FollowedTopic, Ranges, TrialBlock, trial_block
from service.domain.trials.change import Change, Kind
from service.domain.trials.comparison.plain_values import diff_status, read_status
from service.domain.trials.news.announcements import ANNOUNCEMENTS
from service.domain.trials.trial_ids import shown_number
from service.domain.wording.facts import joined_conditions
from service.domain.wording.language import Language
from service.domain.wording.sentences import Sentence

__all__ = [
    "FollowedTopic",
    "LogEntry",
    "Ranges",
    "Sentence",
    "TrialBlock",
    "cache_key",
    "covered_topics",
    "merge",
    "topic_blocks",
]


def cache_key(
    follow: FollowedTopic, end: int, language: Language, depends_on_reader: bool = False
) -> tuple[Any, ...]:
    """The values that the result of `topic_blocks` depends on, for entries up to `end`.

    `depends_on_reader`: whether any of the topic's entries in the interval does; only then does the start of
    the subscription matter.
    """
    since = follow.followed_since_seq if depends_on_reader else None
    return (
        follow.topic,
        follow.name,
        follow.after_seq,
        end,
        since,
        follow.filters,
        follow.small_changes,
        follow.reported,
        follow.withheld,
        follow.follows_on,
        follow.period_start_seq,
        language.code,
    )


def topic_blocks(
    follow: FollowedTopic,
    entries: Sequence[LogEntry],
    snapshots: Mapping[str, Mapping[str, Any]],
    language: Language,
    end: int | None = None,
    silent: Container[str] = (),
) -> tuple[TrialBlock, ...]:
    """The blocks of one topic, one per trial.

    `entries` are in the order of seq, up to the digest's `end`; those of other topics are ignored. Those at
    or below `follow.after_seq` were reported before, and are ignored too, unless an entry of the trial was
    derived late, or they were withheld and a change continues them (`continued`). `snapshots` holds the
    newest snapshot of every trial that occurs, and of those that they were merged into; of a trial without
    one, whose record never came or was erased since, only the end is reported. Changes in the intervals
    `follow.reported`, and those that they made obsolete, are not included. `silent`: the trials whose newest
    status no entry has, not even a later one.
    """
    until = end if end is not None else max((entry.seq for entry in entries), default=0)
    late = {entry.nct_id for entry in entries if entry.due_seq is not None}
    in_order = sorted(entries, key=_place) if late else entries
    own = [entry for entry in in_order if follow.topic in entry.topics and entry.is_for(follow, until)]
    from_withheld = continued(follow, own)
    by_trial: dict[str, list[tuple[Change, bool]]] = {}
    for entry in own:
        if entry.seq in from_withheld:
            by_trial.setdefault(entry.nct_id, []).append((entry.change, False))
        elif entry.seq > follow.after_seq or entry.nct_id in late:
            by_trial.setdefault(entry.nct_id, []).append((entry.change, entry.is_reported(follow)))
    blocks = []
    for nct_id, changes in by_trial.items():
        snapshot = snapshots.get(nct_id) or _without_record(nct_id, changes)
        if snapshot is None:
            continue
        net = _with_newest_status(
            net_unreported(changes, snapshot["status"]), snapshot, is_silent=nct_id in silent
        )
        selected = _selected(follow, net, snapshot)
        successor = next((snapshots.get(c.after["into"]) for c in selected if c.kind is Kind.MERGED), None)
        if selected and (block := trial_block(follow, selected, snapshot, language, successor)):
            blocks.append(block)
    return tuple(blocks)


def _without_record(nct_id: str, changes: Iterable[tuple[Change, bool]]) -> Mapping[str, Any] | None:
    """Stands in for the record of a trial that ended before one came; None if it did not end."""
    if not all(change.kind in GONE for change, _ in changes):
        return None
    return {"nct_id": nct_id, "title": shown_number(nct_id), "status": "UNKNOWN", "conditions": ()}


def _place(entry: LogEntry) -> tuple[int, int]:
    """The position of an entry among those of its trial: by revision, whenever it was derived."""
    return entry.revision or 0, entry.seq


def _with_newest_status(
    changes: Iterable[Change], snapshot: Mapping[str, Any], *, is_silent: bool
) -> Iterator[Change]:
    """The changes without a status that the registry no longer shows: a mail may have waited for days.

    The newer one is reported by the next digest; one that came silently instead of the older one. A status
    comes with the reason for stopping, which the registry may have given later.
    """
    for change in changes:
        if change.kind is not Kind.STATUS:
            yield change
        elif change.after["status"] == snapshot["status"]:
            why = change.after.get("why_stopped") or snapshot.get("why_stopped")
            yield replace(change, after={**change.after, "why_stopped": why})
        elif is_silent and (newest := diff_status(change.before, read_status(snapshot))):
            yield newest


def _selected(follow: FollowedTopic, changes: Iterable[Change], snapshot: Mapping[str, Any]) -> list[Change]:
    """The changes that pass the person's filters; of several announcements only the first."""
    selected: list[Change] = []
    for change in changes:
        part = narrowed(follow.filters, change, snapshot, small_changes=follow.small_changes)
        if part is not None and not (
            part.kind in ANNOUNCEMENTS and any(c.kind in ANNOUNCEMENTS for c in selected)
        ):
            selected.append(part)
    return selected


def merge(
    topics: Iterable[tuple[TrialBlock, ...]],
    known: Container[str] = frozenset(),
    known_open: Container[str] = frozenset(),
) -> tuple[TrialBlock, ...]:
    """A person's digest: each trial once, most important first; empty if no block is worth a mail.

    `topics` are the results of `topic_blocks` for all topics of one frequency. `known`: trials that were
    announced to the person before, or that they follow as a trial, which are not announced as new.
    `known_open`: likewise for the trials' last opening. Low-level blocks are included only if another block
    is worth sending.
    """
    merged: dict[str, TrialBlock] = {}
    causes = False
    for blocks in topics:
        for block in blocks:
            if block.is_new and block.nct_id in (known_open if block.opens else known):
                continue
            causes = causes or block.worth_sending
            other = merged.get(block.nct_id)
            merged[block.nct_id] = block if other is None else _joined(other, block)
    if not causes:
        return ()
    if len(merged) == 1:
        return tuple(merged.values())
    return tuple(sorted(merged.values(), key=_importance))


_TOPICS = attrgetter("topics")


def covered_topics(blocks: Iterable[TrialBlock]) -> list[str]:
    """The keys of the topics of a digest's blocks, each once, in the order of the blocks.

    A link that stops one of them refers to it by its place in this list.
    """
    return list(dict.fromkeys(chain.from_iterable(map(_TOPICS, blocks))))


def _importance(block: TrialBlock) -> tuple[int, int, str]:
    return -block.level, block.rank, block.nct_id


def _joined(first: TrialBlock, second: TrialBlock) -> TrialBlock:
    """Merges two topics' blocks of the same trial, with both reasons. A followed trial is never also new."""
    if first.is_new != second.is_new:
        return second if first.is_new else first
    if first.opens != second.opens:  # the announcement of an open trial already says that it opened
        first, second = (replace(block, sentences=()) if block.opens else block for block in (first, second))
    lead, other = sorted((first, second), key=lambda block: (-block.level, block.rank, block.key))
    texts = {sentence.text for sentence in first.sentences}
    stops = dict(zip((*first.topics, *second.topics), (*first.stops, *second.stops), strict=False))
    own = [block.conditions[: block.followed] for block in (first, second)]
    followed = tuple(dict.fromkeys(name for names in own for name in names))
    return replace(
        lead,
        key=f"{lead.key}+{other.key}",
        reasons=tuple(dict.fromkeys((*first.reasons, *second.reasons))),
        topics=tuple(dict.fromkeys((*first.topics, *second.topics))),
        stops=tuple(stops.values()),
        sentences=(*first.sentences, *(s for s in second.sentences if s.text not in texts)),
        conditions=joined_conditions(followed, lead.conditions),
        followed=len(followed),
        asks_to_stop=first.asks_to_stop or second.asks_to_stop,
        worth_sending=first.worth_sending or second.worth_sending,
        opens=first.opens and second.opens,
    )
