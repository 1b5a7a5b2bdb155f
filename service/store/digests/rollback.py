"""Rolls back planned digests that will not be sent, so that the next digests cover the same changes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import by_bucket, common_bucket
from service.domain.delivery.eligibility import Ineligibility
from service.domain.delivery.kinds import MailKind
from service.domain.delivery.states import UNCLAIMED, DeliveryState
from service.domain.digests.run import CancelledNews, RunState
from service.domain.subscription import ENDED_WITH_TOPIC, EndReason, SubscriptionState
from service.domain.trials.change import Kind
from service.domain.trials.lifecycle import TrialState
from service.store.digests.digests import can_be_read, read_topics
from service.store.sql import tables as t
from service.store.sql.bulk import in_values, values_table
from service.store.sql.keys import by_ids, of_subscriber, of_subscribers, same_subscriber
from service.store.sql.rows import columns_of, fetch_all

_s, _c, _anew = t.subscription, t.cursor, t.subscription.alias()

#: The uncovered part (low, high] of the log, by subscriber and topic.
_Unreported = Mapping[tuple[int, int], tuple[int, int]]

#: Digests per set of statements.
_CHUNK = 5_000


class _Unsent(NamedTuple):
    id: int
    subscriber_id: int
    topics: str
    to_seq: int


async def roll_back_digest(connection: AsyncConnection, digest_id: int) -> None:
    """Rolls back one digest (see `roll_back_digests`)."""
    await roll_back_digests(connection, [digest_id])


async def roll_back_digests(connection: AsyncConnection, digest_ids: Iterable[int]) -> None:
    """Rolls back digests that will not be sent, so that the next digests cover the same changes.

    Those are the next digests of each topic's current frequency. Changes of a run that was cancelled with
    `never` are not sent again. Idempotent. The caller ends the digests' deliveries in the same transaction.
    """
    for ids in by_bucket(digest_ids).values():
        for start in range(0, len(ids), _CHUNK):
            digests = await _unsent(connection, ids[start : start + _CHUNK])
            if digests:
                await _put_back(connection, digests)


async def lock_people(connection: AsyncConnection, people: Collection[int]) -> None:
    """Locks people of one bucket in order: before their mails and subscriptions, as everywhere."""
    number, in_order = t.subscriber.c.id, sorted(people)
    for start in range(0, len(in_order), _CHUNK):
        chunk = by_ids(connection, t.subscriber, in_order[start : start + _CHUNK])
        await connection.execute(select(number).where(chunk).order_by(number).with_for_update(key_share=True))


async def back_from_removals(connection: AsyncConnection, digest_ids: Sequence[int]) -> dict[int, int]:
    """The subscriptions, with their readers, whose end these digests would report though the trial is back.

    The digests are of one bucket.
    """
    found: dict[int, int] = {}
    for start in range(0, len(digest_ids), _CHUNK):
        mine = by_ids(connection, t.digest, digest_ids[start : start + _CHUNK])
        rows = await fetch_all(connection, _Unsent, select(*columns_of(_Unsent, t.digest)).where(mine))
        found |= await _back(connection, [row for row in rows if can_be_read(row.topics)])
    return found


async def follow_on(connection: AsyncConnection, subscription_ids: Collection[int]) -> None:
    """Undoes the end of these subscriptions, all of one bucket."""
    again = {"state": SubscriptionState.ACTIVE, "end_reason": None, "ended_at": None, "in_planning": True}
    if subscription_ids:
        await connection.execute(update(_s).where(by_ids(connection, _s, subscription_ids)).values(**again))


async def _unsent(connection: AsyncConnection, digest_ids: Collection[int]) -> list[_Unsent]:
    """The digests whose changes are to be reported later and are not yet, without unreadable ones."""
    given_up = and_(t.run.c.state == RunState.CANCELLED, t.run.c.news == CancelledNews.NEVER)
    statement = (
        select(*columns_of(_Unsent, t.digest))
        .outerjoin(t.run, t.run.c.id == t.digest.c.run_id)
        .where(
            by_ids(connection, t.digest, digest_ids),
            ~t.digest.c.rolled_back,
            or_(t.run.c.id.is_(None), t.run.c.news.is_(None), ~given_up),
        )
    )
    return [row for row in await fetch_all(connection, _Unsent, statement) if can_be_read(row.topics)]


async def _put_back(connection: AsyncConnection, digests: Sequence[_Unsent]) -> None:
    people = {digest.subscriber_id for digest in digests}
    await lock_people(connection, people)
    theirs = of_subscribers(connection, _c, people)
    in_order = select(_c.c.seq).where(theirs).order_by(_c.c.subscriber_id, _c.c.frequency)
    await connection.execute(in_order.with_for_update())
    unreported = _unreported(digests)
    begins = await _beginnings(connection, people, unreported)
    if begins:
        rows = [{"id": number, "resume_after_seq": seq} for number, seq in begins.items()]
        begin = values_table(connection, [_s.c.id, _s.c.resume_after_seq], rows)
        again = update(_s).where(_s.c.bucket == common_bucket(people), _s.c.id == begin.c.id)
        await connection.execute(again.values(resume_after_seq=begin.c.resume_after_seq, in_planning=True))
        await follow_on(connection, await _back(connection, digests))
    await connection.execute(update(_c).where(theirs).values(behind=True))
    mine = by_ids(connection, t.digest, [digest.id for digest in digests])
    await connection.execute(update(t.digest).where(mine).values(rolled_back=True))


def _unreported(digests: Sequence[_Unsent]) -> _Unreported:
    parts: dict[tuple[int, int], tuple[int, int]] = {}
    for digest in digests:
        for topic_id, lower in read_topics(digest.topics).items():
            low, high = parts.get((digest.subscriber_id, topic_id), (lower, digest.to_seq))
            parts[digest.subscriber_id, topic_id] = min(low, lower), max(high, digest.to_seq)
    return parts


async def _beginnings(
    connection: AsyncConnection, people: Collection[int], unreported: _Unreported
) -> dict[int, int]:
    """The seq after which each active subscription is uncovered, by its id.

    Never before it became active: a subscriber who left and came back gets only later changes.
    """
    statement = select(
        _s.c.id, _s.c.subscriber_id, _s.c.topic_id, _s.c.active_seq, _s.c.resume_after_seq
    ).where(
        of_subscribers(connection, _s, people),
        in_values(connection, _s.c.topic_id, {topic_id for _, topic_id in unreported}),
        or_(
            _s.c.state == SubscriptionState.ACTIVE,
            and_(_s.c.state == SubscriptionState.ENDED, _s.c.end_reason.in_(ENDED_WITH_TOPIC)),
        ),
    )
    begins: dict[int, int] = {}
    for row in (await connection.execute(statement)).all():
        low, high = unreported.get((row.subscriber_id, row.topic_id), (0, 0))
        if high <= row.active_seq:
            continue
        begin = max(low, row.active_seq)
        begins[row.id] = begin if row.resume_after_seq is None else min(begin, row.resume_after_seq)
    return begins


async def _back(connection: AsyncConnection, digests: Sequence[_Unsent]) -> dict[int, int]:
    """The subscriptions, with their readers, that an unreported removal ended, of trials that have returned.

    Their readers follow on, as ingestion has it with removals that no digest has covered yet
    (`trial_returns.undo_endings`).
    """
    people, unreported = {digest.subscriber_id for digest in digests}, _unreported(digests)
    if not people:
        return {}
    followed_anew = exists().where(
        of_subscribers(connection, _anew, people),
        same_subscriber(_anew, _s),
        _anew.c.topic_id == _s.c.topic_id,
        _anew.c.activated_at.is_not(None),
        or_(_anew.c.id > _s.c.id, _anew.c.state == SubscriptionState.ACTIVE),
    )
    statement = (
        select(_s.c.id, _s.c.subscriber_id, _s.c.topic_id, func.max(t.change.c.seq).label("removal"))
        .join(t.trial, and_(t.trial.c.topic_id == _s.c.topic_id, t.trial.c.state == TrialState.PRESENT))
        .join(t.change, and_(t.change.c.nct_id == t.trial.c.nct_id, t.change.c.kind == Kind.REMOVED))
        .where(
            of_subscribers(connection, _s, people),
            in_values(connection, _s.c.topic_id, {topic_id for _, topic_id in unreported}),
            _s.c.state == SubscriptionState.ENDED,
            _s.c.end_reason == EndReason.REMOVED,
            ~followed_anew,
        )
        .group_by(_s.c.id, _s.c.subscriber_id, _s.c.topic_id)
    )
    back: dict[int, int] = {}
    for row in (await connection.execute(statement)).all():
        low, high = unreported.get((row.subscriber_id, row.topic_id), (0, 0))
        if low < row.removal <= high:
            back[row.id] = row.subscriber_id
    return back


async def roll_back_queued(connection: AsyncConnection, subscriber_id: int, now: datetime) -> None:
    """Cancels a subscriber's queued digests and rolls them back."""
    waiting = and_(
        of_subscriber(t.delivery, subscriber_id),
        t.delivery.c.kind == MailKind.DIGEST,
        t.delivery.c.state.in_(UNCLAIMED),
    )
    cancelled = {"state": DeliveryState.CANCELLED, "outcome": Ineligibility.PAUSED, "finished_at": now}
    statement = update(t.delivery).where(waiting).values(**cancelled).returning(t.delivery.c.digest_id)
    await roll_back_digests(connection, (await connection.execute(statement)).scalars().all())
