"""Topics: looked up by key, id or name; created when first mentioned."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions import TopicKind
from service.store.sql import tables as t
from service.store.sql.bulk import insert


@dataclass(frozen=True, slots=True)
class Topic:
    """A trial or condition that can be followed. `name` is None until the ingestor told of it."""

    id: int
    key: str
    kind: str
    name: str | None
    followable: bool = True


def folded(name: str) -> str:
    """What spellings of one name share: no letter case, single spaces, composed Unicode (NFC)."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).split())


_COLUMNS = (t.topic.c.id, t.topic.c.key, t.topic.c.kind, t.topic.c.name, t.topic.c.followable)


def _read(row: Any) -> Topic:
    return Topic(row.id, row.key, row.kind, row.name, row.followable)


async def find_condition(connection: AsyncConnection, name: str, slug: str = "") -> Topic | None:
    """The condition known by an id (`MONDO:0004967`), by any of its names in any case, or by a slug.

    An id wins over a name, a condition's own name over another's synonym, and names over slugs.
    """
    key = "condition:" + name
    names = t.condition_name
    by_name = select(names.c.topic_id).where(names.c.folded == folded(name))
    preferred = select(names.c.topic_id).where(names.c.folded == folded(name), names.c.preferred)
    found: list[Any] = [t.topic.c.key.in_({key, key.replace(name, name.upper())}), t.topic.c.id.in_(by_name)]
    if slug:
        found.append(t.topic.c.slug == slug)
        found.append(t.topic.c.key == "condition:" + slug)
    rank = case(
        (t.topic.c.key == key, 0), (found[0], 1), (t.topic.c.id.in_(preferred), 2), (found[1], 3), else_=4
    )
    statement = (
        select(*_COLUMNS)
        .where(t.topic.c.kind == TopicKind.CONDITION, or_(*found))
        .order_by(rank, t.topic.c.id)
    )
    row = (await connection.execute(statement.limit(1))).first()
    return _read(row) if row else None


async def ensure_topics(connection: AsyncConnection, keys: Iterable[str]) -> dict[str, int]:
    """The ids of topics by key (`trial:…`, `condition:…`); those that aren't there are made, nameless."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    ids = await ids_of(connection, wanted)
    missing = [{"key": key, "kind": key.partition(":")[0]} for key in wanted if key not in ids]
    if missing:
        rows = [{**row, "followable": True, "last_seq": 0, "last_any_seq": 0} for row in missing]
        await connection.execute(insert(connection, t.topic).on_conflict_do_nothing(), rows)
        ids |= await ids_of(connection, [row["key"] for row in missing])
    return ids


async def ids_of(connection: AsyncConnection, keys: Sequence[str]) -> dict[str, int]:
    """The ids of the topics among `keys` that are known."""
    rows = await connection.execute(select(t.topic.c.key, t.topic.c.id).where(t.topic.c.key.in_(keys)))
    return {row.key: row.id for row in rows}


async def by_keys(connection: AsyncConnection, keys: Iterable[str]) -> dict[str, Topic]:
    """The topics among `keys` that are known."""
    rows = await connection.execute(select(*_COLUMNS).where(t.topic.c.key.in_(sorted(set(keys)))))
    return {row.key: _read(row) for row in rows}
