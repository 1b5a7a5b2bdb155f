"""The accepted revisions of trials, to derive unreported news from again when an older one is late."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.lifecycle import TrialState
from service.domain.trials.news.last_known import Values
from service.domain.trials.news.revisions import Revision, Undo, restored, undos
from service.store.sql import tables as t
from service.store.sql.bulk import bulk_insert, in_values, insert

_r = t.trial_revision.c


async def load(
    connection: AsyncConnection, known: Mapping[str, Values]
) -> dict[str, tuple[Values, tuple[Revision, ...]]]:
    """The baseline and the kept revisions of trials, given by id with the values known after their newest."""
    rows: dict[str, list[Any]] = {nct_id: [] for nct_id in known}
    wanted = select(t.trial_revision).where(in_values(connection, _r.nct_id, known)).order_by(_r.revision)
    for row in await connection.execute(wanted):
        rows[row.nct_id].append(row)
    return {nct_id: _read(known[nct_id], of_trial) for nct_id, of_trial in rows.items()}


def _read(known: Values, rows: Sequence[Any]) -> tuple[Values, tuple[Revision, ...]]:
    details = [msgspec.json.decode(row.detail) for row in rows]
    kept = [
        (TrialState(row.state), Undo(detail.get("overwritten", {}), detail.get("lacks", ())))
        for row, detail in zip(rows, details, strict=True)
    ]
    baseline, values = restored(known, kept)
    return baseline, tuple(
        Revision(
            number=row.revision,
            digest=row.digest,
            state=TrialState(row.state),
            seq=row.seq,
            event_id=row.event_id,
            observed_on=date.fromisoformat(row.observed_on),
            may_notify=row.may_notify,
            is_correction=row.is_correction,
            values=own,
            ending=detail.get("ending"),
        )
        for row, detail, own in zip(rows, details, values, strict=True)
    )


def rows_of(nct_id: str, baseline: Values, revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    """The rows of a trial's revisions, in order after `baseline`."""
    return [
        {
            "nct_id": nct_id,
            "revision": revision.number,
            "state": revision.state.value,
            "digest": revision.digest,
            "seq": revision.seq,
            "event_id": revision.event_id,
            "observed_on": revision.observed_on.isoformat(),
            "may_notify": revision.may_notify,
            "is_correction": revision.is_correction,
            "detail": _detail(revision, undo),
        }
        for revision, undo in zip(revisions, undos(baseline, revisions), strict=True)
    ]


def _detail(revision: Revision, undo: Undo) -> str:
    if revision.values is None:
        return msgspec.json.encode({"ending": revision.ending}).decode()
    kept: dict[str, Any] = {"overwritten": undo.overwritten} if undo.overwritten else {}
    if undo.lacks:
        kept["lacks"] = undo.lacks
    return msgspec.json.encode(kept).decode()


async def upsert(connection: AsyncConnection, rows: Sequence[dict[str, Any]], now: datetime) -> None:
    """Stores revisions; of an existing one only its detail is replaced."""
    statement = insert(connection, t.trial_revision)
    statement = statement.on_conflict_do_update(
        index_elements=["nct_id", "revision"], set_={"detail": statement.excluded.detail}
    )
    await bulk_insert(connection, statement, [{**row, "received_at": now} for row in rows])


async def remove(connection: AsyncConnection, nct_id: str, revision: int) -> None:
    """Deletes a revision that was set aside after it was accepted."""
    await connection.execute(
        delete(t.trial_revision).where(and_(_r.nct_id == nct_id, _r.revision == revision))
    )


async def fold(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes revisions received before `before` that newer ones followed; returns how many.

    The known values after them are the baseline of those that remain; an event for a place before them is too
    late.
    """
    newest = select(t.trial.c.revision).where(t.trial.c.nct_id == _r.nct_id).scalar_subquery()
    over = (
        select(_r.nct_id, _r.revision)
        .where(_r.received_at < before, _r.revision < newest)
        .order_by(_r.nct_id, _r.revision)
        .limit(limit)
    )
    rows = (await connection.execute(over)).all()
    if not rows:
        return 0
    highest = {row.nct_id: row.revision for row in rows}
    for nct_id, revision in highest.items():
        trial = update(t.trial).where(t.trial.c.nct_id == nct_id)
        await connection.execute(trial.values(folded_revision=revision))
        gone = and_(_r.nct_id == nct_id, _r.revision <= revision)
        await connection.execute(delete(t.trial_revision).where(gone))
    return len(rows)
