"""The digests of a chunk of people whose cursors were just moved: the coverage of each, in one statement."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    SmallInteger,
    String,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import common_bucket
from service.store.digests.due import covered_after
from service.store.digests.rows import PlannedRun
from service.store.sql import tables as t
from service.store.sql.columns import pair_list
from service.store.sql.database import is_postgresql, prefer_index_scans, set_nested_loops
from service.store.sql.ids import next_ids
from service.store.sql.keys import of_subscribers, same_subscriber

_s, _c, _topic = t.subscription, t.cursor, t.topic

#: The columns of a digest that is planned, in the order in which they are selected.
_DIGEST = ["bucket", "id", "subscriber_id", "run_id", "frequency", "from_seq", "to_seq"]
_DIGEST += ["topics", "catches_up"]

#: For fewer people than this, rows are looked up one by one by their keys.
MANY = 500


async def add_digests(connection: AsyncConnection, run: PlannedRun, people: Sequence[int]) -> None:
    """Adds the digests of those of `people` who have news; they are of one bucket, in order.

    The many whose last digest reached where the run begins are joined with the topics that changed since, as
    a whole. PostgreSQL expects one row where there are thousands, since a number and its bucket are not
    independent, and would look up each topic of each person.
    """
    if not is_postgresql(connection) or len(people) < MANY:
        await _add(connection, run, people)
        return
    behind = await _behind(connection, run, people)
    await _add(connection, run, [person for person in people if person in behind])
    most = [person for person in people if person not in behind]
    if not most:
        return
    await prefer_index_scans(connection)
    await set_nested_loops(connection, allowed=False)
    await _add(
        connection,
        run,
        most,
        of_subscribers(connection, _s, most),
        _s.c.subscriber_id.between(most[0], most[-1]),
        _topic.c.last_any_seq > run.period_start_seq,
    )
    await set_nested_loops(connection, allowed=True)


async def _add(
    connection: AsyncConnection, run: PlannedRun, people: Collection[int], *also: ColumnElement[bool]
) -> None:
    if not people:
        return
    bucket = common_bucket(people)
    moved = and_(
        of_subscribers(connection, _c, people), _c.c.frequency == run.frequency, _c.c.run_id == run.id
    )
    before = covered_after(_c.c.prior_seq)
    worth = case((_s.c.small_changes, _topic.c.last_any_seq), else_=_topic.c.last_seq)
    topics = (
        select(
            literal(bucket, SmallInteger),
            next_ids(bucket),
            _c.c.subscriber_id,
            literal(run.id),
            literal(run.frequency, String),
            func.min(before),
            literal(run.to_seq),
            pair_list(cast(_s.c.topic_id, String), cast(before, String)),
            func.max(case((_s.c.resume_after_seq.is_not(None), 1), else_=0)) == 1,
        )
        .select_from(_c)
        .join(_s, and_(_s.c.bucket == bucket, same_subscriber(_s, _c), _s.c.frequency == run.frequency))
        .join(_topic, _topic.c.id == _s.c.topic_id)
        .where(and_(moved, _s.c.in_planning, _topic.c.last_any_seq > before, before < run.to_seq), *also)
        .group_by(_c.c.subscriber_id)
        .having(func.max(case((worth > before, 1), else_=0)) == 1)
    )
    await connection.execute(insert(t.digest).from_select(_DIGEST, topics))


async def _behind(connection: AsyncConnection, run: PlannedRun, people: Sequence[int]) -> set[int]:
    """The people whose digest covers changes from before the run's period, and maybe some others."""
    bucket, first, last = common_bucket(people), people[0], people[-1]

    def here(table: Any) -> ColumnElement[bool]:
        among = table.c.subscriber_id.between(first, last)
        return and_(table.c.bucket == bucket, among, table.c.frequency == run.frequency)

    earlier = and_(_c.c.run_id == run.id, _c.c.prior_seq < run.period_start_seq)
    found = select(_c.c.subscriber_id).where(here(_c), earlier)
    catching_up = select(_s.c.subscriber_id).where(here(_s), _s.c.resume_after_seq.is_not(None))
    return set((await connection.execute(found.union_all(catching_up))).scalars())


async def without_digest(
    connection: AsyncConnection, run: PlannedRun, people: Sequence[int]
) -> Sequence[int]:
    """Those of `people` who have no digest of this run; the caller has the turn of their bucket.

    One query for all: as a condition on each, it would read the whole bucket for each as long as the
    database's statistics call the table empty. An ON CONFLICT would cost twice as much.
    """
    d = t.digest.c
    here = and_(d.bucket == common_bucket(people), d.subscriber_id.between(people[0], people[-1]))
    found = select(d.subscriber_id).where(here, d.run_id == run.id)
    planned = set((await connection.execute(found)).scalars())
    return [person for person in people if person not in planned] if planned else people
