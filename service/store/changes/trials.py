"""Trials: the newest accepted snapshot of each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions.condition import TopicKind, trial_topic
from service.domain.trials.lifecycle import TrialState, chain_of_mergers
from service.store.sql import tables as t
from service.store.sql.bulk import bulk_insert, in_values, insert
from service.store.sql.rows import columns_of, fetch_all
from service.store.topics.topic_index import index_names

_NEWEST = (
    "revision",
    "state",
    "digest",
    "snapshot",
    "snapshot_revision",
    "merged_into",
    "remembered",
    "updated_at",
)


async def snapshots(connection: AsyncConnection, nct_ids: Collection[str]) -> dict[str, str]:
    """The stored snapshots of the trials as JSON text; unknown trials are absent."""
    if not nct_ids:
        return {}
    found = await connection.execute(
        select(t.trial.c.nct_id, t.trial.c.snapshot).where(
            in_values(connection, t.trial.c.nct_id, nct_ids), t.trial.c.snapshot.is_not(None)
        )
    )
    return {row.nct_id: row.snapshot for row in found}


class StoredTrial(NamedTuple):
    """A trial as stored; `snapshot` and `remembered` (its last known values) are JSON texts."""

    nct_id: str
    revision: int
    state: str
    digest: str
    snapshot: str | None
    snapshot_revision: int | None
    merged_into: str | None
    remembered: str | None
    folded_revision: int | None


async def load(connection: AsyncConnection, nct_ids: Collection[str]) -> list[StoredTrial]:
    """The trials among these that are known."""
    wanted = select(*columns_of(StoredTrial, t.trial)).where(in_values(connection, t.trial.c.nct_id, nct_ids))
    return await fetch_all(connection, StoredTrial, wanted)


async def merged_into(connection: AsyncConnection, nct_id: str) -> tuple[str | None, int]:
    """The trial that a trial was merged into, or None, and by which revision."""
    c = t.trial.c
    found = await connection.execute(
        select(c.merged_into, c.revision).where(c.nct_id == nct_id, c.state == TrialState.MERGED)
    )
    row = found.first()
    return (row.merged_into, row.revision) if row else (None, 0)


async def mergers_from(connection: AsyncConnection, nct_id: str) -> list[str]:
    """The trials that a trial was merged into, one after the other."""
    found = [nct_id]
    while (into := (await merged_into(connection, found[-1]))[0]) is not None and into not in found:
        found.append(into)
    return found[1:]


async def remove(connection: AsyncConnection, nct_ids: Collection[str]) -> None:
    """Deletes trials of which no revision is left."""
    await connection.execute(delete(t.trial).where(in_values(connection, t.trial.c.nct_id, nct_ids)))


async def gone(connection: AsyncConnection, nct_ids: Collection[str]) -> dict[str, str | None]:
    """The trials that are gone: the one that each goes on as, or None if it was removed. A number without a
    record, or with that of a removed trial, goes on as the trial that names it as an older one."""
    c, topic, standing = t.trial.c, t.topic.alias(), t.topic.alias()
    statement = select(c.nct_id, c.merged_into).where(
        in_values(connection, c.nct_id, nct_ids), c.state != TrialState.PRESENT
    )
    found = {row.nct_id: row.merged_into for row in await connection.execute(statement)}
    older = {trial_topic(number): number for number in nct_ids if found.get(number) is None}
    led = (
        select(topic.c.key, standing.c.key.label("standing"))
        .join(standing, standing.c.id == topic.c.joined_id)
        .where(in_values(connection, topic.c.key, older))
    )
    trials = {row.key: row.standing for row in await connection.execute(led)}
    return found | {older[key]: other.removeprefix(f"{TopicKind.TRIAL}:") for key, other in trials.items()}


async def ends_of_mergers(connection: AsyncConnection, nct_ids: Collection[str]) -> dict[str, str | None]:
    """The trial at the end of the chain of mergers that begins at each of these; None if that was removed."""
    into: dict[str, str] = {}
    removed: set[str] = set()
    waiting, seen = set(nct_ids), set[str]()
    while waiting:
        seen |= waiting
        found = await gone(connection, waiting)
        removed |= {nct_id for nct_id, target in found.items() if target is None}
        into |= {nct_id: target for nct_id, target in found.items() if target is not None}
        waiting = set(into.values()) - seen
    ends = {nct_id: chain_of_mergers(nct_id, into)[-1] for nct_id in nct_ids}
    return {nct_id: None if end in removed else end for nct_id, end in ends.items()}


async def merged(connection: AsyncConnection) -> dict[str, int]:
    """All trials that were merged into others, each with its topic."""
    c = t.trial.c
    statement = select(c.nct_id, c.topic_id).where(c.merged_into.is_not(None))
    return {row.nct_id: row.topic_id for row in await connection.execute(statement)}


async def upsert(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Stores the trials' newest states; each row has its topic_id."""
    statement = insert(connection, t.trial)
    newest = {name: statement.excluded[name] for name in _NEWEST}
    newer = statement.on_conflict_do_update(index_elements=["nct_id"], set_=newest)
    await bulk_insert(connection, newer, [{**row, "updated_at": now} for row in rows])


async def upsert_topics(connection: AsyncConnection, titles: Mapping[str, str | None]) -> dict[str, int]:
    """The topic ids of the trials by NCT id; creates missing topics, and sets titles if given."""
    known = await _topics(connection, titles)
    renamed = {
        nct_id
        for nct_id, title in titles.items()
        if nct_id not in known or title not in (None, known[nct_id].name)
    }
    rows = [
        {"key": f"trial:{nct_id}", "kind": TopicKind.TRIAL, "name": titles[nct_id], "followable": True}
        | {"last_seq": 0, "last_any_seq": 0}
        for nct_id in sorted(renamed)
    ]
    if rows:
        statement = insert(connection, t.topic)
        upsert = statement.on_conflict_do_update(
            index_elements=["key"],
            set_={"name": statement.excluded.name},
            where=statement.excluded.name.is_not(None),
        )
        await bulk_insert(connection, upsert, rows)
        known = await _topics(connection, titles)
        texts = {
            known[nct_id].id: [title, nct_id]
            for nct_id, title in titles.items()
            if title and nct_id in renamed
        }
        await index_names(connection, TopicKind.TRIAL, texts)
    return {nct_id: topic.id for nct_id, topic in known.items()}


class _TrialTopic(NamedTuple):
    key: str
    id: int
    name: str | None


async def _topics(connection: AsyncConnection, nct_ids: Collection[str]) -> dict[str, _TrialTopic]:
    """The topics of the trials that have one."""
    c = t.topic.c
    keys = [f"trial:{nct_id}" for nct_id in nct_ids]
    found = select(c.key, c.id, c.name).where(in_values(connection, c.key, keys))
    return {
        topic.key.removeprefix("trial:"): topic for topic in await fetch_all(connection, _TrialTopic, found)
    }
