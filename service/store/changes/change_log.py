"""The change log: its head, its entries by topic, and appending to it.

A smaller seq never becomes visible after a larger one: who appends holds the head's lock until it commits.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.change import Kind, Level
from service.store.sql import tables as t
from service.store.sql.bulk import add_pairs, bulk_insert, in_values, values_table


async def head(connection: AsyncConnection) -> int:
    """The seq of the newest change; 0 if the log is empty."""
    return int((await connection.execute(select(t.log_head.c.seq))).scalar_one())


async def entries(
    connection: AsyncConnection, topic_ids: Collection[int], low: int, high: int
) -> Sequence[Any]:
    """The changes in (low, high] that concern the topics, in the log's order, once per topic.

    Rows of seq, nct_id, kind, level, before, after, recorded_at, corrects, topic_id.
    """
    if not topic_ids or low >= high:
        return []
    c = t.change.c
    found = await connection.execute(
        select(
            c.seq,
            c.nct_id,
            c.kind,
            c.level,
            c.before,
            c.after,
            c.recorded_at,
            c.corrects,
            t.change_topic.c.topic_id,
        )
        .join(t.change_topic, t.change_topic.c.seq == c.seq)
        .where(
            in_values(connection, t.change_topic.c.topic_id, topic_ids),
            t.change_topic.c.seq > low,
            t.change_topic.c.seq <= high,
        )
        .order_by(c.seq, t.change_topic.c.topic_id)
    )
    return found.all()


async def oldest_after(connection: AsyncConnection, seq: int) -> datetime | None:
    """When the first change after `seq` was recorded (UTC), or None."""
    later = select(func.min(t.change.c.seq)).where(t.change.c.seq > seq).scalar_subquery()
    found = await connection.execute(select(t.change.c.recorded_at).where(t.change.c.seq == later))
    return found.scalar_one_or_none()


async def earlier_news(
    connection: AsyncConnection,
    nct_ids: Collection[str],
    up_to_seq: int,
    kind: Kind = Kind.NEW_FOR_CONDITION,
) -> Sequence[Any]:
    """The announcements of this kind of the trials at or below `up_to_seq`: rows of nct_id, topic_id, seq.

    Of NOW_RECRUITING only the HIGH ones: those that say that a trial opened.

    Who follows one of those topics was told of the trial already, if the announcement passed their filters.
    """
    if not nct_ids:
        return []
    found = await connection.execute(
        select(t.change.c.nct_id, t.change_topic.c.topic_id, t.change.c.seq)
        .join(t.change_topic, t.change_topic.c.seq == t.change.c.seq)
        .where(
            in_values(connection, t.change.c.nct_id, nct_ids),
            t.change.c.kind == kind.value,
            t.change.c.level == Level.HIGH,
            t.change.c.seq <= up_to_seq,
        )
    )
    return found.all()


async def lock(connection: AsyncConnection) -> None:
    """Takes the log's exclusive write lock until the end of the transaction."""
    await connection.execute(select(t.log_head.c.seq).with_for_update())


async def append(
    connection: AsyncConnection, news: Sequence[tuple[dict[str, Any], Collection[int]]], now: datetime
) -> None:
    """Appends changes with their topics; the caller must have the lock.

    A change's row is without its seq and time; `is_correction` says that it puts right the latest change
    of its kind and trial, whose seq it then carries; `corrects` gives that seq itself. Topics learn the seq
    of their last change, and of their last one that is worth a mail.
    """
    if not news:
        return
    raised = update(t.log_head).values(seq=t.log_head.c.seq + len(news)).returning(t.log_head.c.seq)
    first = (await connection.execute(raised)).scalar_one() - len(news) + 1
    latest = await _latest(connection, [row for row, _ in news if row["is_correction"]])
    rows, pairs = [], []
    any_seq: dict[int, int] = {}
    mail_seq: dict[int, int] = {}
    for seq, (row, topic_ids) in enumerate(news, first):
        same = (row["nct_id"], row["kind"])
        corrects = row.get("corrects", latest.get(same) if row["is_correction"] else None)
        latest[same] = seq
        kept = {name: value for name, value in row.items() if name != "is_correction"}
        rows.append({**kept, "corrects": corrects, "seq": seq, "recorded_at": now})
        for topic_id in topic_ids:
            pairs.append((topic_id, seq))
            any_seq[topic_id] = seq
            if row["level"] >= Level.MEDIUM:
                mail_seq[topic_id] = seq
    await bulk_insert(connection, insert(t.change), rows)
    await add_pairs(connection, t.change_topic.c.topic_id, t.change_topic.c.seq, pairs)
    await _raise_topics(connection, any_seq, mail_seq)


async def _raise_topics(
    connection: AsyncConnection, any_seq: Mapping[int, int], mail_seq: Mapping[int, int]
) -> None:
    """Updates the topics' seq of the last change, and of the last one worth sending."""
    c = t.topic.c
    rows = [
        {"id": topic_id, "last_any_seq": seq, "last_seq": mail_seq.get(topic_id, 0)}
        for topic_id, seq in sorted(any_seq.items())
    ]
    raised = values_table(connection, (c.id, c.last_any_seq, c.last_seq), rows).c
    last_seq = case((raised.last_seq > 0, raised.last_seq), else_=c.last_seq)
    values = {c.last_any_seq: raised.last_any_seq, c.last_seq: last_seq}
    await connection.execute(update(t.topic).where(c.id == raised.id).values(values))


async def _latest(
    connection: AsyncConnection, corrections: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, str], int]:
    """The seq of the latest change of each kind of the trials that corrections are about."""
    if not corrections:
        return {}
    c = t.change.c
    found = await connection.execute(
        select(c.nct_id, c.kind, func.max(c.seq).label("seq"))
        .where(in_values(connection, c.nct_id, {row["nct_id"] for row in corrections}))
        .group_by(c.nct_id, c.kind)
    )
    return {(row.nct_id, row.kind): row.seq for row in found}


async def announcements(connection: AsyncConnection, topic_ids: Collection[int]) -> Sequence[Any]:
    """The announcements of new trials to the topics' followers: rows of nct_id, topic_id, seq, after."""
    c = t.change.c
    found = await connection.execute(
        select(c.nct_id, t.change_topic.c.topic_id, c.seq, c.after)
        .join(t.change_topic, t.change_topic.c.seq == c.seq)
        .where(
            in_values(connection, t.change_topic.c.topic_id, topic_ids),
            c.kind == Kind.NEW_FOR_CONDITION.value,
        )
        .order_by(c.seq)
    )
    return found.all()
