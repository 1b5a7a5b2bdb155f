"""Ingests condition events: names, synonyms and the hierarchy."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions.condition import canonical_id, normal_case, slug
from service.domain.trials.lifecycle import EventResult
from service.store.changes import condition_matching, conditions, learned
from workers.ingest.decoded_event import DecodedEvent


async def ingest_conditions(
    connection: AsyncConnection,
    decoded: Sequence[DecodedEvent],
    results: dict[int, EventResult],
    now: datetime,
) -> None:
    """Accepts the newest event of each condition by time (ties by content, so that order never matters).

    Sets the result of each event. What is learned of the hierarchy is recorded for `hierarchy_closure`, then
    for `learned_hierarchy`: trials are announced otherwise now that it is known which condition they name, or
    what is above that. A later move of a known condition in the hierarchy announces nothing.
    """
    newest = {_key(event): event for event in sorted(decoded, key=_time)}
    states = await conditions.states(connection, newest)
    accepted = {
        key: event for key, event in newest.items() if key not in states or _time(event) > states[key]
    }
    for event in decoded:
        is_accepted = accepted.get(_key(event)) is event
        results[event.id] = EventResult.PROCESSED if is_accepted else EventResult.STALE
    if not accepted:
        return
    await conditions.upsert_states(
        connection, {key: (*_time(event), _replaced_by(event.data)) for key, event in accepted.items()}
    )
    accepted = {key: event for key, event in accepted.items() if not _is_same(event, states.get(key))}
    if not accepted:
        return
    beside = await condition_matching.neighbours(connection, accepted)
    await conditions.upsert(connection, {key: _row(event.data) for key, event in accepted.items()})
    changed = await condition_matching.join(connection, {*beside, *accepted}, now)
    new = {key for key in accepted if key not in states}
    joined = {other for other in changed.values() if other is not None}
    await learned.add(connection, {key: key in new | joined for key in {*accepted, *changed, *joined}})


def _is_same(event: DecodedEvent, state: tuple[datetime, str] | None) -> bool:
    """Whether an event repeats the newest accepted one."""
    return state is not None and state[1] == event.digest


def _key(event: DecodedEvent) -> str:
    return canonical_id(event.subject)


def _time(event: DecodedEvent) -> tuple[Any, str]:
    return event.at, event.digest


def _row(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": normal_case(data["name"]),
        "slug": slug(data["name"]),
        "followable": data["followable"],
        "synonyms": data["synonyms"],
        "related": data["related"],
        "parents": [canonical_id(parent) for parent in data["parents"]],
        "xrefs": {canonical_id(xref) for xref in data["xrefs"]} - {canonical_id(data["id"])},
    }


def _replaced_by(data: Mapping[str, Any]) -> str | None:
    return canonical_id(data["replaced_by"]) if data["replaced_by"] else None
