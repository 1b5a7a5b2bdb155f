"""Stored events processed again: one, those that failed, or all."""

from datetime import datetime

import structlog

from service.job_queue import Job
from service.store.admin import audit, browse
from service.store.admin.audit import Operator
from service.store.changes import events
from service.system import System

_log = structlog.get_logger("operators")


class UnknownEvent(LookupError):
    """There is no such event."""

    def __init__(self) -> None:
        super().__init__("There is no such event.")


class BodyGone(Exception):
    """The event is known, but too old to be kept whole."""

    def __init__(self) -> None:
        super().__init__("The body of this event is not kept any more; send the trial again.")


async def replay_one(system: System, operator: Operator, number: int, *, now: datetime) -> int:
    """Has one event processed again; 0 when it waits already. Raises UnknownEvent and BodyGone."""
    async with system.writing() as connection:
        row = await browse.event(connection, number)
        if row is None:
            raise UnknownEvent
        if row.body is None:
            raise BodyGone
        changed = await events.requeue(connection, event_id=number)
        target = f"event:{number}"
        await audit.record(connection, operator, "events.replay", now=now, target=target, changed=changed)
    await system.notifier.notify_now(Job.INGEST)
    _log.info("event_replayed", number=number, events=changed)
    return changed


async def replay_many(system: System, operator: Operator, *, only_dead: bool, now: datetime) -> int:
    """Has the events that failed processed again, or all that are still kept whole. Returns how many."""
    async with system.writing() as connection:
        changed = await events.requeue(connection, dead=only_dead)
        await audit.record(connection, operator, "events.replay", now=now, changed=changed)
    if changed:
        await system.notifier.notify_now(Job.INGEST)
    _log.info("events_replayed", only_dead=only_dead, events=changed)
    return changed
