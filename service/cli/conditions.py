"""`conditions import`: a hierarchy of conditions from an OBO file, stored as events of its own."""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from service.cli.context import CommandFailed
from service.cli.operator import this_operator
from service.domain.trials.cloudevents import CONDITION_UPSERTED, read_envelope, read_event
from service.domain.trials.conditions import read_obo
from service.domain.trials.snapshot import InvalidSnapshot
from service.job_queue import Job
from service.store.admin import audit
from service.store.changes import events
from service.store.sql.database import writing
from service.system import System

SOURCE = "trial-alerts/conditions-import"


async def import_conditions(system: System, file: Path, *, now: datetime) -> int:
    """Stores each term of the file as a `condition.upserted` observed `now`; a worker takes them in.

    Returns how many. Raises CommandFailed for a file without terms, or with one that is invalid.
    """
    try:
        with file.open(encoding="utf-8") as lines:
            rows = [_row(term, now) for term in read_obo(lines)]
    except UnicodeDecodeError:
        raise CommandFailed(f"{file.name} is not UTF-8.") from None
    except InvalidSnapshot as invalid:
        raise CommandFailed(f"{file.name} holds an invalid term: {invalid}.") from None
    if not rows:
        raise CommandFailed(f"{file.name} holds no terms in OBO format.")
    async with writing(system.database) as connection:
        stored = await events.insert_new(connection, f"{SOURCE}/{now.isoformat()}", rows, now)
        await audit.record(connection, this_operator(), "conditions.import", now=now, changed=stored)
    await system.notifier.notify_now(Job.INGEST)
    return stored


def _row(term: dict[str, Any], now: datetime) -> dict[str, Any]:
    event = {
        "specversion": "1.0",
        "id": f"{term['id']}@{now.isoformat()}",
        "source": SOURCE,
        "type": CONDITION_UPSERTED,
        "subject": term["id"],
        "time": now.isoformat(),
        "data": term,
    }
    known = read_event(read_envelope(event), event)
    return {
        "source": SOURCE,
        "event_id": event["id"],
        "type": CONDITION_UPSERTED,
        "subject": known.subject,
        "revision": None,
        "observed_at": now,
        "received_at": now,
        "body": msgspec.json.encode(event).decode(),
    }
