"""Set-based planning: advances the cursors of due subscribers and queues their digests.

Each chunk of subscribers is one transaction: cursors are locked and moved first, then read for the coverage
of the digests. Despite crashes and concurrent planners, no interval is covered twice."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import starmap
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SmallInteger,
    String,
    and_,
    case,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS, CAPACITY, SHIFT, bucket_of, common_bucket
from service.domain.delivery.kinds import MAIL_KINDS, MailKind
from service.domain.delivery.states import DeliveryState
from service.domain.digests.run import RunState
from service.domain.subscription import SubscriptionState
from service.store.digests.planned_digests import add_digests, without_digest
from service.store.digests.rows import PlannedRun
from service.store.mail.requests import take_turn
from service.store.sql import tables as t
from service.store.sql.bulk import insert as insert_or_skip
from service.store.sql.columns import greater_of, random_key
from service.store.sql.ids import take_numbers
from service.store.sql.keys import of_subscribers, same_subscriber, written_bucket
from service.store.sql.message_keys import message_key_prefix

_s, _c, _topic = t.subscription, t.cursor, t.topic


class RunClosed(Exception):
    """Another process closed the run: as abandoned, or after it had planned the people who were left."""


async def open_run(
    connection: AsyncConnection,
    *,
    slot_id: int | None,
    frequency: str,
    due_at: datetime,
    to_seq: int,
    now: datetime,
    period_start_seq: int = 0,
    buckets: Sequence[int] = (),
    held_because: str | None = None,
    most_news: int = 0,
) -> PlannedRun:
    """The run of a slot's due time, with people to plan in these buckets.

    A new one, or the one already started, which goes on as it began: a slot has one in planning at most.
    """
    fresh = insert_or_skip(connection, t.run).values(
        slot_id=slot_id,
        frequency=frequency,
        due_at=due_at,
        planned_at=now,
        period_start_seq=period_start_seq,
        to_seq=to_seq,
        state=RunState.PLANNING,
        digests=0,
        held_because=held_because,
        most_news=most_news,
        buckets_left=list(buckets),
    )
    made = (await connection.execute(fresh.on_conflict_do_nothing().returning(t.run.c.id))).scalar()
    r = t.run.c
    begun = and_(r.slot_id == slot_id, or_(r.due_at == due_at, r.state == RunState.PLANNING))
    found = _planned_runs().where(begun if made is None else r.id == made)
    in_planning_first = case((r.state == RunState.PLANNING, 0), else_=1)
    return PlannedRun(*(await connection.execute(found.order_by(in_planning_first).limit(1))).one())


def _planned_runs() -> Select[Any]:
    return select(*(t.run.c[name] for name in PlannedRun._fields))


async def unfinished(connection: AsyncConnection) -> list[PlannedRun]:
    """The runs in planning: here, by other workers, or by processes that ended meanwhile."""
    found = _planned_runs().where(t.run.c.state == RunState.PLANNING).order_by(t.run.c.id)
    return list(starmap(PlannedRun, await connection.execute(found)))


async def mark_planned(connection: AsyncConnection, run_id: int, planned: Collection[int]) -> list[int]:
    """Records the buckets of a run that are planned now; returns those that are left."""
    left = select(t.run.c.buckets_left).where(t.run.c.id == run_id).with_for_update()
    rest = sorted(set((await connection.execute(left)).scalar_one()).difference(planned))
    await connection.execute(update(t.run).where(t.run.c.id == run_id).values(buckets_left=rest))
    return rest


async def plan_chunk(
    connection: AsyncConnection, run: PlannedRun, people: Sequence[int], *, held: bool, now: datetime
) -> int:
    """Advances the cursors of `people` to the run's end and queues their digests; returns how many.

    They are of one bucket, in order. No two workers plan a bucket at once. Those whom a run that goes on has
    planned before are left out: what they have to catch up with since is for the next run. Raises RunClosed,
    for a mail that came after it was released or cancelled would wait for ever.
    """
    await take_turn(connection, common_bucket(people))
    people = await without_digest(connection, run, people)
    if not people:
        return 0
    first, last = people[0], people[-1]
    await _move_cursors(connection, run, people)
    (last_number,) = await take_numbers(connection, 1)  # of everything that others planned for these people
    await add_digests(connection, run, people)
    made = await _queue_digests(connection, run, first, last, last_number, held=held, now=now)
    await _clear_catch_up(connection, run, first, last)
    in_planning = and_(t.run.c.id == run.id, t.run.c.state == RunState.PLANNING)
    counted = update(t.run).where(in_planning).values(digests=t.run.c.digests + made)
    # Last: chunks of other buckets wait for this row.
    if made and not (await connection.execute(counted)).rowcount:
        raise RunClosed
    return made


async def _move_cursors(connection: AsyncConnection, run: PlannedRun, people: Sequence[int]) -> None:
    """Locks and advances the cursors, except those that another planner has advanced meanwhile.

    One at the run's end that is flagged as behind is advanced anyway: a subscription may have to catch up
    from before it. One past the run's end is for the next run: this one ends before what it has to catch up.
    """
    own = and_(of_subscribers(connection, _c, people), _c.c.frequency == run.frequency)
    values = {
        "prior_seq": _c.c.seq,
        "seq": run.to_seq,
        "run_id": run.id,
        "behind": False,
    }
    not_covered = or_(_c.c.seq < run.to_seq, and_(_c.c.seq == run.to_seq, _c.c.behind))
    await connection.execute(update(_c).where(and_(own, not_covered)).values(**values))


async def _queue_digests(
    connection: AsyncConnection,
    run: PlannedRun,
    first: int,
    last: int,
    after: int,
    *,
    held: bool,
    now: datetime,
) -> int:
    """Queues the mails of the digests that this transaction made for people from `first` to `last`: those
    numbered above `after`. A mail has the number of its digest, so that none gets a second one.

    Nobody else plans this bucket until it ends. A look at the mails that are there would, with outdated
    statistics, read the whole bucket for each digest; and without the range of people each chunk would read
    the digests of all chunks before it.
    """
    bucket = bucket_of(first)
    new = t.digest.c.id > (after << SHIFT | (CAPACITY - 1))
    theirs = t.digest.c.subscriber_id.between(first, last)
    mine = and_(t.digest.c.bucket == written_bucket(bucket), theirs, new, t.digest.c.run_id == run.id)
    mails = select(
        literal(bucket, SmallInteger),
        t.digest.c.id,
        t.digest.c.subscriber_id,
        literal(MailKind.DIGEST, String),
        t.digest.c.id,
        literal(run.id),
        literal(DeliveryState.HELD if held else DeliveryState.QUEUED, String),
        literal(MAIL_KINDS[MailKind.DIGEST].priority),
        literal(now, t.delivery.c.due_at.type),
        literal(now, t.delivery.c.created_at.type),
        random_key(literal(message_key_prefix(bucket, now)), literal(token_hex(16)), t.digest.c.id),
        literal(0),
    ).where(mine)
    columns = ["bucket", "id", "subscriber_id", "kind", "digest_id", "run_id", "state", "priority"]
    columns += ["due_at", "created_at", "message_key", "attempts"]
    queued = insert(t.delivery).from_select(columns, mails)
    return (await connection.execute(queued, execution_options={"preserve_rowcount": True})).rowcount


async def _clear_catch_up(connection: AsyncConnection, run: PlannedRun, first: int, last: int) -> None:
    """Clears the catch-up marks of subscriptions, and of ended ones whose last change is now covered.

    A mark or an end that came after the run was opened is for the next one. Both are rare, and each has its
    own index.
    """
    bucket = bucket_of(first)
    moved = select(_c.c.subscriber_id).where(
        _c.c.bucket == bucket,
        same_subscriber(_s, _c),
        _c.c.frequency == run.frequency,
        _c.c.run_id == run.id,
        ~_c.c.behind,
    )
    own = and_(
        _s.c.bucket == bucket,
        _s.c.subscriber_id.between(first, last),
        _s.c.frequency == run.frequency,
        moved.exists(),
    )
    caught_up = and_(_s.c.resume_after_seq.is_not(None), _s.c.resume_after_seq < run.to_seq, own)
    await connection.execute(update(_s).where(caught_up).values(resume_after_seq=None))
    covered = exists().where(_topic.c.id == _s.c.topic_id, _topic.c.last_any_seq <= run.to_seq)
    over = and_(_s.c.in_planning, _s.c.state == SubscriptionState.ENDED, own, covered)
    await connection.execute(update(_s).where(over).values(in_planning=False))


async def close_run(connection: AsyncConnection, run_id: int, *, held: bool) -> int:
    """Completes the planning of a run: its mails are released, or held, all that are not claimed.

    Only once: an operator may have released it since. Returns the number of its digests.
    """
    done = update(t.run).where((t.run.c.id == run_id) & (t.run.c.state == RunState.PLANNING))
    done = done.values(state=RunState.HELD if held else RunState.QUEUED, buckets_left=[])
    closed = (await connection.execute(done.returning(t.run.c.id))).first() is not None
    if closed and held:
        for bucket in BUCKETS:
            queued = mails_of(run_id, bucket) & (t.delivery.c.state == DeliveryState.QUEUED)
            await connection.execute(update(t.delivery).where(queued).values(state=DeliveryState.HELD))
    digests = await connection.execute(select(t.run.c.digests).where(t.run.c.id == run_id))
    return int(digests.scalar_one())


async def advance(connection: AsyncConnection, slot_id: int, *, due_at: datetime, floor: int) -> None:
    """Completes a moment of a slot: `due_at` is its next one, and `floor` becomes its low-water mark, except
    for those behind. It never falls."""
    mark = greater_of(t.slot.c.low_water_seq, literal(floor))
    await connection.execute(
        update(t.slot).where(t.slot.c.id == slot_id).values(due_at=due_at, low_water_seq=mark)
    )


async def raise_floors(connection: AsyncConnection, frequency: str, floor: int) -> None:
    """`floor` becomes the low-water mark of all slots of a frequency, whose people were all planned for."""
    slots = t.slot.c
    statement = update(t.slot).where(slots.frequency == frequency, slots.low_water_seq < floor)
    await connection.execute(statement.values(low_water_seq=floor))


def mails_of(run_id: int, bucket: int) -> ColumnElement[bool]:
    """The mails of a run to the people of a bucket."""
    return and_(t.delivery.c.bucket == bucket, t.delivery.c.run_id == run_id)
