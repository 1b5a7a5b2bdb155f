"""Ingests condition events: names, synonyms and the hierarchy."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions import display_name, slug
from service.domain.trials.lifecycle import EventResult, announcement
from service.store.changes import change_log, conditions
from workers.ingest.stored_event import ChangeRecord, StoredEvent, change_record


async def ingest_conditions(
    connection: AsyncConnection, stored_events: Sequence[StoredEvent], results: dict[int, EventResult]
) -> list[ChangeRecord]:
    """Accepts the newest event of each condition by time (ties by content, so that order never matters).

    Sets the result of each event. Returns new change log records: announcements made before the place of
    their condition in the hierarchy was known, for the conditions above it. A later change of the hierarchy
    announces nothing.
    """
    newest = {event.subject: event for event in sorted(stored_events, key=_time)}
    states = await conditions.states(connection, newest)
    accepted = {
        key: event for key, event in newest.items() if key not in states or _time(event) > states[key]
    }
    for event in stored_events:
        is_accepted = accepted.get(event.subject) is event
        results[event.id] = EventResult.PROCESSED if is_accepted else EventResult.STALE
    if not accepted:
        return []
    await conditions.keep(connection, {key: _row(event.data) for key, event in accepted.items()})
    await conditions.keep_states(connection, {key: _time(event) for key, event in accepted.items()})
    parents = await conditions.parents(connection)
    affected = {*accepted, *await conditions.below(connection, accepted)}
    await conditions.replace_closure(connection, {key: _above(key, parents) for key in affected})
    return await _backfill_announcements(
        connection, [event for key, event in accepted.items() if key not in states]
    )


def _time(event: StoredEvent) -> tuple[Any, str]:
    return event.at, event.digest


def _row(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": display_name(data["name"]),
        "slug": slug(data["name"]),
        "followable": data["followable"],
        "synonyms": data["synonyms"],
        "parents": data["parents"],
    }


def _above(key: str, parents: Mapping[str, Collection[str]]) -> set[str]:
    """A condition and its ancestors; tolerates cycles."""
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
    """Announcements below newly known conditions, for ancestors whose followers have not received them."""
    new_by_key = {event.subject: event for event in new}
    covered_by = await conditions.below(connection, new_by_key)
    below = {
        topic_id: key for key, (topic_id, _) in (await conditions.topics(connection, covered_by)).items()
    }
    made = await change_log.announcements(connection, list(below))
    if not made:
        return []
    above = await conditions.ancestors(connection, new_by_key)
    topics = await conditions.topics(connection, set().union(*above.values()))
    earlier = await change_log.earlier_news(
        connection, {row.nct_id for row in made}, await change_log.head(connection)
    )
    announced = {(row.nct_id, row.topic_id) for row in earlier}
    missing: dict[str, tuple[StoredEvent, Any, set[int]]] = {}
    for row in made:
        for key in covered_by[below[row.topic_id]]:
            _, _, topic_ids = missing.setdefault(row.nct_id, (new_by_key[key], row.after, set()))
            for ancestor in above[key] & topics.keys():
                topic_id, followable = topics[ancestor]
                if followable and (row.nct_id, topic_id) not in announced:
                    topic_ids.add(topic_id)
    return [
        change_record(event, nct_id, announcement(after), sorted(topic_ids))
        for nct_id, (event, after, topic_ids) in sorted(missing.items())
        if topic_ids
    ]
