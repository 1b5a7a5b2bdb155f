"""Trials that a digest would announce as new, and that its reader knows from other news or numbers."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from service.digests.digest_input import DigestRequest
from service.domain.trials.news.announcements import ANNOUNCEMENTS
from service.store import change_log
from service.store.digests import digests
from service.store.digests import followed as follows


async def known_by_mails(
    connection: AsyncConnection, readers: Sequence[DigestRequest], numbers: Mapping[str, str]
) -> dict[int, set[str]]:
    """The trials, by digest id, that an earlier digest reported or that its reader follows.

    `numbers` has each trial by the number under which it was reported. What the mails say counts, not the
    log: that a trial opened may have been cancelled by its closing within the period, and announcements of a
    trial that was removed, or goes on as another one, no longer hold.
    """
    known: dict[int, set[str]] = {reader.digest_id: set() for reader in readers}
    people = {reader.subscriber_id for reader in readers}
    of_trials = await follows.trial_topics(connection, numbers)
    until = max(reader.to_seq for reader in readers)
    rows = await change_log.earlier_news(connection, numbers, until, ANNOUNCEMENTS)
    begins: dict[int, int] = {}
    for reader in readers:
        for topic_id, lower in reader.covered.items():
            begins[topic_id] = max(lower, begins.get(topic_id, 0))
    news = [row for row in rows if row.seq <= begins.get(row.topic_id, until)]
    of_news = {each.topic_id for each in news}
    followed = await follows.still_followed(connection, people, of_trials.keys() | of_news)
    concerned = {person for person, topics in followed.items() if not of_news.isdisjoint(topics)}
    reported: dict[int, list[tuple[int, str]]] = {}
    if concerned:
        first = min(each.seq for each in news)
        for digest in await digests.reported_from(connection, concerned, first):
            trials = numbers.keys() & set(digests.reported_trials(digest.reported))
            reported.setdefault(digest.subscriber_id, []).extend((digest.run_id, each) for each in trials)
    for reader in readers:
        of_reader = known[reader.digest_id]
        of_reader |= {
            numbers[nct_id]
            for run_id, nct_id in reported.get(reader.subscriber_id, ())
            if run_id < reader.run_id
        }
        of_reader |= {
            numbers[of_trials[topic_id]]
            for topic_id, own in followed.get(reader.subscriber_id, {}).items()
            if own.active and topic_id in of_trials
        }
    return known
