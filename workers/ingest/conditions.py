"""Ingests condition events: names, synonyms and the hierarchy."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.announcements import worth_announcing
from service.domain.trials.change import Kind
from service.domain.trials.conditions import canonical_id, display_name, slug
from service.domain.trials.lifecycle import EventResult
from service.store.changes import change_log, conditions, matching, trials
from service.store.changes.change_log import Entry
from workers.ingest.news import ChangeRecord
from workers.ingest.stored_event import StoredEvent


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
    """What was announced below the conditions of `arrived`, for ancestors whose followers did not hear it.

    Each stands where the first announcement of its kind and revision stands: whoever followed only after
    that is not notified. An ancestor that the trial came under by two ways gets it once.
    """
    covered_by = await conditions.below(connection, arrived)
    below = await conditions.members(connection, covered_by)
    made = await change_log.announcements(connection, list(below))
    if not made:
        return []
    above = await conditions.ancestors(connection, arrived)
    topics = await conditions.topics(connection, set().union(*above.values()))
    nct_ids = {row.nct_id for row in made}
    seen = await change_log.announced(connection, nct_ids)
    missing: dict[tuple[str, int | None, str], tuple[StoredEvent, Entry, set[int]]] = {}
    for row in sorted(
        made, key=lambda row: (row.nct_id, row.revision or 0, row.kind == Kind.NEW_FOR_CONDITION)
    ):
        known = seen.setdefault(row.nct_id, {})
        for key in covered_by[below[row.topic_id]]:
            place = (row.nct_id, row.revision, row.kind)
            _, _, topic_ids = missing.setdefault(place, (arrived[key], row, set()))
            for ancestor in above[key] & topics.keys():
                topic_id, followable = topics[ancestor]
                if followable and _is_missing(row, known.setdefault(topic_id, set())):
                    topic_ids.add(topic_id)
        for topic_id in missing[place][2]:
            known[topic_id].add((row.revision, row.kind))
    texts = await trials.present(connection, nct_ids)
    return [
        (_standing_in(event, first), sorted(topic_ids))
        for (nct_id, _, _), (event, first, topic_ids) in missing.items()
        if topic_ids
        and nct_id in texts
        and worth_announcing(msgspec.json.decode(texts[nct_id]), event.at.date())
    ]


def _is_missing(row: Entry, known: Collection[tuple[int | None, str]]) -> bool:
    """Whether a topic's followers lack an announcement, given what they were announced of the trial: of a
    trial that they know nothing is new."""
    if row.kind == Kind.NEW_FOR_CONDITION:
        return not known
    return (row.revision, row.kind) not in known


def _standing_in(event: StoredEvent, first: Entry) -> dict[str, Any]:
    """The change log's row of an announcement that stands where `first` stands, for other topics."""
    same = {name: getattr(first, name) for name in ("nct_id", "kind", "level", "before", "after", "revision")}
    due_seq = first.due_seq or first.seq
    return same | {"event_id": event.id, "is_correction": False, "told_seq": None, "due_seq": due_seq}
