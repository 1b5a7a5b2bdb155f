"""The number of a run's mails in each state: counted while some wait, then kept with the run.

To count a run reads all of its mails, and a list shows fifty runs.
"""

from collections.abc import Collection

from sqlalchemy import func, null, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.domain.delivery.states import WAITING
from service.domain.digests.run import RunState
from service.store.sql import tables as t
from service.store.sql.keys import by_id

#: States of a run in which its mails wait for no decision.
_ON_THEIR_WAY = (RunState.QUEUED, RunState.RELEASED, RunState.CANCELLED)


async def count(connection: AsyncConnection, run_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """The mails of these runs by state, as far as they are still stored."""
    mails: dict[int, dict[str, int]] = {run_id: {} for run_id in run_ids}
    if not mails:
        return mails
    d = t.delivery.c
    counted = (
        select(d.run_id, d.state, func.count())
        .where(d.bucket.in_(BUCKETS), d.run_id.in_(list(mails)))
        .group_by(d.run_id, d.state)
    )
    for run_id, state, number in await connection.execute(counted):
        mails[run_id][state] = number
    return mails


async def uncounted(connection: AsyncConnection, limit: int) -> list[int]:
    """Runs with mails whose counts are not kept yet, the newest first."""
    r = t.run.c
    without = text("run.mails IS NULL AND run.digests > 0")  # literally: a partial index answers
    found = select(r.id).where(without, r.state.in_(_ON_THEIR_WAY)).order_by(r.id.desc()).limit(limit)
    return list((await connection.execute(found)).scalars())


async def store_counts(connection: AsyncConnection, run_id: int) -> bool:
    """Keeps the counts of a run of which no mail waits; False if one does, or the run was counted before.

    Its row is locked first: a mail that bounces meanwhile waits, and has the run counted again.
    """
    mine = (t.run.c.id == run_id) & t.run.c.state.in_(_ON_THEIR_WAY) & t.run.c.mails.is_(None)
    if (await connection.execute(select(t.run.c.id).where(mine).with_for_update())).first() is None:
        return False
    mails = (await count(connection, (run_id,)))[run_id]
    if any(state in mails for state in WAITING):
        return False
    await connection.execute(update(t.run).where(t.run.c.id == run_id).values(mails=mails))
    return True


async def count_again(connection: AsyncConnection, delivery_id: int) -> None:
    """Drops the counts kept of a mail's run; to be called before a sent mail changes its state.

    The run's row is locked even if none were kept (see `store_counts`), before the mail's, as by operators.
    """
    found = select(t.delivery.c.run_id).where(by_id(t.delivery, delivery_id))
    run_id = (await connection.execute(found)).scalar()
    if run_id is not None:
        await connection.execute(update(t.run).where(t.run.c.id == run_id).values(mails=null()))
