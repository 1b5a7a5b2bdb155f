"""Worker processes as they last reported, and when any of them was last running."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.server_failures import LEARNED_BY_MAILS
from service.domain.silent_workers import unreplaced
from service.store.sql import clock
from service.store.sql import tables as t
from service.store.sql.bulk import insert
from service.store.sql.database import is_postgresql

_w, _alive = t.worker, t.liveness

#: A worker that reported within this time is running; workers report every ten seconds.
SEEN_WITHIN = timedelta(seconds=45)

#: Reports of workers that were killed are deleted after this time.
_KEPT = timedelta(days=1)


class WorkerReport(NamedTuple):
    """A worker's last report; times in UTC. `status`: see `workers.heartbeat`, as JSON."""

    id: str
    host: str
    started_at: datetime
    seen_at: datetime
    status: dict[str, Any]

    @property
    def clock_difference(self) -> str:
        """The error of its machine's clock, as a part of a sentence; "" if it is right."""
        words = clock.difference(self.status.get("clock_ahead", 0.0))
        return f"that of worker {self.host} is {words}" if words else ""

    @property
    def process(self) -> str:
        """The number of its process on its host."""
        return self.id.rsplit(":", 2)[-2]


class Liveness(NamedTuple):
    """The last moment at which a worker was running, and the database that it was written to."""

    at: datetime
    database_id: str


async def report(connection: AsyncConnection, worker: WorkerReport) -> None:
    """Stores a worker's report, and deletes those of workers that have been silent for long."""
    values = worker._asdict()
    upsert = insert(connection, _w).values(**values)
    changed = {"seen_at": worker.seen_at, "status": worker.status}
    await connection.execute(upsert.on_conflict_do_update(index_elements=["id"], set_=changed))
    await connection.execute(delete(_w).where(_w.c.seen_at < worker.seen_at - _KEPT))


async def retire(connection: AsyncConnection, worker_id: str) -> None:
    """Deletes the report of a worker that stops."""
    await connection.execute(delete(_w).where(_w.c.id == worker_id))


async def running(connection: AsyncConnection, now: datetime | None = None) -> Sequence[WorkerReport]:
    """The workers that reported lately, the longest running first; by the database's clock without `now`."""
    now = now or await clock.read(connection)
    found = select(*(_w.c[name] for name in WorkerReport._fields)).where(_w.c.seen_at > now - SEEN_WITHIN)
    return [WorkerReport(*row) for row in await connection.execute(found.order_by(_w.c.started_at, _w.c.id))]


async def silent(connection: AsyncConnection, now: datetime | None = None) -> Sequence[WorkerReport]:
    """Workers that report no more and have not stopped in order, the first silent first.

    They hang, or were killed; those that another one has replaced since are left out.
    """
    now = now or await clock.read(connection)
    found = select(*(_w.c[name] for name in WorkerReport._fields)).order_by(_w.c.seen_at, _w.c.id)
    known = [WorkerReport(*row) for row in await connection.execute(found)]
    return unreplaced(known, now - SEEN_WITHIN)


def mail_failure(running: Sequence[WorkerReport]) -> str:
    """Why no worker can use the mail server, as the first one reports; "" if one can, or none runs.

    A fault that only shows in sending is reported by one worker for all: the others may have sent nothing.
    """
    reasons = [failure["reason"] if (failure := worker.status.get("mail")) else "" for worker in running]
    if reasons and all(reasons):
        return reasons[0]
    return next((reason for reason in reasons if reason in LEARNED_BY_MAILS), "")


async def liveness(connection: AsyncConnection, *, lock: bool = False) -> Liveness | None:
    """The last moment at which a worker was running, None if none ever was. `lock`: until the commit."""
    found = select(_alive.c.at, _alive.c.database_id)
    row = (await connection.execute(found.with_for_update() if lock else found)).first()
    return Liveness(*row) if row is not None else None


async def set_liveness(connection: AsyncConnection, now: Liveness) -> None:
    """Stores that a worker is running."""
    values: Mapping[str, Any] = now._asdict()
    upsert = insert(connection, _alive).values(id=1, **values)
    await connection.execute(upsert.on_conflict_do_update(index_elements=["id"], set_=values))


async def database_id(connection: AsyncConnection) -> str:
    """Identifies this database: PostgreSQL's own number of it and its name's; SQLite's files have none."""
    if not is_postgresql(connection):
        return "sqlite"
    found = text("SELECT oid::text FROM pg_database WHERE datname = current_database()")
    return f"postgresql:{(await connection.execute(found)).scalar_one()}"
