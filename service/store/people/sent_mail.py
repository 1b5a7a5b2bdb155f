"""What was sent to one person, and which trials each digest told of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.digests.digests import told_trials
from service.store.sql import tables as t


@dataclass(frozen=True, slots=True)
class ToldTrial:
    """A trial that a digest told of, by its newest title."""

    nct_id: str
    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail that was sent to a person: its kind, when (UTC), and the trials it told of."""

    kind: str
    at: datetime
    frequency: str | None
    trials: tuple[ToldTrial, ...]


async def mails_of(connection: AsyncConnection, subscriber_id: int, *, limit: int = 50) -> list[SentMail]:
    """The newest mails of a person that were sent, newest first."""
    statement = (
        select(
            t.delivery.c.kind,
            t.delivery.c.created_at,
            t.delivery.c.finished_at,
            t.digest.c.frequency,
            t.digest.c.told,
        )
        .join(t.digest, t.digest.c.id == t.delivery.c.digest_id, isouter=True)
        .where(t.delivery.c.subscriber_id == subscriber_id, t.delivery.c.state == "sent")
        .order_by(t.delivery.c.id.desc())
        .limit(limit)
    )
    rows = (await connection.execute(statement)).all()
    told = await trials(connection, {nct_id for row in rows for nct_id in told_trials(row.told)})
    return [
        SentMail(
            row.kind,
            row.finished_at or row.created_at,
            row.frequency,
            tuple(told[nct_id] for nct_id in told_trials(row.told) if nct_id in told),
        )
        for row in rows
    ]


async def trials(connection: AsyncConnection, nct_ids: set[str]) -> dict[str, ToldTrial]:
    """The trials of these numbers, by their newest titles; one that is gone goes by its number."""
    found = {nct_id: ToldTrial(nct_id, nct_id, None) for nct_id in nct_ids}
    wanted = sorted(nct_ids)
    for start in range(0, len(wanted), 500):
        where = t.trial.c.nct_id.in_(wanted[start : start + 500])
        for row in await connection.execute(select(t.trial.c.nct_id, t.trial.c.snapshot).where(where)):
            snapshot: dict[str, Any] = msgspec.json.decode(row.snapshot) if row.snapshot else {}
            found[row.nct_id] = ToldTrial(
                row.nct_id, snapshot.get("title") or row.nct_id, snapshot.get("url")
            )
    return found
