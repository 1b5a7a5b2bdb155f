"""The content of a digest in words, built from the change log, independent of the format of the mail.

In two steps, so that the result of the first can be shared by all who follow a topic in the same way:
`topic_blocks` makes the blocks of one topic, `merge` combines a person's topics.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from service.domain.digests.filters import NO_FILTERS, Filters, narrowed
from service.domain.digests.net_changes import net_unreported
from service.domain.trials.announcements import ANNOUNCEMENTS
from service.domain.trials.change import ORDER, Change, Kind, Level
from service.domain.trials.conditions import display_name
from service.domain.trials.plain_values import ENDED
from service.domain.trials.text import clean
from service.domain.wording.facts import Fact, Link, conditions, facts, joined_conditions, links, outlook
from service.domain.wording.language import Language
from service.domain.wording.sentences import Sentence, trial_sentences
from service.domain.wording.summary import Passage, shortened_passages

__all__ = ["FollowedTopic", "LogEntry", "Sentence", "TrialBlock", "cache_key", "merge", "topic_blocks"]

#: Intervals (low, high] of the change log, in order.
Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry of the change log. `topics` are the keys that it concerns (`trial:NCT…`, `condition:…`).

    `corrects` is set for a change from a snapshot with the reason `correction`: the seq of the entry that it
    corrects (the latest earlier one of the same trial and kind). The correction is sent only to those who
    followed when that entry was added.
    """

    seq: int
    nct_id: str
    change: Change
    topics: frozenset[str]
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class FollowedTopic:
    """One person's active subscription to one topic.

    `name` is the condition's name as shown (unused for a trial). Only entries above `after_seq` are included:
    the others are covered by earlier digests. `followed_since_seq` is the seq at which the
    subscription became active. `small_changes`: low-level changes may cause a mail. `reported`: intervals
    above `after_seq` of digests that were sent although an earlier one never was.
    """

    topic: str
    after_seq: int
    followed_since_seq: int
    name: str = ""
    filters: Filters = NO_FILTERS
    small_changes: bool = False
    reported: Ranges = ()


@dataclass(frozen=True, slots=True)
class TrialBlock:
    """One trial in a digest. Two blocks of equal `key` hold equal words (the key includes the language).

    `worth_sending` says whether the block is worth a mail by itself; `level` and `rank` order the blocks.
    The facts list places in the countries of the person's filter first. `is_new`: announced to the followers
    of a condition; `opens`: not as new, but as taking participants now; `newly_registered`: new in the
    registry too, and therefore called a new study. `topics`: the keys of the followed topics that the block
    belongs to; `reasons` says the same in words. A new trial has its summary (`is_cut`: shortened) and
    outlook. The first `followed` of the conditions are the followed ones. `asks_to_stop`: a followed study
    has ended, and the reader is asked whether to stop following it.
    """

    key: str
    nct_id: str
    url: str
    title: str
    is_new: bool
    reasons: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    summary: tuple[Passage, ...] = ()
    is_cut: bool = False
    outlook: tuple[Fact, ...] = ()
    facts: tuple[Fact, ...] = ()
    conditions: tuple[str, ...] = ()
    followed: int = 0
    links: tuple[Link, ...] = ()
    asks_to_stop: bool = False
    level: Level = Level.LOW
    rank: int = 0
    worth_sending: bool = False
    newly_registered: bool = False
    topics: tuple[str, ...] = ()
    opens: bool = False


def cache_key(
    follow: FollowedTopic, end: int, language: Language, has_corrections: bool = False
) -> tuple[Any, ...]:
    """The values that the result of `topic_blocks` depends on, for entries up to `end`.

    `has_corrections`: whether any of the topic's entries in the interval has `corrects`; only then does
    the start of the subscription matter.
    """
    since = follow.followed_since_seq if has_corrections else None
    return (
        follow.topic,
        follow.name,
        follow.after_seq,
        end,
        since,
        follow.filters,
        follow.small_changes,
        follow.reported,
        language.code,
    )


def topic_blocks(
    follow: FollowedTopic,
    entries: Iterable[LogEntry],
    snapshots: Mapping[str, Mapping[str, Any]],
    language: Language,
) -> tuple[TrialBlock, ...]:
    """The blocks of one topic, one per trial.

    `entries` are in the order of seq, up to the digest's end; those of other topics and those at or below
    `follow.after_seq` are ignored. `snapshots` holds the newest snapshot of every trial that occurs; a trial
    without one (erased since) is omitted. Changes in the intervals `follow.reported`, and those that they
    made obsolete, are not included.
    """
    by_trial: dict[str, list[tuple[Change, bool]]] = {}
    for entry in entries:
        if entry.seq <= follow.after_seq or follow.topic not in entry.topics:
            continue
        if entry.corrects is not None and entry.corrects <= follow.followed_since_seq:
            continue
        reported = any(low < entry.seq <= high for low, high in follow.reported)
        by_trial.setdefault(entry.nct_id, []).append((entry.change, reported))
    blocks = []
    for nct_id, changes in by_trial.items():
        snapshot = snapshots.get(nct_id)
        if snapshot is None:
            continue
        selected = _selected(follow, net_unreported(changes, snapshot["status"]), snapshot)
        if selected and (block := _block(follow, selected, snapshot, language)):
            blocks.append(block)
    return tuple(blocks)


def _selected(follow: FollowedTopic, changes: Iterable[Change], snapshot: Mapping[str, Any]) -> list[Change]:
    """The changes that pass the person's filters; of several announcements only the first."""
    selected: list[Change] = []
    for change in changes:
        part = narrowed(follow.filters, change, snapshot)
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


def _importance(block: TrialBlock) -> tuple[int, int, str]:
    return -block.level, block.rank, block.nct_id


def _joined(first: TrialBlock, second: TrialBlock) -> TrialBlock:
    """Merges two topics' blocks of the same trial, with both reasons. A followed trial is never also new."""
    if first.is_new != second.is_new:
        return second if first.is_new else first
    if first.opens != second.opens:  # the announcement of an open trial already says that it opened
        first, second = (replace(block, sentences=()) if block.opens else block for block in (first, second))
    texts = {sentence.text for sentence in first.sentences}
    first, second = sorted((first, second), key=lambda block: (-block.level, block.rank, block.key))
    own = [block.conditions[: block.followed] for block in (first, second)]
    followed = tuple(dict.fromkeys(name for names in own for name in names))
    return replace(
        first,
        key=f"{first.key}+{second.key}",
        reasons=tuple(dict.fromkeys((*first.reasons, *second.reasons))),
        topics=tuple(dict.fromkeys((*first.topics, *second.topics))),
        sentences=(*first.sentences, *(s for s in second.sentences if s.text not in texts)),
        conditions=joined_conditions(followed, first.conditions),
        followed=len(followed),
        asks_to_stop=first.asks_to_stop or second.asks_to_stop,
        worth_sending=first.worth_sending or second.worth_sending,
        opens=first.opens and second.opens,
    )


def _block(
    follow: FollowedTopic, changes: list[Change], snapshot: Mapping[str, Any], language: Language
) -> TrialBlock | None:
    words = trial_sentences(changes, snapshot["status"], language)
    if not words:
        return None
    is_new = any(change.kind in ANNOUNCEMENTS for change in changes)
    level = max(sentence.level for sentence in words)
    summary, is_cut = shortened_passages(snapshot.get("summary") or "") if is_new else ((), False)
    shown, followed = conditions(snapshot, language, follow.topic, follow.name)
    block = TrialBlock(
        key="",
        nct_id=snapshot["nct_id"],
        url=snapshot["url"],
        title=clean(snapshot["title"]),
        is_new=is_new,
        reasons=(_reason(follow, language),),
        sentences=words,
        summary=summary,
        is_cut=is_cut,
        outlook=outlook(snapshot, language) if is_new else (),
        facts=facts(snapshot, language, follow.filters.countries),
        conditions=shown,
        followed=followed,
        links=links(snapshot, language),
        asks_to_stop=follow.topic.startswith("trial:") and any(map(_ends, changes)),
        level=level,
        rank=min(ORDER[change.kind] for change in changes),
        worth_sending=follow.small_changes or level > Level.LOW,
        newly_registered=any(c.kind is Kind.NEW_FOR_CONDITION and c.after["recent"] for c in changes),
        topics=(follow.topic,),
        opens=any(change.kind is Kind.NOW_RECRUITING for change in changes),
    )
    digest = blake2b(repr(block).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return replace(block, key=f"{language.code}:{snapshot['nct_id']}:{digest}")


def _ends(change: Change) -> bool:
    """Whether the change reports the end of a study: completed, terminated or withdrawn."""
    if change.kind is not Kind.STATUS:
        return False
    return change.after["status"] in ENDED and change.before["status"] not in ENDED


def _reason(follow: FollowedTopic, language: Language) -> str:
    if follow.topic.startswith("trial:"):
        return language.gettext("You follow this study.")
    return language.gettext("You follow {condition}.").format(condition=display_name(follow.name))
