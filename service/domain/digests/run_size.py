"""Whether a run of digests is far larger than usual, by its mails or by its news, and must be held. Pure."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from service.domain.digests.schedule import Frequency

#: A run with no more mails, or no more pieces of news in all mails together, is never held for them.
SMALL_RUN = 1_000

#: Up to this many trials of one topic with news are usual within the period of a digest.
ORDINARY_NEWS: Mapping[str, int] = {
    Frequency.IMMEDIATE: 50,
    Frequency.DAILY: 100,
    Frequency.WEEKLY: 200,
    Frequency.MONTHLY: 500,
}


class TopicNews(NamedTuple):
    """Trials with news of one topic, and how many people of a run would get that many."""

    key: str
    trials: int
    people: int


class Usual(NamedTuple):
    """The medians of the last runs of a frequency: mails, and trials of the topic with most news.

    None without any such run.
    """

    mails: float | None
    news: float | None


def held_because(
    factor: float, frequency: str, mails: int, news: Sequence[TopicNews], usual: Usual, small: int = SMALL_RUN
) -> str | None:
    """The sentence that says why a run is held, or None. `factor`: ALERTS_RUN_HOLD, 0: never.

    The first run of a frequency, which has nothing to compare with, is held by its news alone.
    """
    if not factor:
        return None
    if usual.mails is not None and mails > small and mails > factor * usual.mails:
        return f"It has {mails} mails, and {usual.mails:g} are usual."
    limit = max(ORDINARY_NEWS.get(frequency, 0), factor * (usual.news or 0))
    for topic in sorted(news, key=lambda topic: topic.trials * topic.people, reverse=True):
        if topic.trials > limit and topic.trials * topic.people > small:
            usually = f"{usual.news:g} are usual" if usual.news else f"{limit:g} would be many"
            return f"{topic.key} alone has news of {topic.trials} trials, and {usually}."
    return None


def most_news(news: Sequence[TopicNews]) -> int:
    """The number of trials of the topic that has most of a run's news; 0 for a run without many."""
    return max(news, key=lambda topic: topic.trials * topic.people, default=TopicNews("", 0, 0)).trials


def count_news(
    key: str, entries: Sequence[tuple[int, str]], people: Mapping[int, int]
) -> Sequence[TopicNews]:
    """The number of trials of a topic that are news for its followers.

    `entries`: seq and trial of each change, in order; `people`: how many follow it, by the seq after which
    changes are reported to them.
    """
    seqs = [seq for seq, _ in entries]
    trials_from = [0] * (len(entries) + 1)
    seen: set[str] = set()
    for position in range(len(entries) - 1, -1, -1):
        seen.add(entries[position][1])
        trials_from[position] = len(seen)
    counted: dict[int, int] = {}
    for lower, number in people.items():
        trials = trials_from[bisect_right(seqs, lower)]
        counted[trials] = counted.get(trials, 0) + number
    return [TopicNews(key, trials, number) for trials, number in counted.items() if trials]
