"""/v1/admin/events: stored events, listed by state, shown, replayed and discarded."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import Body, QueryParameter

from service.actions import events as actions
from service.actions.events import BodyGone, UnknownEvent
from service.domain.trials.lifecycle import EventState
from service.store.admin import browse
from service.store.audit import Operator
from service.system import System
from service.web.admin.api_types import Before, Done, Limit, Number, not_found, shown
from service.web.admin.operator import ActingOperator
from service.web.http.deps import OpenSystem
from service.web.http.problems import Problem


class StoredEvent(msgspec.Struct):
    """An event without its body."""

    id: int
    source: str
    event_id: str
    type: str
    subject: str
    revision: int | None
    observed_at: datetime | None
    received_at: datetime
    state: str
    reason: str | None
    processed_at: datetime | None


class WholeEvent(StoredEvent):
    """An event with its body as received; None after retention deleted it."""

    body: str | None


class StoredEvents(msgspec.Struct):
    """A page of events, newest first; `next` is the `before` of the next page."""

    items: list[StoredEvent]
    next: int | None


class Replay(msgspec.Struct, forbid_unknown_fields=True):
    """The events to replay: all dead ones. (A conflict would only conflict again.)"""

    state: Literal["dead"]


@get("/events", summary="Events, the newest first")
async def list_events(
    system: OpenSystem,
    limit: Limit = 50,
    before: Before = None,
    event_state: Annotated[EventState | None, QueryParameter(name="state")] = None,
) -> StoredEvents:
    """Events, optionally of one state."""
    states = (event_state,) if event_state else ()
    async with system.reading() as connection:
        rows = await browse.events(connection, states=states, before=before, limit=limit)
    return StoredEvents(
        [shown(row, StoredEvent) for row in rows], rows[-1].id if len(rows) == limit else None
    )


@get("/events/{number:int}", summary="One event with its body")
async def show_event(number: Number, system: OpenSystem) -> WholeEvent:
    """An event as received, with its state."""
    async with system.reading() as connection:
        row = await browse.whole_event(connection, number)
    if row is None:
        raise not_found("event")
    return shown(row, WholeEvent)


async def replay_one(system: System, operator: Operator, number: int) -> int:
    """Replays an event; 0 if it is waiting already. Raises a Problem (404, 409)."""
    try:
        return await actions.replay_one(system, operator, number, now=system.now())
    except UnknownEvent as problem:
        raise Problem(404, str(problem)) from None
    except BodyGone as problem:
        raise Problem(409, str(problem)) from None


@post("/events/{number:int}/replay", status_code=200, summary="Process one event again")
async def replay_event(number: Number, system: OpenSystem, operator: ActingOperator) -> Done:
    """The event is processed again, as if it had just been received."""
    return Done(await replay_one(system, operator, number))


async def discard_one(system: System, operator: Operator, number: int) -> int:
    """Sets a failed event aside for good; 0 if it is none. Raises a Problem (404)."""
    try:
        return await actions.discard_one(system, operator, number, now=system.now())
    except UnknownEvent as problem:
        raise Problem(404, str(problem)) from None


@post("/events/{number:int}/discard", status_code=200, summary="Set one failed event aside for good")
async def discard_event(number: Number, system: OpenSystem, operator: ActingOperator) -> Done:
    """A dead event, or one that contradicts an earlier one, is not processed any more and alarms nobody."""
    return Done(await discard_one(system, operator, number))


@post("/events/replay", status_code=200, summary="Process all failed events again")
async def replay_events(
    data: Annotated[Replay, Body()], system: OpenSystem, operator: ActingOperator
) -> Done:
    """All dead events are processed again."""
    return Done(await actions.replay_many(system, operator, only_dead=True, now=system.now()))
