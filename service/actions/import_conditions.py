"""Imports a hierarchy of conditions by storing it as events."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from service.actions import audit_log
from service.actions.events import row_of
from service.domain.own_events import CONDITIONS_IMPORT
from service.domain.trials.events.cloudevents import CONDITION_UPSERTED, read_envelope, read_event
from service.redis.job_queue import Job
from service.store.audit import Operator
from service.store.changes import events
from service.system import System

_BATCH = 500


async def import_conditions(
    system: System,
    operator: Operator,
    read_terms: Callable[[], Iterable[Mapping[str, Any]]],
    now: datetime,
    progress: Callable[[int], None],
) -> int:
    """Stores each term as a `condition.upserted` event observed `now`; returns how many. Audited.

    `read_terms` is called twice, as only some terms at a time are in memory; `progress` gets how many are
    stored. Raises InvalidSnapshot for an invalid term: then none is stored. An import that is killed has
    stored some; importing again completes it.
    """
    if not sum(1 for term in read_terms() if _row(term, now)):
        return 0
    await audit_log.record(system, operator, "conditions.import", now=now)
    rest, stored = iter(read_terms()), 0
    while rows := [_row(term, now) for term in islice(rest, _BATCH)]:
        async with system.writing() as connection:
            stored += await events.add(connection, rows)
        progress(stored)
    await system.notifier.notify_now(Job.INGEST)
    return stored


def _row(term: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    event = {
        "specversion": "1.0",
        "id": f"{term['id']}@{now.isoformat()}",
        "source": CONDITIONS_IMPORT,
        "type": CONDITION_UPSERTED,
        "subject": term["id"],
        "time": now.isoformat(),
        "data": term,
    }
    return row_of(read_event(read_envelope(event), event), msgspec.json.encode(event).decode(), now)
