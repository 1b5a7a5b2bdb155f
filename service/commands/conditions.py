"""`conditions import`: a hierarchy of conditions from an OBO file, stored as events of its own."""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from service.commands import CommandFailed
from service.commands.operator import this_operator
from service.domain.cloudevents import CONDITION_UPSERTED, read_envelope, read_event
from service.domain.conditions import read_obo
from service.domain.snapshot import InvalidSnapshot
from service.jobs import Job
from service.store import audit, events
from service.store.database import writing
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
        stored = await events.keep(connection, f"{SOURCE}/{now.isoformat()}", rows, now)
        await audit.record(connection, this_operator(), "conditions.import", now=now, changed=stored)
    await system.bell.ring_now(Job.TAKE_IN)
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
