"""The numbers under which trials were known before: those merged into them, and those that they name."""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.news.announcements import OPEN_TO_PARTICIPANTS
from service.domain.trials.trial_ids import trial_number
from service.store.changes import trials
from service.store.sql import tables as t
from service.store.sql.bulk import in_values


class _Snapshot(msgspec.Struct):
    status: str
    aliases: Sequence[str] = ()


async def older_numbers(connection: AsyncConnection, nct_ids: Collection[str]) -> dict[str, str]:
    """The number among `nct_ids` of each trial that goes on under it.

    A trial that takes participants is not the same news under a number under which it took none.
    """
    newer: dict[str, str] = {}
    now = await _snapshots(connection, nct_ids)
    waiting = {nct_id: nct_id for nct_id in now}
    while waiting:
        found = {
            number: waiting[nct_id]
            for nct_id, snapshot in (await _snapshots(connection, waiting)).items()
            for alias in snapshot.aliases
            if (number := trial_number(alias)) is not None
        }
        c = t.trial.c
        merged = select(c.nct_id, c.merged_into).where(
            c.merged_into.is_not(None), in_values(connection, c.merged_into, waiting)
        )
        found |= {row.nct_id: waiting[row.merged_into] for row in await connection.execute(merged)}
        waiting = {old: new for old, new in found.items() if old not in newer and old not in now}
        newer |= waiting
    before = await _snapshots(connection, newer)
    return {
        old: new
        for old, new in newer.items()
        if old in before and (_is_open(before[old]) or not _is_open(now[new]))
    }


def _is_open(snapshot: _Snapshot) -> bool:
    return snapshot.status in OPEN_TO_PARTICIPANTS


async def _snapshots(connection: AsyncConnection, nct_ids: Collection[str]) -> dict[str, _Snapshot]:
    texts = await trials.snapshots(connection, nct_ids)
    return {nct_id: msgspec.json.decode(text, type=_Snapshot) for nct_id, text in texts.items()}
