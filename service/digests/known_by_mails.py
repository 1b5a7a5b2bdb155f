"""Trials that a digest would announce as new, and that its reader knows from other news or numbers."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from service.digests.digest_input import DigestRequest
from service.domain.trials.change import Kind
from service.store import change_log
from service.store.digests import digests
from service.store.digests import followed as follows

_NEWS = (Kind.NEW_FOR_CONDITION, Kind.NOW_RECRUITING)


async def known_by_mails(
    connection: AsyncConnection, readers: Sequence[DigestRequest], numbers: Mapping[str, str]
) -> dict[int, set[str]]:
    """For each digest by id, the trials that an earlier one reported, or that its reader follows.

    `numbers` has each trial by the number under which it was reported. What the mails say counts, not the
    log: that a trial opened may have been cancelled by its closing within the period, and announcements of a
    trial that was removed, or goes on as another one, no longer hold.
    """
    known: dict[int, set[str]] = {reader.digest_id: set() for reader in readers}
    people = {reader.subscriber_id for reader in readers}
    of_trials = await follows.trial_topics(connection, numbers)
    followed = await follows.still_followed(connection, people, of_trials)
    news = await change_log.earlier_news(connection, numbers, max(reader.to_seq for reader in readers), _NEWS)
    reported: dict[int, list[tuple[int, str]]] = {}
    if news:
        for row in await digests.reported_from(connection, people, min(each.seq for each in news)):
            trials = numbers.keys() & set(digests.reported_trials(row.told))
            reported.setdefault(row.subscriber_id, []).extend((row.run_id, nct_id) for nct_id in trials)
    for reader in readers:
        of_reader = known[reader.digest_id]
        of_reader |= {
            numbers[nct_id]
            for run_id, nct_id in reported.get(reader.subscriber_id, ())
            if run_id < reader.run_id
        }
        of_reader |= {
            numbers[of_trials[topic_id]]
            for topic_id, row in followed.get(reader.subscriber_id, {}).items()
            if row.active
        }
    return known
