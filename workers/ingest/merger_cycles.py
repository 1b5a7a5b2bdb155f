"""Mergers that lead in a circle: one of them is set aside, the same one in any order of arrival. It is the
merger of the trial with the highest number, at any revision, so that none is set aside for a circle that
another one breaks. It is tried again when the circle is broken.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.news.acceptance import History
from service.store.changes import trials as store
from workers.ingest import histories
from workers.ingest.placements import Placement


class _Merger(NamedTuple):
    """A trial's newest state that is a merger; the greatest of a circle is set aside."""

    nct_id: str
    revision: int
    into: str


async def open_circles(connection: AsyncConnection, placements: dict[str, Placement]) -> None:
    """Sets mergers aside until none leads in a circle; stored ones get a placement of their own.

    One whose predecessor is not kept any more stays, and the next of its circle is set aside.
    """
    waiting = list(placements)
    stays = set[_Merger]()
    while waiting:
        circle = await _circle(connection, waiting[-1], placements)
        lost = next((merger for merger in sorted(circle, reverse=True) if merger not in stays), None)
        if lost is None:
            waiting.pop()
        elif await _set_aside(connection, lost, placements):
            waiting.append(lost.nct_id)  # the state before it may be a merger too
        else:
            stays.add(lost)


async def _circle(
    connection: AsyncConnection, nct_id: str, placements: Mapping[str, Placement]
) -> list[_Merger]:
    """The mergers that lead from a trial back to it; none if they end elsewhere."""
    found: list[_Merger] = []
    at = nct_id
    while True:
        merger = await _merger(connection, at, placements)
        if merger is None or merger in found:
            return []
        found.append(merger)
        at = merger.into
        if at == nct_id:
            return found


async def _merger(
    connection: AsyncConnection, nct_id: str, placements: Mapping[str, Placement]
) -> _Merger | None:
    if nct_id in placements:
        newest = placements[nct_id].newest
        into, revision = (newest.merged_into, newest.revision) if newest else (None, 0)
    else:
        into, revision = await store.merged_into(connection, nct_id)
    return _Merger(nct_id, revision, into) if into is not None else None


async def _set_aside(connection: AsyncConnection, lost: _Merger, placements: dict[str, Placement]) -> bool:
    """Sets a merger aside; False if it is stored, and the state before it is not kept any more."""
    placement = placements.get(lost.nct_id)
    if placement is None:
        stored = (await histories.newest(connection, [lost.nct_id]))[lost.nct_id]
        placement = Placement.of(lost.nct_id, stored, ())
    elif placement.set_aside(lost.revision):
        return True
    whole = placement.history
    if not placement.withdrawn:
        stored = History(placement.before)
        whole = (await histories.whole(connection, {lost.nct_id: stored}))[lost.nct_id]
    if not placement.withdraw(whole, lost.revision):
        return False
    placements[lost.nct_id] = placement
    return True
