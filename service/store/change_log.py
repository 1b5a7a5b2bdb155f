"""The change log: its head, its entries by topic, and appending to it.

A smaller seq never becomes visible after a larger one: a writer holds the head's lock until it commits.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.change import Kind, Level
from service.domain.trials.news.announcements import ANNOUNCEMENTS
from service.store.sql import tables as t
from service.store.sql.built_once import built_once, in_parameter, texts_given
from service.store.sql.bulk import add_pairs, bulk_insert, in_values, values_table
from service.store.sql.columns import greater_of
from service.store.sql.rows import columns_of, fetch_all


class TopicEntry(NamedTuple):
    """A change of the log, for one of the topics that it concerns.

    `before` and `after` are JSON values. The others are explained in `domain.digests.log_entries.LogEntry`.
    """

    seq: int
    nct_id: str
    kind: str
    level: int
    before: Any
    after: Any
    recorded_at: datetime
    corrects: int | None
    revision: int | None
    notified_seq: int | None
    due_seq: int | None
    replaced_seq: int | None
    topic_id: int


class StandingChange(NamedTuple):
    """A change of the log that holds, and a topic that it concerns; `joined_id`: the topic that represents
    that one."""

    nct_id: str
    seq: int
    revision: int
    kind: str
    level: int
    before: Any
    after: Any
    event_id: int | None
    corrects: int | None
    notified_seq: int | None
    due_seq: int | None
    topic_id: int
    joined_id: int | None


class EarlierNews(NamedTuple):
    """An announcement of a trial to a topic's followers; from `replaced_seq` on it no longer holds."""

    nct_id: str
    topic_id: int
    seq: int
    replaced_seq: int | None
    kind: str


async def head(connection: AsyncConnection) -> int:
    """The seq of the newest change; 0 if the log is empty."""
    return int((await connection.execute(select(t.log_head.c.seq))).scalar_one())


async def entries(
    connection: AsyncConnection, topic_ids: Collection[int], low: int, high: int
) -> list[TopicEntry]:
    """The changes in (low, high] that concern the topics, in the log's order, once per topic."""
    if not topic_ids or low >= high:
        return []
    seq = t.change_topic.c.seq
    within = _entries(connection, topic_ids).where(seq > low, seq <= high)
    return await fetch_all(connection, TopicEntry, within)


async def entries_before(
    connection: AsyncConnection, topic_ids: Collection[int], nct_ids: Collection[str], low: int
) -> list[TopicEntry]:
    """The changes of these trials up to `low` that concern the topics, as `entries` gives them."""
    if not topic_ids or not nct_ids:
        return []
    wanted = _entries(connection, topic_ids).where(
        t.change_topic.c.seq <= low, in_values(connection, t.change.c.nct_id, nct_ids)
    )
    return await fetch_all(connection, TopicEntry, wanted)


def _entries(connection: AsyncConnection, topic_ids: Collection[int]) -> Any:
    seq, topic_id = t.change_topic.c.seq, t.change_topic.c.topic_id
    return (
        select(*columns_of(TopicEntry, t.change), topic_id)
        .join(t.change_topic, seq == t.change.c.seq)
        .where(in_values(connection, topic_id, topic_ids))
        .order_by(t.change.c.seq, topic_id)
    )


async def oldest_after(connection: AsyncConnection, seq: int) -> datetime | None:
    """The time at which the first change after `seq` was recorded (UTC), or None."""
    later = select(func.min(t.change.c.seq)).where(t.change.c.seq > seq).scalar_subquery()
    found = await connection.execute(select(t.change.c.recorded_at).where(t.change.c.seq == later))
    return found.scalar_one_or_none()


async def earlier_news(
    connection: AsyncConnection,
    nct_ids: Collection[str],
    up_to_seq: int,
    kinds: Collection[Kind] = (Kind.NEW_FOR_CONDITION,),
) -> list[EarlierNews]:
    """The announcements of these kinds of the trials at or below `up_to_seq`.

    Of NOW_RECRUITING only the HIGH ones: those that say that a trial opened.

    Followers of one of those topics know the trial already, if the announcement passed their filters.
    """
    if not nct_ids:
        return []
    given = {"nct_ids": texts_given(connection, nct_ids), "up_to": up_to_seq}
    given |= {"kinds": texts_given(connection, [kind.value for kind in kinds])}
    return await fetch_all(connection, EarlierNews, _earlier_news(connection), given)


@built_once
def _earlier_news(connection: AsyncConnection) -> Any:
    c = t.change.c
    return (
        select(c.nct_id, t.change_topic.c.topic_id, c.seq, c.replaced_seq, c.kind)
        .join(t.change_topic, t.change_topic.c.seq == c.seq)
        .where(in_parameter(connection, c.nct_id, "nct_ids"), in_parameter(connection, c.kind, "kinds"))
        .where(c.level == Level.HIGH, c.seq <= bindparam("up_to"))
    )


async def lock(connection: AsyncConnection) -> int:
    """Takes the log's exclusive write lock until the end of the transaction; returns the newest seq."""
    return int((await connection.execute(select(t.log_head.c.seq).with_for_update())).scalar_one())


#: A change that no revision brought has its place where it is appended.
_UNPLACED = {"revision": None, "notified_seq": None, "due_seq": None}


async def append(
    connection: AsyncConnection, news: Sequence[tuple[dict[str, Any], Collection[int]]], now: datetime
) -> None:
    """Appends changes with their topics; the caller must have the lock.

    A change's row is without its seq and time; `is_correction` says that it corrects the previous change of
    its kind and trial, whose seq it then carries. Stores with each topic the seq of its last change, and of
    its last one that is worth a mail. For a change that others were sent before, that is `notified_seq`:
    subscribers whose digests have covered it need no further one.
    """
    if not news:
        return
    raised = update(t.log_head).values(seq=t.log_head.c.seq + len(news)).returning(t.log_head.c.seq)
    first = (await connection.execute(raised)).scalar_one() - len(news) + 1
    earlier = await _earlier(connection, [row for row, _ in news if row["is_correction"]])
    rows, pairs = [], []
    any_seq: dict[int, int] = {}
    mail_seq: dict[int, int] = {}
    for seq, (given, topic_ids) in enumerate(news, first):
        row = _UNPLACED | given
        same = earlier.setdefault((row["nct_id"], row["kind"]), [])
        corrects = _corrected(same, row["revision"]) if row["is_correction"] else None
        same.append((row["revision"] or 0, row["due_seq"] or seq))
        kept = {name: value for name, value in row.items() if name != "is_correction"}
        rows.append({**kept, "corrects": corrects, "seq": seq, "recorded_at": now})
        mark = row["notified_seq"] or seq
        for topic_id in topic_ids:
            pairs.append((topic_id, seq))
            any_seq[topic_id] = max(mark, any_seq.get(topic_id, 0))
            if row["level"] >= Level.MEDIUM:
                mail_seq[topic_id] = max(mark, mail_seq.get(topic_id, 0))
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
    values = {
        c.last_any_seq: greater_of(c.last_any_seq, raised.last_any_seq),
        c.last_seq: greater_of(c.last_seq, raised.last_seq),
    }
    await connection.execute(update(t.topic).where(c.id == raised.id).values(values))


async def _earlier(
    connection: AsyncConnection, corrections: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """The changes of each kind of the trials that corrections are about, each as its revision and seq."""
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    if corrections:
        c = t.change.c
        wanted = select(c.nct_id, c.kind, c.revision, func.coalesce(c.due_seq, c.seq).label("seq")).where(
            in_values(connection, c.nct_id, {row["nct_id"] for row in corrections}),
            c.replaced_seq.is_(None),
        )
        for row in await connection.execute(wanted):
            found.setdefault((row.nct_id, row.kind), []).append((row.revision or 0, row.seq))
    return found


def _corrected(same: Sequence[tuple[int, int]], revision: int | None) -> int | None:
    """The seq of the change that one of this revision puts right: the last before it, if there is any."""
    before = [change for change in same if revision is None or change[0] < revision]
    return max(before)[1] if before else None


async def of_trials(connection: AsyncConnection, nct_ids: Collection[str]) -> list[StandingChange]:
    """The changes of trials that hold, in the log's order, once per topic."""
    c, link, topic = t.change.c, t.change_topic.c, t.topic.c
    wanted = (
        select(*columns_of(StandingChange, t.change), link.topic_id, topic.joined_id)
        .join(t.change_topic, link.seq == c.seq)
        .join(t.topic, topic.id == link.topic_id)
        .where(in_values(connection, c.nct_id, nct_ids), c.replaced_seq.is_(None), c.revision.is_not(None))
    )
    return await fetch_all(connection, StandingChange, wanted.order_by(c.seq, link.topic_id))


async def replace(connection: AsyncConnection, seqs: Collection[int]) -> None:
    """Marks changes as no longer holding, from the next seq on; the caller must have the lock.

    That seq is used up, so that digests planned before and after it can be distinguished.
    """
    if not seqs:
        return
    raised = update(t.log_head).values(seq=t.log_head.c.seq + 1).returning(t.log_head.c.seq)
    seq = (await connection.execute(raised)).scalar_one()
    gone = in_values(connection, t.change.c.seq, seqs)
    await connection.execute(update(t.change).where(gone).values(replaced_seq=seq))


async def announcements(connection: AsyncConnection, topic_ids: Collection[int]) -> list[TopicEntry]:
    """The announcements of trials to the topics' followers that still hold, in the order of the log."""
    c = t.change.c
    announced = (
        select(*columns_of(TopicEntry, t.change), t.change_topic.c.topic_id)
        .join(t.change_topic, t.change_topic.c.seq == c.seq)
        .where(
            in_values(connection, t.change_topic.c.topic_id, topic_ids),
            c.kind.in_([kind.value for kind in ANNOUNCEMENTS]),
            c.replaced_seq.is_(None),
        )
        .order_by(c.seq)
    )
    return await fetch_all(connection, TopicEntry, announced)


async def announced_trials(connection: AsyncConnection, topic_ids: Collection[int]) -> Select[Any]:
    """Selects the trials of which a kept revision was announced to the topics' followers, if it holds.

    The topics' entries are read first: PostgreSQL expects none to hold, and would begin with the whole log.
    """
    link = t.change_topic.c
    entries = select(link.seq).where(in_values(connection, link.topic_id, topic_ids)).distinct()
    seqs = await connection.scalars(entries)
    return _announced(ANNOUNCEMENTS).where(in_values(connection, t.change.c.seq, seqs.all()))


def known_and_announced_as_new(connection: AsyncConnection, topic_ids: Collection[int]) -> Select[Any]:
    """Selects those of which a kept revision was announced as new, though older ones were known."""
    c, trial, other = t.change.c, t.trial.c, t.trial_revision.alias()
    older = exists().where(other.c.nct_id == c.nct_id, other.c.revision < c.revision)
    folded = exists().where(trial.nct_id == c.nct_id, trial.folded_revision.is_not(None))
    announced, link = _announced((Kind.NEW_FOR_CONDITION,)), t.change_topic.c
    concerned = announced.join(t.change_topic, link.seq == c.seq)
    return concerned.where(in_values(connection, link.topic_id, topic_ids), older | folded)


def _announced(kinds: Collection[Kind]) -> Select[Any]:
    c, kept = t.change.c, t.trial_revision.c
    return (
        select(c.nct_id)
        .distinct()
        .join(t.trial_revision, (kept.nct_id == c.nct_id) & (kept.revision == c.revision))
        .where(c.kind.in_([kind.value for kind in kinds]), c.replaced_seq.is_(None))
    )
