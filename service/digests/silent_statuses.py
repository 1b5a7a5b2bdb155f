"""Trials whose newest status came silently, so that no entry of the log, and no later digest, has it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.digests.blocks import LogEntry
from service.domain.trials.change import Kind
from service.store import logged_statuses


class _Status(msgspec.Struct):
    status: str


async def silently_changed(
    connection: AsyncConnection, parts: Iterable[Sequence[LogEntry]], snapshots: Mapping[str, str]
) -> frozenset[str]:
    """The trials of which the entries report a status, and the log's last one is not that of the snapshot."""
    reported: dict[str, set[str]] = {}
    for entry in chain.from_iterable(parts):
        if entry.change.kind is Kind.STATUS and entry.nct_id in snapshots:
            reported.setdefault(entry.nct_id, set()).add(entry.change.after["status"])
    now = {
        nct_id: msgspec.json.decode(snapshots[nct_id], type=_Status).status
        for nct_id, statuses in reported.items()
    }
    replaced = [nct_id for nct_id, statuses in reported.items() if statuses != {now[nct_id]}]
    last = await logged_statuses.last(connection, replaced)
    return frozenset(nct_id for nct_id in replaced if last.get(nct_id) != now[nct_id])
