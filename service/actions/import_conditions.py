"""Imports a hierarchy of conditions by storing it as events."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from service.actions.events import row_of
from service.domain.trials.cloudevents import CONDITION_UPSERTED, read_envelope, read_event
from service.job_queue import Job
from service.store.admin import audit
from service.store.admin.audit import Operator
from service.store.changes import events
from service.system import System

SOURCE = "trial-alerts/conditions-import"


async def import_conditions(
    system: System, operator: Operator, terms: Iterable[Mapping[str, Any]], now: datetime
) -> int:
    """Stores each term as a `condition.upserted` event observed `now`; returns how many. Audited.

    Raises InvalidSnapshot for an invalid term: then none is stored.
    """
    rows = [_row(term, now) for term in terms]
    if not rows:
        return 0
    async with system.writing() as connection:
        stored = await events.insert_new(connection, f"{SOURCE}/{now.isoformat()}", rows, now)
        await audit.record(connection, operator, "conditions.import", now=now, changed=stored)
    await system.notifier.notify_now(Job.INGEST)
    return stored


def _row(term: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    event = {
        "specversion": "1.0",
        "id": f"{term['id']}@{now.isoformat()}",
        "source": SOURCE,
        "type": CONDITION_UPSERTED,
        "subject": term["id"],
        "time": now.isoformat(),
        "data": term,
    }
    return row_of(read_event(read_envelope(event), event), msgspec.json.encode(event).decode(), now)
