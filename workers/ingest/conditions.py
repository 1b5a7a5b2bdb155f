"""Ingests condition events: names, synonyms and the hierarchy."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.announcements import worth_announcing
from service.domain.trials.conditions import canonical_id, display_name, slug
from service.domain.trials.lifecycle import EventResult, announcement
from service.store.changes import change_log, conditions, matching, trials
from workers.ingest.stored_event import ChangeRecord, StoredEvent, change_record


async def ingest_conditions(
    connection: AsyncConnection,
    stored_events: Sequence[StoredEvent],
    results: dict[int, EventResult],
    now: datetime,
) -> list[ChangeRecord]:
    """Accepts the newest event of each condition by time (ties by content, so that order never matters).

    Sets the result of each event. Returns new change log records: announcements made before it was known
    which condition a trial names, or what stands above that, for those who have not received them. A later
    move of a known condition in the hierarchy announces nothing.
    """
    newest = {_key(event): event for event in sorted(stored_events, key=_time)}
    states = await conditions.states(connection, newest)
    accepted = {
        key: event for key, event in newest.items() if key not in states or _time(event) > states[key]
    }
    for event in stored_events:
        is_accepted = accepted.get(_key(event)) is event
        results[event.id] = EventResult.PROCESSED if is_accepted else EventResult.STALE
    if not accepted:
        return []
    beside = await matching.neighbours(connection, accepted)
    await conditions.keep(connection, {key: _row(event.data) for key, event in accepted.items()})
    await conditions.keep_states(
        connection, {key: (*_time(event), _replaced_by(event.data)) for key, event in accepted.items()}
    )
    changed = await matching.join(connection, {*beside, *accepted}, now)
    stands = await _close(connection, {*accepted, *changed})
    new = {stands.get(key, key): event for key, event in accepted.items() if key not in states}
    first = next(iter(accepted.values()))
    joined = {other: accepted.get(key, first) for key, other in changed.items() if other is not None}
    return await _late_announcements(connection, new | joined)


def _key(event: StoredEvent) -> str:
    return canonical_id(event.subject)


def _time(event: StoredEvent) -> tuple[Any, str]:
    return event.at, event.digest


def _row(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": display_name(data["name"]),
        "slug": slug(data["name"]),
        "followable": data["followable"],
        "synonyms": data["synonyms"],
        "related": data["related"],
        "parents": [canonical_id(parent) for parent in data["parents"]],
        "xrefs": {canonical_id(xref) for xref in data["xrefs"]} - {canonical_id(data["id"])},
    }


def _replaced_by(data: Mapping[str, Any]) -> str | None:
    return canonical_id(data["replaced_by"]) if data["replaced_by"] else None


async def _close(connection: AsyncConnection, keys: Collection[str]) -> dict[str, str]:
    """Brings the closure up to date for these conditions and all below them; returns which ones others
    stand for."""
    stands = await conditions.representatives(connection)
    parents = await conditions.parents(connection)
    named = {*keys, *(stands.get(key, key) for key in keys)}
    affected = {*named, *await conditions.below(connection, named)}
    above = {key: set() if key in stands else _above(key, parents) for key in affected}
    for key in affected & stands.keys():
        above[stands[key]] = _above(stands[key], parents)
    await conditions.replace_closure(connection, above)
    return stands


def _above(key: str, parents: Mapping[str, Collection[str]]) -> set[str]:
    """A condition and its ancestors; tolerates cycles."""
    found, waiting = {key}, [key]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


async def _late_announcements(
    connection: AsyncConnection, arrived: Mapping[str, StoredEvent]
) -> list[ChangeRecord]:
    """Announcements below the conditions of `arrived`, for ancestors whose followers have not received them.

    Each replaces the first announcement of its trial: people who followed only after that do not get it.
    """
    covered_by = await conditions.below(connection, arrived)
    below = await conditions.members(connection, covered_by)
    made = await change_log.announcements(connection, list(below))
    if not made:
        return []
    above = await conditions.ancestors(connection, arrived)
    topics = await conditions.topics(connection, set().union(*above.values()))
    earlier = await change_log.earlier_news(
        connection, {row.nct_id for row in made}, await change_log.head(connection)
    )
    announced = {(row.nct_id, row.topic_id) for row in earlier}
    missing: dict[str, tuple[StoredEvent, Any, set[int]]] = {}
    for row in made:
        for key in covered_by[below[row.topic_id]]:
            _, _, topic_ids = missing.setdefault(row.nct_id, (arrived[key], row, set()))
            for ancestor in above[key] & topics.keys():
                topic_id, followable = topics[ancestor]
                if followable and (row.nct_id, topic_id) not in announced:
                    topic_ids.add(topic_id)
    missing = {nct_id: found for nct_id, found in missing.items() if found[2]}
    texts = await trials.present(connection, missing)
    return [
        change_record(event, nct_id, announcement(first.after), sorted(topic_ids), stands_in_for=first.seq)
        for nct_id, (event, first, topic_ids) in sorted(missing.items())
        if nct_id in texts and worth_announcing(msgspec.json.decode(texts[nct_id]), event.at.date())
    ]
