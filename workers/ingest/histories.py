"""Reads the stored state of trials: their newest states, and their kept revisions where these are needed."""

from collections.abc import Collection, Mapping

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.lifecycle import Trial, TrialState
from service.domain.trials.news.acceptance import History
from service.store.changes import revisions, trials


async def newest(connection: AsyncConnection, nct_ids: Collection[str]) -> dict[str, History]:
    """The newest state of each trial, without its revisions; an empty history of an unknown one."""
    histories = {nct_id: History() for nct_id in nct_ids}
    for row in await trials.load(connection, nct_ids):
        histories[row.nct_id] = History(_trial(row))
    return histories


async def whole(connection: AsyncConnection, histories: Mapping[str, History]) -> dict[str, History]:
    """The same with the kept revisions."""
    if not histories:
        return {}
    known = {nct_id: history.known for nct_id, history in histories.items()}
    return {
        nct_id: History(histories[nct_id].trial, baseline, kept)
        for nct_id, (baseline, kept) in (await revisions.load(connection, known)).items()
    }


def _trial(row: trials.StoredTrial) -> Trial:
    return Trial(
        nct_id=row.nct_id,
        revision=row.revision,
        state=TrialState(row.state),
        digest=row.digest,
        snapshot=msgspec.json.decode(row.snapshot) if row.snapshot else None,
        merged_into=row.merged_into,
        snapshot_revision=row.snapshot_revision,
        remembered=msgspec.json.decode(row.remembered) if row.remembered else {},
        folded_revision=row.folded_revision,
    )
