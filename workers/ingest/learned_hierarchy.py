"""Announcements of trials that change when the ancestors of their conditions become known."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions import condition_key
from service.domain.trials.event_acceptance import History
from service.domain.trials.log_difference import after_learning
from service.domain.trials.news import announced
from service.store.changes import change_log, conditions
from workers.ingest import histories
from workers.ingest.news import ChangeRecord, change_record, entries, logged_entries

#: Trials whose revisions are read at once.
_CHUNK = 500


async def announced_anew(
    connection: AsyncConnection, arrived: Collection[str], next_seq: int
) -> list[ChangeRecord]:
    """Derives again what is announced of the trials below the conditions of `arrived`, for the followers of
    these and of all above them: the records that the log lacks. Marks what no longer holds.

    What is announced is a function of a trial's kept revisions and of the hierarchy as it is known now. A
    trial may have been announced under an ancestor as new that it was known under from the beginning; and
    followers of an ancestor may have missed it. Subscriptions that began after the revision are not notified.
    """
    below = await conditions.below(connection, arrived)
    above = await conditions.ancestors(connection, arrived)
    known = await conditions.topics(connection, set().union(*above.values()))
    topics = {key: topic_id for key, (topic_id, followable) in known.items() if followable}
    nct_ids = await change_log.announced_trials(connection, await conditions.members(connection, below))
    nct_ids |= await change_log.known_and_announced_as_new(connection, topics.values())
    concerned = {key: _topics(of, above, topics) for key, of in below.items()}
    records: list[ChangeRecord] = []
    replaced: list[int] = []
    ordered = sorted(nct_ids)
    for start in range(0, len(ordered), _CHUNK):
        found, gone = await _of_trials(connection, ordered[start : start + _CHUNK], concerned, next_seq)
        records += found
        replaced += gone
    await change_log.replace(connection, replaced)
    return records


def _topics(
    arrived: Iterable[str], above: Mapping[str, Collection[str]], topics: Mapping[str, int]
) -> frozenset[int]:
    """The topics of these conditions and of all above them."""
    return frozenset(topics[key] for condition in arrived for key in above[condition] if key in topics)


async def _of_trials(
    connection: AsyncConnection,
    nct_ids: Sequence[str],
    concerned: Mapping[str, frozenset[int]],
    next_seq: int,
) -> tuple[list[ChangeRecord], list[int]]:
    """The records that the log lacks of these trials, and the seqs of what no longer holds.

    `concerned`: the topics for whose followers a trial is judged again, by a condition that it names.
    """
    stored = await histories.whole(connection, await histories.newest(connection, nct_ids))
    above = await conditions.covering(
        connection, {key for history in stored.values() for key in _named(history)}
    )
    judged = {
        nct_id: frozenset[int]().union(
            *(concerned.get(key, ()) for name in _named(history) for key in above[name])
        )
        for nct_id, history in stored.items()
    }
    news = {
        nct_id: announced(history.baseline or {}, history.kept or (), lambda key: above.get(key, {key}))
        for nct_id, history in stored.items()
        if judged[nct_id] and history.kept
    }
    derived = await entries(connection, news, {})
    logged = await logged_entries(connection, list(news))
    records: list[ChangeRecord] = []
    replaced: list[int] = []
    for nct_id in news:
        oldest = min(revision.number for revision in stored[nct_id].kept or ())
        added, gone = after_learning(derived[nct_id], logged[nct_id], oldest, judged[nct_id])
        records += [change_record(nct_id, entry, next_seq) for entry in added]
        replaced += gone
    return records, replaced


def _named(history: History) -> set[str]:
    """The keys of the conditions that a trial names, or named once."""
    known = [
        history.baseline or {},
        *(revision.values for revision in history.kept or () if revision.values is not None),
    ]
    return {
        key
        for values in known
        for condition in values.get("conditions", ())
        if (key := condition_key(condition))
    }
