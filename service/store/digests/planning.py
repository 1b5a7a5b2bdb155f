"""Set-based planning: finds a slot's subscribers with changes, advances cursors, queues digests.

Each chunk of subscribers is one transaction: cursors are locked and moved first, then read for
what the digests cover. Despite crashes and concurrent planners, no interval is covered twice."""

from collections.abc import Sequence
from datetime import datetime
from itertools import starmap
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.eligibility import OF_PEOPLE
from service.domain.delivery.kinds import MAIL_KINDS, MailKind
from service.domain.delivery.states import DeliveryState
from service.domain.digests.run import RunState
from service.domain.subscription import SubscriptionState
from service.store.digests.rows import PlannedRun, Slot
from service.store.people.eligibility import reasons, with_suppressions
from service.store.sql import tables as t
from service.store.sql.bulk import in_values
from service.store.sql.bulk import insert as insert_or_skip
from service.store.sql.columns import greater_of, pair_list, random_key, time_prefix

_s, _c, _topic = t.subscription, t.cursor, t.topic


async def slots(connection: AsyncConnection) -> list[Slot]:
    """All slots, with their low-water mark and last planned time."""
    found = select(*(t.slot.c[name] for name in Slot._fields)).order_by(t.slot.c.id)
    return list(starmap(Slot, await connection.execute(found)))


async def lowest_floor(connection: AsyncConnection, frequency: str) -> int:
    """The low-water mark of a frequency: covered for all subscribers except those flagged as behind."""
    lowest = select(func.min(t.slot.c.floor_seq)).where(t.slot.c.frequency == frequency)
    return int((await connection.execute(lowest)).scalar() or 0)


async def anyone_behind(connection: AsyncConnection, slot_id: int) -> bool:
    """Whether a subscriber in the slot is flagged as behind."""
    left = select(_c.c.subscriber_id).where((_c.c.slot_id == slot_id) & _c.c.behind).limit(1)
    return (await connection.execute(left)).first() is not None


async def open_run(
    connection: AsyncConnection,
    *,
    slot_id: int | None,
    frequency: str,
    due_at: datetime,
    to_seq: int,
    now: datetime,
    held_because: str | None = None,
    most_news: int = 0,
) -> PlannedRun:
    """The run of a slot's due time: a new one, or the one already started, which goes on as it began."""
    fresh = insert_or_skip(connection, t.run).values(
        slot_id=slot_id,
        frequency=frequency,
        due_at=due_at,
        planned_at=now,
        to_seq=to_seq,
        state=RunState.PLANNING,
        digests=0,
        held_because=held_because,
        most_news=most_news,
    )
    made = (await connection.execute(fresh.on_conflict_do_nothing().returning(t.run.c.id))).scalar()
    where = (t.run.c.slot_id == slot_id) & (t.run.c.due_at == due_at) if made is None else t.run.c.id == made
    found = select(*(t.run.c[name] for name in PlannedRun._fields)).where(where)
    return PlannedRun(*(await connection.execute(found)).one())


def covered_after(reached: ColumnElement[int] = _c.c.seq) -> ColumnElement[int]:
    """The seq after which a subscription's changes are covered: the cursor's, unless it must catch up."""
    return case(
        (_s.c.catch_up_seq.is_not(None), _s.c.catch_up_seq), else_=greater_of(_s.c.active_seq, reached)
    )


def _news(to_seq: int) -> ColumnElement[bool]:
    """Whether a subscription's topic has an uncovered change worth sending."""
    worth = case((_s.c.small_changes, _topic.c.last_any_seq), else_=_topic.c.last_seq)
    return and_(worth > covered_after(), covered_after() < to_seq)


async def changed_topics(connection: AsyncConnection, floor: int) -> list[int]:
    """The topics with changes: usually few; subscribers are found through them."""
    hot = select(_topic.c.id).where(_topic.c.last_any_seq > floor)
    return list((await connection.execute(hot)).scalars())


def _candidates(
    news: ColumnElement[bool], *, frequency: str, slot_id: int | None, to_seq: int, subscriber_id: int | None
) -> Any:
    """Subscribers with changes to send, found from the changed topics, not by scanning subscribers."""
    mine: list[ColumnElement[bool]] = [_c.c.frequency == frequency]
    if slot_id is not None:
        mine.append(_c.c.slot_id == slot_id)
    if subscriber_id is not None:
        mine.append(_c.c.subscriber_id == subscriber_id)
    followed = (
        select(_c.c.subscriber_id)
        .select_from(_topic)
        .join(
            _s,
            and_(_s.c.topic_id == _topic.c.id, _s.c.listening, _s.c.frequency == frequency),
        )
        .join(_c, and_(_c.c.subscriber_id == _s.c.subscriber_id, _c.c.frequency == frequency))
    )
    hot = followed.where(and_(news, _news(to_seq), *mine))
    behind = followed.where(and_(_c.c.behind, _news(to_seq), *mine))
    return hot.union(behind)


async def due_subscribers(
    connection: AsyncConnection,
    *,
    frequency: str,
    slot_id: int | None,
    floor: int,
    to_seq: int,
    now: datetime,
    subscriber_id: int | None = None,
) -> list[int]:
    """Subscribers of a slot (or all, or one) with changes to send up to `to_seq`, in order.

    Subscribers excluded here stay flagged as behind until they become eligible (see `cursors.mark_behind`).
    """
    hot = await changed_topics(connection, floor)
    if not hot and slot_id is not None and not await anyone_behind(connection, slot_id):
        return []
    # Literal ids, so that PostgreSQL knows their number despite outdated statistics.
    news = in_values(connection, _s.c.topic_id, hot)
    people = _candidates(
        news, frequency=frequency, slot_id=slot_id, to_seq=to_seq, subscriber_id=subscriber_id
    ).subquery()
    against = reasons(now)
    statement = (
        select(t.subscriber.c.id)
        .select_from(with_suppressions(t.subscriber))
        .where(
            t.subscriber.c.id.in_(select(people.c.subscriber_id)),
            *(~against[reason] for reason in OF_PEOPLE),
        )
        .order_by(t.subscriber.c.id)
    )
    return list((await connection.execute(statement)).scalars())


async def plan_chunk(
    connection: AsyncConnection, run: PlannedRun, people: Sequence[int], *, held: bool, now: datetime
) -> int:
    """Advances the cursors of `people` to the run's end and queues their digests; returns how many."""
    first, last = people[0], people[-1]
    await _move_cursors(connection, run, people)
    moved = and_(
        _c.c.subscriber_id.between(first, last), _c.c.frequency == run.frequency, _c.c.run_id == run.id
    )
    before = covered_after(_c.c.prior_seq)
    worth = case((_s.c.small_changes, _topic.c.last_any_seq), else_=_topic.c.last_seq)
    # Their cursors are locked, so no other planner has them; ON CONFLICT would cost twice as much.
    planned = exists().where(t.digest.c.subscriber_id == _c.c.subscriber_id, t.digest.c.run_id == run.id)
    topics = (
        select(
            _c.c.subscriber_id,
            literal(run.id),
            literal(run.frequency, String),
            func.min(before),
            literal(run.to_seq),
            pair_list(cast(_s.c.topic_id, String), cast(before, String)),
            func.max(case((_s.c.catch_up_seq.is_not(None), 1), else_=0)) == 1,
        )
        .select_from(_c)
        .join(_s, and_(_s.c.subscriber_id == _c.c.subscriber_id, _s.c.frequency == run.frequency))
        .join(_topic, _topic.c.id == _s.c.topic_id)
        .where(and_(moved, ~planned, _s.c.listening, _topic.c.last_any_seq > before, before < run.to_seq))
        .group_by(_c.c.subscriber_id)
        .having(func.max(case((worth > before, 1), else_=0)) == 1)
    )
    columns = ["subscriber_id", "run_id", "frequency", "from_seq", "to_seq", "topics", "catches_up"]
    await connection.execute(insert(t.digest).from_select(columns, topics))
    made = await _queue_digests(connection, run, first, last, held=held, now=now)
    await _clear_catch_up(connection, run, first, last)
    return made


async def _move_cursors(connection: AsyncConnection, run: PlannedRun, people: Sequence[int]) -> None:
    """Locks and advances the cursors, except those that another planner has advanced meanwhile.

    A cursor flagged as behind is advanced anyway: a subscription may have to catch up from before it.
    """
    own = and_(in_values(connection, _c.c.subscriber_id, people), _c.c.frequency == run.frequency)
    values = {
        "prior_seq": _c.c.seq,
        "seq": greater_of(_c.c.seq, literal(run.to_seq)),
        "run_id": run.id,
        "behind": False,
    }
    unheard = or_(_c.c.seq < run.to_seq, _c.c.behind)
    await connection.execute(update(_c).where(and_(own, unheard)).values(**values))


async def _queue_digests(
    connection: AsyncConnection, run: PlannedRun, first: int, last: int, *, held: bool, now: datetime
) -> int:
    planned = and_(t.digest.c.subscriber_id.between(first, last), t.digest.c.run_id == run.id)
    queued = exists().where(t.delivery.c.digest_id == t.digest.c.id)
    mails = select(
        t.digest.c.subscriber_id,
        literal(MailKind.DIGEST, String),
        t.digest.c.id,
        literal(run.id),
        literal(DeliveryState.HELD if held else DeliveryState.QUEUED, String),
        literal(MAIL_KINDS[MailKind.DIGEST].priority),
        literal(now, t.delivery.c.due_at.type),
        literal(now, t.delivery.c.created_at.type),
        random_key(literal(time_prefix(now)), literal(token_hex(16)), t.digest.c.id),
        literal(0),
    ).where(planned, ~queued)
    columns = ["subscriber_id", "kind", "digest_id", "run_id", "state", "priority"]
    columns += ["due_at", "created_at", "message_key", "attempts"]
    return (await connection.execute(insert(t.delivery).from_select(columns, mails))).rowcount


async def _clear_catch_up(connection: AsyncConnection, run: PlannedRun, first: int, last: int) -> None:
    """Clears the catch-up marks of subscriptions, and of ended ones whose last change is now covered.

    Both are rare, and each has its own index.
    """
    moved = select(_c.c.subscriber_id).where(
        _c.c.subscriber_id == _s.c.subscriber_id, _c.c.frequency == run.frequency, _c.c.run_id == run.id
    )
    own = and_(_s.c.subscriber_id.between(first, last), _s.c.frequency == run.frequency, moved.exists())
    caught_up = and_(_s.c.catch_up_seq.is_not(None), own)
    await connection.execute(update(_s).where(caught_up).values(catch_up_seq=None))
    over = and_(_s.c.listening, _s.c.state == SubscriptionState.ENDED, own)
    await connection.execute(update(_s).where(over).values(listening=False))


async def untold_intervals(
    connection: AsyncConnection, subscriber_id: int, frequency: str, to_seq: int
) -> str:
    """The topics that a digest of this person would cover now, as a digest keeps them; empty: no digest."""
    own = and_(
        _s.c.subscriber_id == subscriber_id,
        _s.c.frequency == frequency,
        _s.c.listening,
        _c.c.subscriber_id == subscriber_id,
        _c.c.frequency == frequency,
    )
    topics = (
        select(
            pair_list(cast(_s.c.topic_id, String), cast(covered_after(), String)).label("topics"),
            func.max(case((_news(to_seq), 1), else_=0)).label("worth_a_mail"),
        )
        .select_from(_s)
        .join(_c, _c.c.subscriber_id == _s.c.subscriber_id)
        .join(_topic, _topic.c.id == _s.c.topic_id)
        .where(and_(own, _topic.c.last_any_seq > covered_after(), covered_after() < to_seq))
    )
    row = (await connection.execute(topics)).one()
    return row.topics if row.worth_a_mail else ""


async def close_run(connection: AsyncConnection, run_id: int, *, digests: int, held: bool) -> None:
    """Completes the planning of a run: its mails are released, or held, all that are not claimed."""
    done = update(t.run).where((t.run.c.id == run_id) & (t.run.c.state == RunState.PLANNING))
    await connection.execute(done.values(state=RunState.HELD if held else RunState.QUEUED, digests=digests))
    if held:
        queued = (t.delivery.c.run_id == run_id) & (t.delivery.c.state == DeliveryState.QUEUED)
        await connection.execute(update(t.delivery).where(queued).values(state=DeliveryState.HELD))


async def advance(connection: AsyncConnection, slot_id: int, *, due_at: datetime, floor: int) -> None:
    """Completes the slot's due time: `floor` becomes its low-water mark, except for those behind."""
    statement = update(t.slot).where((t.slot.c.id == slot_id) & (t.slot.c.floor_seq <= floor))
    await connection.execute(statement.values(due_at=due_at, floor_seq=floor))


async def planned(connection: AsyncConnection, run_id: int) -> int:
    """The run's current number of digests."""
    counted = select(func.count()).select_from(t.delivery).where(t.delivery.c.run_id == run_id)
    return int((await connection.execute(counted)).scalar_one())
