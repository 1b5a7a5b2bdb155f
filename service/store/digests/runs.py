"""Runs for operators: lists them with the states of their mails, releases and cancels them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.domain.delivery.eligibility import Ineligibility
from service.domain.delivery.states import UNCLAIMED, WAITING, DeliveryState
from service.domain.digests.run import CancelledNews, RunState
from service.domain.digests.run_size import Usual
from service.store.digests.planning import mails_of
from service.store.digests.rollback import back_from_removals, follow_on, lock_people, roll_back_digests
from service.store.mail import run_mails
from service.store.sql import tables as t


class NoSuchRun(LookupError):
    """There is no run with this id. The message is one sentence for an operator."""

    def __init__(self, run_id: int) -> None:
        super().__init__(f"There is no run {run_id}.")


class WrongState(ValueError):
    """The run's state does not allow this. The message is one sentence for an operator."""


@dataclass(frozen=True, slots=True)
class Run:
    """One planning of digests; `zone` and `hour` are None when it was requested on demand.

    `mails` counts its deliveries by state; once none waits, the counts outlive them. `news`, of a cancelled
    run: whether it is reported `later` or `never`. `held_because`: why it was held, one sentence.
    """

    id: int
    frequency: str
    state: str
    due_at: datetime
    planned_at: datetime
    digests: int
    zone: str | None
    hour: int | None
    news: str | None = None
    held_because: str | None = None
    mails: Mapping[str, int] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """Mails not sent yet."""
        return sum(self.mails.get(state, 0) for state in WAITING)


def _runs() -> Select[Any]:
    r = t.run.c
    columns = (r.id, r.frequency, r.state, r.due_at, r.planned_at, r.digests, r.news, r.held_because, r.mails)
    return (
        select(*columns, t.slot.c.zone, t.slot.c.hour)
        .outerjoin(t.slot, t.slot.c.id == r.slot_id)
        .order_by(r.id.desc())
    )


async def page(
    connection: AsyncConnection, *, state: str | None = None, before: int | None = None, limit: int = 50
) -> list[Run]:
    """Up to `limit` runs, the newest first, those with a number below `before`."""
    statement = _runs().limit(limit)
    if state is not None:
        statement = statement.where(t.run.c.state == state)
    if before is not None:
        statement = statement.where(t.run.c.id < before)
    return await _with_mails(connection, (await connection.execute(statement)).all())


async def newest_of_each_frequency(connection: AsyncConnection) -> list[Run]:
    """The newest run of each frequency that sent or will send anything."""
    r = t.run.c
    newest = select(func.max(r.id)).where(r.digests > 0).group_by(r.frequency)
    rows = (await connection.execute(_runs().where(r.id.in_(newest)))).all()
    return await _with_mails(connection, rows)


async def get(connection: AsyncConnection, run_id: int) -> Run:
    """One run. Raises NoSuchRun."""
    found = (await connection.execute(_runs().where(t.run.c.id == run_id))).all()
    if not found:
        raise NoSuchRun(run_id)
    return (await _with_mails(connection, found))[0]


async def _with_mails(connection: AsyncConnection, rows: Sequence[Any]) -> list[Run]:
    open_ = [row.id for row in rows if row.mails is None and row.digests]
    counted = await run_mails.count(connection, open_)
    return [Run(**{**row._mapping, "mails": row.mails or counted.get(row.id, {})}) for row in rows]


async def release(connection: AsyncConnection, run_id: int) -> int:
    """Releases the mails of a held run; returns how many. 0 if it was released before.

    Raises NoSuchRun, and WrongState for a run that was never held.
    """
    if not await _move(connection, run_id, (RunState.HELD,), RunState.RELEASED):
        state = (await get(connection, run_id)).state
        if state != RunState.RELEASED:
            raise WrongState(f"Only a held run can be released; run {run_id} is {state}.")
        return 0
    return await _move_mails(connection, run_id, DeliveryState.HELD, state=DeliveryState.QUEUED)


async def cancel(connection: AsyncConnection, run_id: int, news: CancelledNews, now: datetime) -> int:
    """Cancels a run's unsent mails; returns how many. 0 if it was cancelled before.

    `news`: whether the next digests report these changes, or none ever does. Claimed mails are stopped at
    their next claim. Raises NoSuchRun, and WrongState while it is planned, after its last mail has left, and
    when it was cancelled the other way.
    """
    may_end = (RunState.HELD, RunState.QUEUED, RunState.RELEASED)
    if not await _any_waits(connection, run_id) or not await _move(
        connection, run_id, may_end, RunState.CANCELLED, news=news
    ):
        _refuse_unless_repeated(await get(connection, run_id), news)
        return 0
    return sum([await _cancel_mails(connection, run_id, bucket, news, now) for bucket in BUCKETS])


async def _cancel_mails(
    connection: AsyncConnection, run_id: int, bucket: int, news: CancelledNews, now: datetime
) -> int:
    """Cancels the unsent mails of a cancelled run to the people of a bucket; returns how many.

    A removal that is never reported is undone if its trial has returned: the reader would not know that they
    follow it no more. Trials that return later: `trial_returns.undo_endings`.
    """
    later, mail = news is CancelledNews.LATER, t.delivery.c
    waiting = mails_of(run_id, bucket) & mail.state.in_(UNCLAIMED)
    found = select(mail.digest_id, mail.subscriber_id).where(waiting, mail.digest_id.is_not(None))
    readers = dict((await connection.execute(found)).all())
    back = {} if later else await back_from_removals(connection, list(readers))
    await lock_people(connection, set(readers.values() if later else back.values()))
    outcome = Ineligibility.RUN_PUT_OFF if later else Ineligibility.RUN_CANCELLED
    ended = {"state": DeliveryState.CANCELLED, "outcome": outcome, "finished_at": now}
    statement = update(t.delivery).where(waiting).values(**ended).returning(mail.digest_id)
    cancelled = (await connection.execute(statement)).scalars().all()
    digests = [digest_id for digest_id in cancelled if digest_id is not None]
    if later:
        await roll_back_digests(connection, digests)
    elif back:
        await follow_on(connection, await back_from_removals(connection, digests))
    return len(cancelled)


async def _any_waits(connection: AsyncConnection, run_id: int) -> bool:
    for bucket in BUCKETS:
        waits = mails_of(run_id, bucket) & t.delivery.c.state.in_(WAITING)
        if (await connection.execute(select(t.delivery.c.id).where(waits).limit(1))).first() is not None:
            return True
    return False


def _refuse_unless_repeated(run: Run, news: CancelledNews) -> None:
    """Raises WrongState, except for a run that was already cancelled in the same way."""
    if run.state == RunState.PLANNING:
        raise WrongState(f"Run {run.id} is still being planned; try again when it is.")
    if run.state != RunState.CANCELLED:
        raise WrongState(f"Run {run.id} is over: none of its mails waits.")
    if run.news != news:
        outcome = "reported by later digests" if run.news == CancelledNews.LATER else "never reported"
        raise WrongState(f"Run {run.id} was cancelled before, and its news is {outcome}: that stays so.")


async def _move(
    connection: AsyncConnection,
    run_id: int,
    states: Collection[RunState],
    to: RunState,
    **values: Any,
) -> bool:
    """Compare-and-set, so that only one of two concurrent operators succeeds."""
    moved = update(t.run).where(t.run.c.id == run_id, t.run.c.state.in_(states))
    moved = moved.values(state=to, **values).returning(t.run.c.id)
    return (await connection.execute(moved)).first() is not None


async def _move_mails(
    connection: AsyncConnection, run_id: int, from_state: DeliveryState, **values: Any
) -> int:
    moved = 0
    for bucket in BUCKETS:
        where = mails_of(run_id, bucket) & (t.delivery.c.state == from_state)
        moved += (await connection.execute(update(t.delivery).where(where).values(**values))).rowcount
    return moved


async def never_reported(connection: AsyncConnection) -> list[int]:
    """The runs that were cancelled for good: none of their changes is ever reported."""
    # As literals, or the index of these few would not be used.
    state: BindParameter[str] = bindparam(None, RunState.CANCELLED.value, literal_execute=True)
    news: BindParameter[str] = bindparam(None, CancelledNews.NEVER.value, literal_execute=True)
    cancelled = and_(t.run.c.state == state, t.run.c.news == news)
    return list((await connection.execute(select(t.run.c.id).where(cancelled))).scalars())


async def held_since(connection: AsyncConnection, since: datetime) -> list[Run]:
    """The runs that were planned since then and are held."""
    planned = (t.run.c.state == RunState.HELD) & (t.run.c.planned_at >= since)
    return await _with_mails(connection, (await connection.execute(_runs().where(planned))).all())


async def usual(connection: AsyncConnection, frequency: str, slot_id: int | None = None) -> Usual:
    """The usual size of a run: the medians of the mails and the news of the frequency's last 14 runs.

    A slot with many readers is no smaller than its own last 14 runs that were sent: the runs of most time
    zones are small. Runs of the canary's mail alone, and those that an operator made for one person
    (`digests send-now --email`), are not counted.
    """
    r = t.run.c
    no_canary = or_(r.digests > 1, ~exists(select(t.canary.c.frequency)))
    for_many = or_(r.digests > 1, r.slot_id.is_not(None))
    rows = await _last_runs(
        connection, r.frequency == frequency, r.state != RunState.PLANNING, no_canary, for_many
    )
    if not rows:
        return Usual(None, None)
    mails = median(row.digests for row in rows)
    if slot_id is not None:
        sent = r.state.in_((RunState.QUEUED, RunState.RELEASED))
        own = await _last_runs(connection, r.slot_id == slot_id, sent)
        mails = max(mails, median(row.digests for row in own)) if own else mails
    return Usual(float(mails), float(median(row.most_news for row in rows)))


async def _last_runs(connection: AsyncConnection, *where: ColumnElement[bool]) -> Sequence[Any]:
    """The mails and the news of the last 14 runs with any mail."""
    newest = select(t.run.c.digests, t.run.c.most_news).where(t.run.c.digests > 0, *where)
    return (await connection.execute(newest.order_by(t.run.c.id.desc()).limit(14))).all()
