"""Events: accepted and stored for the workers, and replayed on an operator's request."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog

from service.domain.trials.events.cloudevents import KnownEvent
from service.redis.job_queue import Job
from service.store import audit
from service.store.admin import browse
from service.store.audit import Operator
from service.store.changes import events
from service.system import System

_log = structlog.get_logger("operators")


#: Unprocessed events above which senders are asked to slow down.
MOST_WAITING = 500_000


class TooManyWaiting(Exception):
    """More than MOST_WAITING events are unprocessed: nothing was stored."""


def row_of(event: KnownEvent, text: str, now: datetime) -> dict[str, Any]:
    """The row of an event received `now`; `text` is its JSON."""
    return {
        "source": event.envelope.source,
        "event_id": event.envelope.id,
        "type": event.envelope.type,
        "subject": event.subject,
        "revision": event.revision,
        "observed_at": event.envelope.time,
        "received_at": now,
        "body": text,
    }


async def accept(system: System, webhook_id: str, rows: Sequence[dict[str, Any]], now: datetime) -> int:
    """Stores the events of one webhook durably and wakes a worker; returns how many are new.

    A webhook or an event that was received before is not stored again. Raises TooManyWaiting.
    """
    async with system.writing() as connection:
        if await events.backlog_exceeds(connection, MOST_WAITING):
            raise TooManyWaiting
        accepted = await events.insert_new(connection, webhook_id, rows, now)
    if accepted:
        system.notifier.notify(Job.INGEST)
    return accepted


class UnknownEvent(LookupError):
    """There is no such event."""

    def __init__(self) -> None:
        super().__init__("There is no such event.")


class BodyGone(Exception):
    """The event's body was deleted by retention."""

    def __init__(self) -> None:
        super().__init__("The body of this event is not kept any more; send the trial again.")


async def replay_one(
    system: System, operator: Operator, number: int, *, only_dead: bool = False, now: datetime
) -> int:
    """Replays one event; returns 0 if it is waiting already, or is not dead and `only_dead` is set.

    Raises UnknownEvent and BodyGone.
    """
    async with system.writing() as connection:
        row = await browse.whole_event(connection, number)
        if row is None:
            raise UnknownEvent
        if row.body is None:
            raise BodyGone
        changed = await events.requeue(connection, dead=only_dead, event_id=number)
        target = f"event:{number}"
        await audit.record(connection, operator, "events.replay", now=now, target=target, changed=changed)
    await system.notifier.notify_now(Job.INGEST)
    _log.info("event_replayed", number=number, events=changed)
    return changed


async def discard_one(system: System, operator: Operator, number: int, *, now: datetime) -> int:
    """Sets a dead or contradicting event aside for good; 0 if it is none. Raises UnknownEvent."""
    async with system.writing() as connection:
        if await browse.event(connection, number) is None:
            raise UnknownEvent
        changed = await events.discard(connection, number, now)
        target = f"event:{number}"
        await audit.record(connection, operator, "events.discard", now=now, target=target, changed=changed)
    _log.info("event_discarded", number=number, events=changed)
    return changed


async def replay_many(system: System, operator: Operator, *, only_dead: bool, now: datetime) -> int:
    """Replays the failed events, or all whose body is still stored. Returns how many."""
    async with system.writing() as connection:
        changed = await events.requeue(connection, dead=only_dead)
        await audit.record(connection, operator, "events.replay", now=now, changed=changed)
    if changed:
        await system.notifier.notify_now(Job.INGEST)
    _log.info("events_replayed", only_dead=only_dead, events=changed)
    return changed
