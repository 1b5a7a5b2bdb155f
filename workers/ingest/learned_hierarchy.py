"""Announcements of trials that change when the ancestors of their conditions become known."""

from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions.condition import condition_key
from service.domain.trials.news.acceptance import History
from service.domain.trials.news.derive import announced
from service.domain.trials.news.log_difference import after_learning
from service.store import change_log
from service.store.changes import conditions, learned
from workers.ingest import histories
from workers.ingest.news import ChangeRecord, change_record, entries, logged_entries


async def rederive_announcements(
    connection: AsyncConnection, nct_ids: Sequence[str], next_seq: int
) -> list[ChangeRecord]:
    """Derives again what is announced of these trials, for the followers of the conditions that were learned
    and of all above them: the records that the log lacks. Marks what no longer holds.

    What is announced is a function of a trial's kept revisions and of the hierarchy as it is known now. A
    trial may have been announced under an ancestor as new that it was known under from the beginning; and
    followers of an ancestor may have missed it. Subscriptions that began after the revision are not notified.
    """
    stored = await histories.whole(connection, await histories.newest(connection, nct_ids))
    above = await conditions.covering(
        connection, {key for history in stored.values() for key in _named(history)}
    )
    topics = await _learned_topics(connection, set().union(*above.values()))
    judged = {
        nct_id: frozenset[int]().union(
            *(topics[key] for name in _named(history) for key in above[name] if key in topics)
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
    await change_log.replace(connection, replaced)
    return records


async def _learned_topics(connection: AsyncConnection, keys: Collection[str]) -> dict[str, set[int]]:
    """The topics of each learned condition and of all above it."""
    above = await conditions.ancestors(connection, await learned.announced_among(connection, keys))
    notified = await conditions.notified_topics(connection, set().union(*above.values()))
    return {key: {notified[upper] for upper in found if upper in notified} for key, found in above.items()}


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
