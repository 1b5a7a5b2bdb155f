"""Which stored conditions are one, and the topic that represents each: kept up to date with learned terms.

A condition that another one represents keeps its topic, which is joined to the other's: so any later event
that names it leads there. Followers and names move along; the change log stays as it was written.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions.abbreviations import initials
from service.domain.trials.conditions.condition import TopicKind
from service.domain.trials.conditions.matching import Term, representatives
from service.domain.trials.conditions.names import name_key
from service.store.people.joined_topics import move_followers
from service.store.sql import tables as t
from service.store.sql.bulk import in_values, values_table
from service.store.topics.topic_index import index_names

_topic, _names = t.topic.c, t.condition_name.c
_state, _xref = t.condition_state.c, t.condition_xref.c

_PREFIX = "condition:"


@dataclass(slots=True)
class _StoredCondition:
    """The stored rows of one condition, while they are read."""

    names: set[str] = field(default_factory=set)
    synonyms: set[str] = field(default_factory=set)
    folded: set[str] = field(default_factory=set)
    xrefs: set[str] = field(default_factory=set)
    known: bool = False
    replaced_by: str | None = None


async def neighbours(connection: AsyncConnection, keys: Collection[str]) -> dict[str, Term]:
    """These conditions, and all that may be the same as one of them, directly or through others."""
    terms: dict[str, Term] = {}
    seen: set[str] = set()
    waiting = set(keys) | await _joined_to(connection, keys)
    while waiting:
        seen |= waiting
        found = await _load(connection, waiting)
        terms |= {key: _term(key, condition) for key, condition in found.items()}
        waiting = await _beside(connection, waiting, found) - seen
    return terms


def _term(key: str, found: _StoredCondition) -> Term:
    """The condition as it is matched; the name of one that was replaced is but a synonym."""
    names = found.names if found.replaced_by is None else set[str]()
    synonyms = found.synonyms | (found.names - names)
    xrefs = frozenset(found.xrefs)
    return Term(key, found.known, frozenset(names), frozenset(synonyms), xrefs, found.replaced_by)


def _of(connection: AsyncConnection, keys: Iterable[str]) -> Any:
    return in_values(connection, _topic.key, [_PREFIX + key for key in keys])


async def _keys(connection: AsyncConnection, statement: Select[Any]) -> set[str]:
    return {key.removeprefix(_PREFIX) for key in (await connection.execute(statement)).scalars()}


async def _joined_to(connection: AsyncConnection, keys: Collection[str]) -> set[str]:
    ids = select(_topic.id).where(_of(connection, keys))
    return await _keys(connection, select(_topic.key).where(_topic.joined_id.in_(ids)))


async def _load(connection: AsyncConnection, keys: Collection[str]) -> dict[str, _StoredCondition]:
    """The stored rows of the conditions that have a topic.

    Names are compared by their present keys: those stored may be of an earlier version of `name_key`.
    """
    found = {
        key: _StoredCondition()
        for key in await _keys(connection, select(_topic.key).where(_of(connection, keys)))
    }
    named = (
        select(_topic.key, _names.name, _names.folded, _names.preferred)
        .join(t.condition_name, _names.topic_id == _topic.id)
        .where(_of(connection, keys), _names.name_key.is_not(None))
    )
    for row in await connection.execute(named):
        one = found[row.key.removeprefix(_PREFIX)]
        one.folded.add(row.folded)
        if key := name_key(row.name):
            (one.names if row.preferred else one.synonyms).add(key)
    statement = select(_state.key, _state.replaced_by).where(in_values(connection, _state.key, found))
    for key, replaced_by in (await connection.execute(statement)).all():
        found[key].known, found[key].replaced_by = True, replaced_by
    xrefs = select(_xref.key, _xref.xref).where(in_values(connection, _xref.key, found))
    for key, xref in (await connection.execute(xrefs)).all():
        found[key].xrefs.add(xref)
    return found


async def _beside(
    connection: AsyncConnection, keys: Collection[str], found: Mapping[str, _StoredCondition]
) -> set[str]:
    """The keys that a name, a cross-reference or a replacement connects to these.

    The same name in letters connects too: its stored key may be of an earlier version.
    """
    names = set[str]().union(*(condition.names | condition.synonyms for condition in found.values()))
    folded = set[str]().union(*(condition.folded for condition in found.values()))
    ids = {*keys}.union(*(condition.xrefs for condition in found.values()))
    beside = ids | {condition.replaced_by for condition in found.values() if condition.replaced_by}
    same_name = (
        select(_topic.key)
        .join(t.condition_name, _names.topic_id == _topic.id)
        .where(
            or_(
                in_values(connection, _names.name_key, names),
                and_(_names.name_key.is_not(None), in_values(connection, _names.folded, folded)),
            )
        )
    )
    beside |= await _keys(connection, same_name)
    beside |= await _keys(connection, select(_xref.key).where(in_values(connection, _xref.xref, ids)))
    replaced = select(_state.key).where(in_values(connection, _state.replaced_by, keys))
    return beside | await _keys(connection, replaced)


async def join(connection: AsyncConnection, keys: Collection[str], now: datetime) -> dict[str, str | None]:
    """Joins each topic to the one that now represents it, with its followers and names. Idempotent.

    `keys` are the conditions that changed, and their neighbours before. Returns the conditions whose
    representative changed, with its key: None for a condition that represents itself again.
    """
    represented_by = representatives(await neighbours(connection, keys))
    rows = (
        await connection.execute(
            select(_topic.id, _topic.key, _topic.joined_id).where(_of(connection, represented_by))
        )
    ).all()
    ids = {row.key.removeprefix(_PREFIX): row.id for row in rows}
    touched = {ids[represented_by[key]] for key in keys if key in ids}
    changed: dict[str, str | None] = {}
    joined = []
    for row in rows:
        key = row.key.removeprefix(_PREFIX)
        wanted = None if represented_by[key] == key else ids[represented_by[key]]
        if wanted == row.joined_id:
            continue
        changed[key] = None if wanted is None else represented_by[key]
        touched |= {topic_id for topic_id in (wanted, row.id, row.joined_id) if topic_id is not None}
        joined.append((row.id, row.joined_id, wanted))
    await _set_joined(connection, [(topic_id, wanted) for topic_id, _, wanted in joined])
    moves = {topic_id: wanted for topic_id, before, wanted in joined if before is None and wanted is not None}
    await move_followers(connection, moves, now)
    await _index(connection, touched)
    return changed


async def _set_joined(connection: AsyncConnection, joined: Collection[tuple[int, int | None]]) -> None:
    if not joined:
        return
    rows = [{"id": topic_id, "joined_id": wanted} for topic_id, wanted in joined if wanted is not None]
    alone = in_values(connection, _topic.id, [topic_id for topic_id, wanted in joined if wanted is None])
    await connection.execute(update(t.topic).where(alone).values(joined_id=None))
    if rows:
        given = values_table(connection, (_topic.id, _topic.joined_id), rows).c
        await connection.execute(
            update(t.topic).where(_topic.id == given.id).values(joined_id=given.joined_id)
        )


async def _index(connection: AsyncConnection, topic_ids: Collection[int]) -> None:
    """Makes topics findable by their names and those of the topics joined to them; joined ones by nothing."""
    if not topic_ids:
        return
    named = (
        select(_topic.id, _topic.joined_id, _names.name, _names.preferred)
        .join(t.condition_name, _names.topic_id == _topic.id)
        .where(
            or_(
                in_values(connection, _topic.id, topic_ids),
                in_values(connection, _topic.joined_id, topic_ids),
            )
        )
    )
    texts: dict[int, list[str]] = {topic_id: [] for topic_id in topic_ids}
    for row in await connection.execute(named):
        representative = row.joined_id or row.id
        if representative in texts:
            texts[representative] += [row.name, initials(row.name)] if row.preferred else [row.name]
    await index_names(connection, TopicKind.CONDITION, texts)
