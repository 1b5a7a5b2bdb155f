"""Due slots, topics with changes, and the subscribers whom these concern."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import chain, starmap
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    or_,
    select,
    text,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import common_bucket
from service.domain.delivery.eligibility import OF_PEOPLE
from service.domain.delivery.kinds import MailKind
from service.domain.delivery.retry import DIGEST_POLICY
from service.domain.delivery.states import DeliveryState
from service.domain.digests.schedule import Frequency
from service.store.digests.rows import Slot
from service.store.mail.eligibility import reasons, with_suppressions
from service.store.sql import tables as t
from service.store.sql.bulk import in_values, integer_array
from service.store.sql.columns import greater_of, pair_list
from service.store.sql.database import is_on_nodes, is_postgresql, set_nested_loops
from service.store.sql.keys import of_subscriber, same_subscriber

_s, _c, _topic = t.subscription, t.cursor, t.topic


#: The maximum number of immediate digests to one person that fail permanently within a day.
_FAILURES_A_DAY = 2


async def slots(
    connection: AsyncConnection, now: datetime | None, also: Collection[int] = ()
) -> dict[int, Slot]:
    """The slots that are due, found by their next moment, and those numbered `also`; by number, in order.

    Without `now`, only the latter.
    """
    s = t.slot.c
    due = [] if now is None else [s.due_at <= now]
    found = select(*(s[name] for name in Slot._fields)).where(or_(false(), *due, s.id.in_(also)))
    rows = starmap(Slot, await connection.execute(found.order_by(s.id)))
    return {slot.id: slot for slot in rows}


async def lowest_floor(connection: AsyncConnection, frequency: str) -> int:
    """The low-water mark of a frequency: covered for all subscribers except those flagged as behind."""
    lowest = select(func.min(t.slot.c.low_water_seq)).where(t.slot.c.frequency == frequency)
    return int((await connection.execute(lowest)).scalar() or 0)


async def slots_behind(connection: AsyncConnection, slot_ids: Collection[int]) -> set[int]:
    """The slots in which a subscriber is flagged as behind. One query for all buckets."""
    if not slot_ids:
        return set()
    left = (
        select(_c.c.slot_id)
        .join(t.bucket_lease, _c.c.bucket == t.bucket_lease.c.bucket)
        .where(in_values(connection, _c.c.slot_id, slot_ids), _c.c.behind)
        .distinct()
    )
    return set((await connection.execute(left)).scalars())


async def changed_topics(connection: AsyncConnection, low_water_seq: int) -> list[int]:
    """The topics with changes: usually few; subscribers are found through them."""
    hot = select(_topic.c.id).where(_topic.c.last_any_seq > low_water_seq)
    return list((await connection.execute(hot)).scalars())


def covered_after(reached: ColumnElement[int] = _c.c.seq) -> ColumnElement[int]:
    """The seq after which a subscription's changes are covered: the cursor's, unless it must catch up."""
    return case(
        (_s.c.resume_after_seq.is_not(None), _s.c.resume_after_seq),
        else_=greater_of(_s.c.active_seq, reached),
    )


def _news(to_seq: int) -> ColumnElement[bool]:
    """Whether a subscription's topic has an uncovered change worth sending."""
    worth = case((_s.c.small_changes, _topic.c.last_any_seq), else_=_topic.c.last_seq)
    return and_(worth > covered_after(), covered_after() < to_seq)


#: One statement for all buckets: the rows of a bucket lie all over a table, which one statement for each
#: bucket would read as often. On a distributed database each node answers for its own.
_bucket = t.bucket_lease.c.bucket


def _candidates(
    news: ColumnElement[bool],
    buckets: Sequence[int],
    *,
    frequency: str,
    slot_id: int | None,
    to_seq: int,
    subscriber_id: int | None,
) -> tuple[Select[Any], Select[Any]]:
    """Buckets and numbers of subscribers with changes to send: found from the changed topics, not by scanning
    subscribers; and of those flagged as behind. One may be found several times."""
    mine: list[ColumnElement[bool]] = [_bucket.in_(buckets), _c.c.frequency == frequency]
    if slot_id is not None:
        mine.append(_c.c.slot_id == slot_id)
    if subscriber_id is not None:
        mine.append(_c.c.subscriber_id == subscriber_id)
    followed = (
        select(_s.c.bucket, _c.c.subscriber_id)
        .select_from(_topic)
        .join(
            _s,
            and_(_s.c.topic_id == _topic.c.id, _s.c.in_planning, _s.c.frequency == frequency),
        )
        .join(_c, and_(same_subscriber(_s, _c), _c.c.frequency == frequency))
        .join(t.bucket_lease, _s.c.bucket == _bucket)
    )
    hot = followed.where(and_(news, _news(to_seq), *mine))
    behind = followed.where(and_(_c.c.behind, _news(to_seq), *mine))
    return hot, behind


def _eligible(candidates: Sequence[Select[Any]], now: datetime, *, semi_join: bool) -> Select[Any]:
    """The candidates who may get mail: their numbers as one text for each bucket.

    A row for each person would take the driver a microsecond and more. The semi-join reads all subscribers
    once, and saves sorting out the duplicates among very many candidates.
    """
    who, against = t.subscriber.c, reasons(now)
    joined = t.subscriber.join(t.bucket_lease, who.bucket == _bucket)
    eligible = [~against[reason] for reason in OF_PEOPLE]
    if semi_join:
        eligible.append(tuple_(who.bucket, who.id).in_(union_all(*candidates)))
    else:
        people = union(*candidates).subquery()
        joined = joined.join(people, and_(who.bucket == people.c.bucket, who.id == people.c.subscriber_id))
    numbers = select(func.aggregate_strings(cast(who.id, String), ","))
    return numbers.select_from(with_suppressions(joined)).where(*eligible).group_by(who.bucket)


async def due_subscribers(
    connection: AsyncConnection,
    buckets: Sequence[int],
    hot: Collection[int],
    *,
    frequency: str,
    slot_id: int | None,
    to_seq: int,
    now: datetime,
    subscriber_id: int | None = None,
) -> Sequence[int]:
    """Subscribers of the buckets in a slot (or all, or one) with changes to send up to `to_seq`.

    Bucket by bucket, and in each in the order of their numbers.

    `hot`: the topics that changed since the slot's low-water mark.

    Subscribers excluded here stay flagged as behind until they become eligible (see `cursors.mark_behind`).
    So do those of an immediate slot whose last mail failed a short while ago (`_lately_failed`).
    """
    # Literal ids, so that PostgreSQL knows their number despite outdated statistics.
    news = in_values(connection, _s.c.topic_id, hot)
    candidates = _candidates(
        news, buckets, frequency=frequency, slot_id=slot_id, to_seq=to_seq, subscriber_id=subscriber_id
    )
    whole = subscriber_id is None and await _read_whole(connection, hot, frequency)
    if whole:
        await set_nested_loops(connection, allowed=False)
    statement = _eligible(candidates, now, semi_join=whole)
    of_buckets = (await connection.execute(statement)).scalars().all()
    if whole:
        await set_nested_loops(connection, allowed=True)
    found: list[list[int]] = [sorted(map(int, numbers.split(","))) for numbers in of_buckets]
    found.sort(key=common_bucket)
    due = list(chain.from_iterable(found))
    if not due or slot_id is None or frequency != Frequency.IMMEDIATE:
        return due
    waiting = await _lately_failed(connection, buckets, slot_id, now)
    return [person for person in due if person not in waiting] if waiting else due


async def _lately_failed(
    connection: AsyncConnection, buckets: Sequence[int], slot_id: int, now: datetime
) -> set[int]:
    """The people of a slot to whom a digest failed permanently a short while ago.

    They are behind, as its changes are to be reported, and an immediate slot is due at any time: without a
    wait a mailbox that is full would be sent one digest after the other. Two a day fail at most.
    """
    mail = t.delivery.c
    last, failures = func.max(mail.finished_at), func.count()
    failed = (
        select(_c.c.subscriber_id, last.label("last"), failures.label("failures"))
        .join(t.bucket_lease, _c.c.bucket == _bucket)
        .join(t.delivery, same_subscriber(t.delivery, _c))
        .where(_bucket.in_(buckets), _c.c.slot_id == slot_id, _c.c.behind)
        .where(mail.kind == MailKind.DIGEST, mail.state.in_((DeliveryState.FAILED, DeliveryState.BOUNCED)))
        .where(mail.finished_at > now - timedelta(days=1))
        .group_by(_c.c.bucket, _c.c.subscriber_id)
    )
    since = now - DIGEST_POLICY.longest  # compared here: Citus 13 refuses a HAVING on a column of a join
    return {
        row.subscriber_id
        for row in await connection.execute(failed)
        if row.last > since or row.failures >= _FAILURES_A_DAY
    }


async def _read_whole(connection: AsyncConnection, hot: Collection[int], frequency: str) -> bool:
    """Whether PostgreSQL would read all subscriptions to find those of these topics, because it expects many.
    Then the other tables of people should be read whole as well: PostgreSQL expects too few rows of the
    joins, as a number and its bucket are not independent, and would look up each row by its key.

    Citus is not asked: its nodes plan for themselves, and after an EXPLAIN it refuses other statements.
    """
    if not hot or not is_postgresql(connection) or await is_on_nodes(connection):
        return False
    explained = text(
        "EXPLAIN (COSTS OFF) SELECT active_seq FROM subscription"
        " WHERE topic_id = ANY(CAST(:hot AS bigint[])) AND frequency = :frequency AND in_planning"
    )
    given = {"hot": integer_array(hot), "frequency": frequency}
    return any("Seq Scan" in step for step in (await connection.execute(explained, given)).scalars())


async def unreported_intervals(
    connection: AsyncConnection, subscriber_id: int, frequency: str, to_seq: int
) -> str:
    """The topics that a digest of this person would cover now, as a digest keeps them; empty: no digest."""
    own = and_(
        of_subscriber(_s, subscriber_id),
        _s.c.frequency == frequency,
        _s.c.in_planning,
        of_subscriber(_c, subscriber_id),
        _c.c.frequency == frequency,
    )
    topics = (
        select(
            pair_list(cast(_s.c.topic_id, String), cast(covered_after(), String)).label("topics"),
            func.max(case((_news(to_seq), 1), else_=0)).label("worth_a_mail"),
        )
        .select_from(_s)
        .join(_c, same_subscriber(_s, _c))
        .join(_topic, _topic.c.id == _s.c.topic_id)
        .where(and_(own, _topic.c.last_any_seq > covered_after(), covered_after() < to_seq))
    )
    row = (await connection.execute(topics)).one()
    return row.topics if row.worth_a_mail else ""


async def period_start(connection: AsyncConnection, subscriber_id: int, frequency: str) -> int:
    """The seq before the period of this person's next digest of a frequency."""
    low_water = (
        select(t.slot.c.low_water_seq)
        .join(_c, _c.c.slot_id == t.slot.c.id)
        .where(of_subscriber(_c, subscriber_id), _c.c.frequency == frequency)
    )
    return int((await connection.execute(low_water)).scalar() or 0)
