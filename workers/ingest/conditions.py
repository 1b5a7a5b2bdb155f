"""Ingests condition events: names, synonyms and the hierarchy."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions import canonical_id, display_name, slug
from service.domain.trials.lifecycle import EventResult
from service.store.changes import conditions, matching
from workers.ingest.learned_hierarchy import announced_anew
from workers.ingest.news import ChangeRecord
from workers.ingest.stored_event import StoredEvent


async def ingest_conditions(
    connection: AsyncConnection,
    stored_events: Sequence[StoredEvent],
    results: dict[int, EventResult],
    now: datetime,
    next_seq: int,
) -> list[ChangeRecord]:
    """Accepts the newest event of each condition by time (ties by content, so that order never matters).

    Sets the result of each event. Returns new change log records: what is announced of trials otherwise now
    that it is known which condition they name, or what is above that. A later move of a known condition
    in the hierarchy announces nothing. `next_seq` is the seq that the log's next entry has.
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
    new = {stands.get(key, key) for key in accepted if key not in states}
    joined = {other for other in changed.values() if other is not None}
    return await announced_anew(connection, new | joined, next_seq)


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
