"""Takes in what the ingestor says of conditions: names, and what stands above what."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions import display_name, slug
from service.domain.trials.lifecycle import EventResult, announcement
from service.store.changes import change_log, conditions
from workers.ingest.stored_event import ChangeRecord, StoredEvent, entry


async def ingest_conditions(
    connection: AsyncConnection, arrivals: Sequence[StoredEvent], verdicts: dict[int, EventResult]
) -> list[ChangeRecord]:
    """Accepts the newest event of each condition, by its time (ties by content: order never matters).

    Adds the verdict of each event, and returns what the log gains: announcements made before the place of
    their condition in the hierarchy was known go to those above it now. A later change of the hierarchy
    announces nothing.
    """
    newest = {one.subject: one for one in sorted(arrivals, key=_time)}
    states = await conditions.states(connection, newest)
    accepted = {key: one for key, one in newest.items() if key not in states or _time(one) > states[key]}
    for one in arrivals:
        verdicts[one.id] = EventResult.PROCESSED if accepted.get(one.subject) is one else EventResult.STALE
    if not accepted:
        return []
    await conditions.keep(connection, {key: _row(one.data) for key, one in accepted.items()})
    await conditions.keep_states(connection, {key: _time(one) for key, one in accepted.items()})
    parents = await conditions.parents(connection)
    affected = {*accepted, *await conditions.below(connection, accepted)}
    await conditions.replace_closure(connection, {key: _above(key, parents) for key in affected})
    return await _backfill_announcements(
        connection, [one for key, one in accepted.items() if key not in states]
    )


def _time(one: StoredEvent) -> tuple[Any, str]:
    return one.at, one.digest


def _row(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": display_name(data["name"]),
        "slug": slug(data["name"]),
        "followable": data["followable"],
        "synonyms": data["synonyms"],
        "parents": data["parents"],
    }


def _above(key: str, parents: Mapping[str, Collection[str]]) -> set[str]:
    """A condition and everything above it; circles are followed once."""
    found, waiting = {key}, [key]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


async def _backfill_announcements(
    connection: AsyncConnection, new: Sequence[StoredEvent]
) -> list[ChangeRecord]:
    """Announcements below conditions that are known only now, for those above who have not heard."""
    arrivals = {one.subject: one for one in new}
    covered_by = await conditions.below(connection, arrivals)
    below = {
        topic_id: key for key, (topic_id, _) in (await conditions.topics(connection, covered_by)).items()
    }
    made = await change_log.announcements(connection, list(below))
    if not made:
        return []
    above = await conditions.ancestors(connection, arrivals)
    topics = await conditions.topics(connection, set().union(*above.values()))
    heard = await change_log.earlier_news(
        connection, {row.nct_id for row in made}, await change_log.head(connection)
    )
    told = {(row.nct_id, row.topic_id) for row in heard}
    late: dict[str, tuple[StoredEvent, Any, set[int]]] = {}
    for row in made:
        for key in covered_by[below[row.topic_id]]:
            _, _, topic_ids = late.setdefault(row.nct_id, (arrivals[key], row.after, set()))
            topic_ids |= {
                topics[one][0]
                for one in above[key]
                if one in topics and topics[one][1] and (row.nct_id, topics[one][0]) not in told
            }
    return [
        entry(arrival, nct_id, announcement(after), sorted(topic_ids))
        for nct_id, (arrival, after, topic_ids) in sorted(late.items())
        if topic_ids
    ]
