"""The amount and the content of a run's news: for the decision to hold it, and for the operator."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS, by_bucket
from service.domain.digests.run_size import TopicNews, count_news
from service.store.digests.due import changed_topics, covered_after
from service.store.digests.planning import mails_of
from service.store.sql import tables as t
from service.store.sql.bulk import in_values
from service.store.sql.keys import of_subscribers, same_subscriber
from service.store.sql.rows import columns_of, fetch_all

_s, _c, _of, _event = t.subscription.c, t.cursor.c, t.change_topic.c, t.event.c

#: A topic with fewer changes is not checked: most runs have none with more.
NOTABLE = 20


class Cause(NamedTuple):
    """The events of one source behind a run's news: how many, when, and the numbers of the first and last."""

    source: str
    type: str
    events: int
    first_event: int
    last_event: int
    first_received: datetime
    last_received: datetime


class SampleDigest(NamedTuple):
    """A digest of a run, with its reader's language and the start of the run's period."""

    id: int
    subscriber_id: int
    topics: str
    from_seq: int
    to_seq: int
    catches_up: bool
    locale: str
    period_start_seq: int


async def notable_news(
    connection: AsyncConnection, frequency: str, people: Collection[int], *, floor: int, to_seq: int
) -> list[TopicNews]:
    """The news in (floor, to_seq] of the topics with many changes, for those of `people` who follow them."""
    hot = await changed_topics(connection, floor)
    if not hot:
        return []
    within = (_of.seq > floor) & (_of.seq <= to_seq)
    counted = (
        select(_of.topic_id)
        .where(in_values(connection, _of.topic_id, hot), within)
        .group_by(_of.topic_id)
        .having(func.count() > NOTABLE)
    )
    notable = list((await connection.execute(counted)).scalars())
    found: list[TopicNews] = []
    for topic_id, by_lower in (await _followers(connection, frequency, people, notable)).items():
        key = (await connection.execute(select(t.topic.c.key).where(t.topic.c.id == topic_id))).scalar_one()
        entries = (
            select(_of.seq, t.change.c.nct_id)
            .join(t.change, t.change.c.seq == _of.seq)
            .where(_of.topic_id == topic_id, within)
            .order_by(_of.seq)
        )
        rows = [(seq, nct_id) for seq, nct_id in await connection.execute(entries)]
        found += count_news(key, rows, by_lower)
    return found


async def _followers(
    connection: AsyncConnection, frequency: str, people: Collection[int], topic_ids: Collection[int]
) -> dict[int, dict[int, int]]:
    """The number of `people` who follow each topic, by the seq after which its changes are new to them."""
    if not topic_ids:
        return {}
    lower = covered_after().label("lower")
    found: dict[int, dict[int, int]] = {}
    for ids in by_bucket(people).values():
        statement = (
            select(_s.topic_id, lower, func.count())
            .join(t.cursor, same_subscriber(t.cursor, t.subscription) & (_c.frequency == _s.frequency))
            .where(
                of_subscribers(connection, t.subscription, ids),
                in_values(connection, _s.topic_id, topic_ids),
                _s.frequency == frequency,
                _s.in_planning,
            )
            .group_by(_s.topic_id, lower)
        )
        for topic_id, seq, number in await connection.execute(statement):
            of_topic = found.setdefault(topic_id, {})
            of_topic[seq] = of_topic.get(seq, 0) + number
    return found


async def sample(connection: AsyncConnection, run_id: int, limit: int) -> list[SampleDigest]:
    """Some digests of a run, with their readers' languages; nothing that names the readers."""
    d = t.digest.c
    columns = columns_of(SampleDigest, t.digest)
    mails, found = t.delivery.c, list[SampleDigest]()
    for bucket in BUCKETS:
        if len(found) == limit:
            break
        statement = (
            select(*columns, t.subscriber.c.locale, t.run.c.period_start_seq)
            .select_from(t.delivery)
            .join(t.digest, (d.bucket == mails.bucket) & (d.id == mails.digest_id))
            .join(t.subscriber, same_subscriber(t.digest, t.subscriber))
            .join(t.run, t.run.c.id == mails.run_id)
            .where(mails_of(run_id, bucket))
            .order_by(mails.id)
            .limit(limit - len(found))
        )
        found += await fetch_all(connection, SampleDigest, statement)
    return found


async def trials_by_topic(
    connection: AsyncConnection, topic_ids: Collection[int], low: int, high: int, limit: int
) -> list[tuple[str, str | None, int]]:
    """The topics with most trials that have news in (low, high]: key, name, trials."""
    trials = func.count(t.change.c.nct_id.distinct())
    statement = (
        select(t.topic.c.key, t.topic.c.name, trials)
        .join(t.change_topic, _of.topic_id == t.topic.c.id)
        .join(t.change, t.change.c.seq == _of.seq)
        .where(in_values(connection, t.topic.c.id, topic_ids), _of.seq > low, _of.seq <= high)
        .group_by(t.topic.c.key, t.topic.c.name)
        .order_by(trials.desc(), t.topic.c.key)
        .limit(limit)
    )
    return [(key, name, number) for key, name, number in await connection.execute(statement)]


async def causes(
    connection: AsyncConnection, topic_ids: Collection[int], low: int, high: int, limit: int
) -> list[Cause]:
    """The sources of the events behind the news of these topics in (low, high]."""
    concerned = (
        select(t.change.c.event_id)
        .join(t.change_topic, _of.seq == t.change.c.seq)
        .where(in_values(connection, _of.topic_id, topic_ids), _of.seq > low, _of.seq <= high)
    )
    times = (func.min(_event.received_at), func.max(_event.received_at))
    statement = (
        select(_event.source, _event.type, func.count(), func.min(_event.id), func.max(_event.id), *times)
        .where(_event.id.in_(concerned))
        .group_by(_event.source, _event.type)
        .order_by(func.count().desc())
        .limit(limit)
    )
    return [Cause(*row) for row in await connection.execute(statement)]


async def bodies(connection: AsyncConnection, event_ids: Collection[int]) -> list[str]:
    """The bodies of events, as far as they are kept."""
    found = select(_event.body).where(in_values(connection, _event.id, event_ids), _event.body.is_not(None))
    return [body for body in (await connection.execute(found)).scalars() if body is not None]
