"""The change log's records: the news derived from trials' revisions, and the topics concerned."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.change import as_stored, from_stored
from service.domain.trials.conditions.condition import TOO_BROAD_NAMES, condition_key, display_name, slug
from service.domain.trials.lifecycle import Trial
from service.domain.trials.news.acceptance import ReceivedEvent, RevisionSeries
from service.domain.trials.news.derive import News, derive
from service.domain.trials.news.log_difference import Logged, TrialEntry, after_events, entry_of
from service.domain.trials.text import fold
from service.runtime.cooperative import batched, cooperatively
from service.store import change_log
from service.store.change_log import StandingChange
from service.store.changes import condition_matching, conditions

#: A row of the change log (without its seq), and the ids of the topics it concerns.
ChangeRecord = tuple[dict[str, Any], Collection[int]]

#: Trials after which the loop yields: the statement that is sent in the meantime is longer than a socket
#: takes at once.
_YIELD_EVERY = 5


@dataclass(frozen=True, slots=True)
class PlacedEvents:
    """Accepted events of one trial among its revisions: its state before them, and from now on."""

    before: Trial | None
    accepted: Sequence[ReceivedEvent]
    series: RevisionSeries
    trial: Trial


async def derived_news(
    placed: Sequence[PlacedEvents], above: Mapping[str, Collection[str]]
) -> dict[str, list[News]]:
    """The news of each trial's revisions, given the `ancestors` of its conditions."""
    return {
        group.trial.nct_id: derive(
            group.series.baseline, group.series.revisions, lambda key: above.get(key, {key})
        )
        async for part in cooperatively(batched(placed, _YIELD_EVERY))
        for group in part
    }


async def change_records(
    connection: AsyncConnection,
    placed: Sequence[PlacedEvents],
    news: Mapping[str, Sequence[News]],
    topic_ids: Mapping[str, int],
    next_seq: int,
) -> tuple[list[ChangeRecord], set[str]]:
    """The records that the log lacks, and the trials of which nothing is new; marks what no longer holds.

    For most events, which follow the newest revision, those are the new changes. Where one came late, or a
    trial ended or returned, everything is derived again and compared with the log's entries.
    """
    derived = await entries(connection, news, topic_ids)
    compared = [group.trial.nct_id for group in placed if not group.series.in_order]
    logged = await logged_entries(connection, compared)
    records: list[ChangeRecord] = []
    replaced: list[int] = []
    unchanged = set[str]()
    for group in placed:
        nct_id = group.trial.nct_id
        added = derived[nct_id]
        if not group.series.in_order:
            added, gone = after_events(added, logged[nct_id], group.series, group.accepted)
            replaced += gone
            if not added and not gone and group.before and group.before.remembered == group.trial.remembered:
                unchanged.add(nct_id)
        records += [change_record(nct_id, entry, next_seq) for entry in added]
    await change_log.replace(connection, replaced)
    return records, unchanged


async def ancestors(
    connection: AsyncConnection, placed: Sequence[PlacedEvents], now: datetime
) -> dict[str, set[str]]:
    """The representative and its ancestors of each condition that trials name, by its key.

    Conditions that no trial named before get a topic, joined to that of an equal condition.
    """
    by_key = {
        condition_key(condition): condition for group in placed for condition in group.series.conditions()
    }
    new = await conditions.mention(connection, {key: _mentioned(c) for key, c in by_key.items()})
    if new:
        await condition_matching.join(connection, new, now)
    return await conditions.covering(connection, by_key)


def _mentioned(condition: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a condition that only a trial mentions."""
    name = display_name(condition["name"])
    followable = fold(name) not in TOO_BROAD_NAMES
    return {"name": name, "slug": slug(name), "followable": followable, "synonyms": ()}


async def entries(
    connection: AsyncConnection, news: Mapping[str, Sequence[News]], topic_ids: Mapping[str, int]
) -> dict[str, list[TrialEntry]]:
    """The entries of trials' news that concern any topic: the trial's own, or those of its conditions.

    Includes the own topics of conditions that others represent: should one turn out to be a term of its own,
    its announcements are then known.
    """
    keys = {key for of_trial in news.values() for item in of_trial for key in item.conditions or ()}
    notified = await conditions.notified_topics(connection, keys) if keys else {}
    named = {key for of_trial in news.values() for item in of_trial for key in item.named}
    joined = await conditions.without_followers(connection, named) if named else {}

    def concerned(nct_id: str, item: News) -> set[int]:
        if item.conditions is None:
            return {topic_ids[nct_id]}
        own = [joined[key] for key in item.named if key in joined]
        also = {topic_id for topic_id, other in own if other in item.conditions and other in notified}
        return also | {notified[key] for key in item.conditions if key in notified}

    return {
        nct_id: [entry_of(item, ids) for item in of_trial if (ids := concerned(nct_id, item))]
        for nct_id, of_trial in news.items()
    }


async def logged_entries(connection: AsyncConnection, nct_ids: Collection[str]) -> dict[str, list[Logged]]:
    """The entries of the log on each trial."""
    rows: dict[str, dict[int, list[StandingChange]]] = {nct_id: {} for nct_id in nct_ids}
    for row in await change_log.of_trials(connection, nct_ids) if nct_ids else ():
        rows[row.nct_id].setdefault(row.seq, []).append(row)
    return {nct_id: [_logged(of_change) for of_change in found.values()] for nct_id, found in rows.items()}


def _logged(rows: Sequence[StandingChange]) -> Logged:
    """An entry, given by a row for each of its topics."""
    first = rows[0]
    entry = TrialEntry(
        revision=first.revision,
        event_id=first.event_id,
        is_correction=first.corrects is not None,
        change=from_stored(first.kind, first.level, first.before, first.after),
        topics=frozenset(row.topic_id for row in rows),
        notified_seq=first.notified_seq,
        due_seq=first.due_seq,
    )
    return Logged(
        first.seq, entry, {row.topic_id: row.joined_id for row in rows if row.joined_id is not None}
    )


def change_record(nct_id: str, entry: TrialEntry, next_seq: int) -> ChangeRecord:
    """A row of the change log and its topics; `change_log.append` sets its seq and time.

    Its marks are stored if they precede `next_seq`, the seq that the log's next entry has.
    """
    marks = {"notified_seq": entry.notified_seq, "due_seq": entry.due_seq}
    row = {
        "nct_id": nct_id,
        "event_id": entry.event_id,
        "is_correction": entry.is_correction,
        "revision": entry.revision,
        **{name: seq if seq is not None and seq < next_seq else None for name, seq in marks.items()},
        **as_stored(entry.change),
    }
    return row, sorted(entry.topics)
