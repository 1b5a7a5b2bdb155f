"""One study in a digest: its words for those who follow one topic, ready for any rendering."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from service.domain.digests.filters import NO_FILTERS, Filters
from service.domain.trials.change import Change, Kind, Level
from service.domain.trials.comparison.plain_values import ENDED
from service.domain.trials.conditions.condition import display_name
from service.domain.trials.news.announcements import ANNOUNCEMENTS
from service.domain.trials.text import clean
from service.domain.trials.trial_ids import shown_number
from service.domain.wording.facts import (
    MOST_CONDITIONS,
    Fact,
    Link,
    conditions,
    facts,
    links,
    number_fact,
    outlook,
    page_link,
    registry_link,
)
from service.domain.wording.headline import Tone, headlines, importance, status_line
from service.domain.wording.language import Language
from service.domain.wording.relevant import is_past, relevant
from service.domain.wording.sentences import Sentence, trial_sentences
from service.domain.wording.summary import Passage, shortened_passages

#: Parts (low, high] of the change log, in order.
Ranges = tuple[tuple[int, int], ...]

Snapshot = Mapping[str, Any]

#: After these changes a trial no longer has a page of its own.
GONE = (Kind.REMOVED, Kind.MERGED)


@dataclass(frozen=True, slots=True)
class FollowedTopic:
    """One person's active subscription to one topic.

    `name` is the condition's name as shown (unused for a trial). Only entries above `after_seq` are included:
    the others are covered by earlier digests. `followed_since_seq` is the seq at which the
    subscription became active. `small_changes`: low-level changes may cause a mail. `reported`: intervals
    above `after_seq` of digests that were sent although an earlier one never was.
    `withheld`: intervals of digests that were cancelled for good, before this one. `follows_on`: the topic is
    still followed, so that the end of a followed trial was undone since.
    `period_start_seq`: where the digest's period begins, which may be later: one without news had no digest.
    """

    topic: str
    after_seq: int
    followed_since_seq: int
    name: str = ""
    filters: Filters = NO_FILTERS
    small_changes: bool = False
    reported: Ranges = ()
    withheld: Ranges = ()
    follows_on: bool = False
    period_start_seq: int = 0


@dataclass(frozen=True, slots=True)
class TrialBlock:
    """One trial in a digest. Two blocks of equal `key` hold equal words (the key includes the language).

    `worth_sending` says whether the block is worth a mail by itself; `level` and `rank` order the blocks.
    `headlines` sum up the changes, `tone` is their colour, `status` the line of the study's status; a study
    that is gone has no `status` and no `url`, as its page may be gone too.
    The facts list places in the countries of the person's filter first. `is_new`: announced to the followers
    of a condition; `opens`: not as new, but as taking participants now. `topics`: the keys of the followed
    topics that the block belongs to; `reasons` says the same in words; `stops`: the text of the link that
    stops each of them, none if the subscription ends by itself; after a merger it names the trial that is
    followed from then on. A new trial has its summary (`is_cut`: shortened) and outlook. The first `followed`
    of the conditions are the followed ones. `asks_to_stop`: a followed study has ended, and the reader is
    asked whether to stop following it.
    """

    key: str
    nct_id: str
    url: str
    title: str
    is_new: bool
    reasons: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    headlines: tuple[str, ...] = ()
    tone: Tone = Tone.PLAIN
    status: str = ""
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
    topics: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    opens: bool = False

    @property
    def study_stops(self) -> list[tuple[str, str]]:
        """The key of the study, if it is followed itself, with the text of the link that stops it."""
        stops = zip(self.topics, self.stops, strict=False)
        return [(topic, words) for topic, words in stops if topic.startswith("trial:")]

    @property
    def named_conditions(self) -> tuple[str, ...]:
        """The conditions by name, in English as the registry has them."""
        return self.conditions[:MOST_CONDITIONS]

    @property
    def counted_conditions(self) -> tuple[str, ...]:
        """The number of further ones, in the reader's language; empty if all are named."""
        return self.conditions[MOST_CONDITIONS:]


def trial_block(
    follow: FollowedTopic,
    changes: list[Change],
    snapshot: Snapshot,
    language: Language,
    successor: Snapshot | None = None,
) -> TrialBlock | None:
    """The block of a trial for the followers of a topic; None if there are no words for the changes.

    `successor`: the trial that it was merged into, if known.
    """
    changes = [_with_title(change, successor) for change in changes]
    words = trial_sentences(changes, snapshot["status"], language)
    if not words:
        return None
    is_new = any(change.kind in ANNOUNCEMENTS for change in changes)
    is_gone = any(change.kind in GONE for change in changes)
    level = max(sentence.level for sentence in words)
    summary, is_cut = shortened_passages(snapshot.get("summary") or "") if is_new else ((), False)
    shown, followed = conditions(snapshot, language, follow.topic, follow.name)
    worded = relevant(changes, snapshot["status"])
    sums_up, tone = headlines(worded, language, is_past(changes, snapshot["status"]))
    highest = max(change.level for change in worded)
    block = TrialBlock(
        key="",
        nct_id=snapshot["nct_id"],
        url="" if is_gone else snapshot["url"],
        title=clean(snapshot["title"]),
        is_new=is_new,
        reasons=(_reason(follow, language),),
        sentences=words,
        headlines=sums_up,
        tone=tone,
        status="" if is_gone else status_line(changes, snapshot["status"], language),
        summary=summary,
        is_cut=is_cut,
        outlook=outlook(snapshot, language) if is_new else (),
        facts=_facts(follow, snapshot, language, is_gone=is_gone),
        conditions=shown,
        followed=followed,
        links=_links_when_gone(snapshot, successor, language) if is_gone else links(snapshot, language),
        asks_to_stop=follow.topic.startswith("trial:") and any(map(_ends, changes)),
        level=level,
        rank=min(importance(change) for change in worded if change.level >= highest),
        worth_sending=follow.small_changes or level > Level.LOW,
        topics=(follow.topic,),
        stops=_stops(follow, changes, snapshot, language),
        opens=any(change.kind is Kind.NOW_RECRUITING for change in changes),
    )
    return _with_key(block, language)


def _with_key(block: TrialBlock, language: Language) -> TrialBlock:
    digest = blake2b(repr(block).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return replace(block, key=f"{language.code}:{block.nct_id}:{digest}")


def _facts(
    follow: FollowedTopic, snapshot: Snapshot, language: Language, *, is_gone: bool
) -> tuple[Fact, ...]:
    """The block of a trial that was removed: its number alone."""
    if is_gone:
        return (number_fact(snapshot, language),)
    return facts(snapshot, language, follow.filters.countries)


def _with_title(change: Change, successor: Snapshot | None) -> Change:
    if successor is None or change.kind is not Kind.MERGED:
        return change
    return replace(change, after={**change.after, "title": clean(successor["title"])})


def _links_when_gone(snapshot: Snapshot, successor: Snapshot | None, language: Language) -> tuple[Link, ...]:
    """Links for a study that is gone: to the study that goes on instead, else to the registry."""
    of_successor = (page_link(successor, language), *links(successor, language)) if successor else ()
    return of_successor or registry_link(snapshot, language)


def _ends(change: Change) -> bool:
    """Whether the change reports the end of a study: completed, terminated or withdrawn."""
    if change.kind is not Kind.STATUS:
        return False
    return change.after["status"] in ENDED and change.before["status"] not in ENDED


def _reason(follow: FollowedTopic, language: Language) -> str:
    if follow.topic.startswith("trial:"):
        return language.gettext("You follow this study.")
    return language.gettext("You follow {condition}.").format(condition=display_name(follow.name))


def _stops(
    follow: FollowedTopic, changes: Sequence[Change], snapshot: Snapshot, language: Language
) -> tuple[str, ...]:
    """The text of the link that stops a topic; it names the topic, so that each link has its own text."""
    if any(change.kind is Kind.REMOVED for change in changes):
        return ()
    if not follow.topic.startswith("trial:"):
        text = language.gettext("Stop following {condition}")
        return (text.format(condition=display_name(follow.name)),)
    into = next((change.after["into"] for change in changes if change.kind is Kind.MERGED), None)
    text = language.gettext("Stop following this study ({number})")
    return (text.format(number=shown_number(into or snapshot["nct_id"])),)
