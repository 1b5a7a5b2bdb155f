"""Conditions: their topics, names and hierarchy; a condition covers all its descendants."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.domain.trials.conditions.condition import TopicKind
from service.domain.trials.conditions.names import abbreviations, name_key
from service.store.sql import tables as t
from service.store.sql.bulk import add_pairs, in_values, insert
from service.store.topics.topics import folded

_topic, _representative = t.topic.c, t.topic.alias()


async def topics(connection: AsyncConnection, keys: Collection[str]) -> dict[str, tuple[int, bool]]:
    """The representing topic of each condition that has one: its id, and whether it can be followed."""
    found = await connection.execute(
        select(
            _topic.key,
            func.coalesce(_representative.c.id, _topic.id).label("id"),
            func.coalesce(_representative.c.followable, _topic.followable).label("followable"),
        )
        .select_from(t.topic.outerjoin(_representative, _representative.c.id == _topic.joined_id))
        .where(in_values(connection, _topic.key, ["condition:" + key for key in keys]))
    )
    return {row.key.removeprefix("condition:"): (row.id, bool(row.followable)) for row in found}


async def notified_topics(connection: AsyncConnection, keys: Collection[str]) -> dict[str, int]:
    """The representing topic of each condition whose followers are notified: of one that is too broad to
    follow only if somebody follows it, since before it was."""
    found = await topics(connection, keys)
    broad = {topic_id for topic_id, is_followable in found.values() if not is_followable}
    left_out = await _without_subscriptions(connection, broad, t.subscription.c.in_planning)
    return {key: topic_id for key, (topic_id, _) in found.items() if topic_id not in left_out}


async def representatives(connection: AsyncConnection, keys: Collection[str] | None = None) -> dict[str, str]:
    """The key of the representing condition of each of `keys` (None: all) that does not represent itself."""
    joined = select(_topic.key, _representative.c.key.label("representative_key")).join(
        _representative, _representative.c.id == _topic.joined_id
    )
    if keys is not None:
        joined = joined.where(in_values(connection, _topic.key, ["condition:" + key for key in keys]))
    found = await connection.execute(joined)
    return {
        row.key.removeprefix("condition:"): row.representative_key.removeprefix("condition:") for row in found
    }


async def members(connection: AsyncConnection, keys: Collection[str]) -> dict[int, str]:
    """The topics of these conditions and those joined to them, each with the condition that represents it."""
    topic_ids = {topic_id: key for key, (topic_id, _) in (await topics(connection, keys)).items()}
    joined = select(_topic.id, _topic.joined_id).where(in_values(connection, _topic.joined_id, topic_ids))
    rows = (await connection.execute(joined)).all()
    return topic_ids | {row.id: topic_ids[row.joined_id] for row in rows}


async def without_followers(connection: AsyncConnection, keys: Collection[str]) -> dict[str, tuple[int, str]]:
    """Conditions among `keys` that others represent and nobody ever followed: own and representing topic."""
    joined = (
        await connection.execute(
            select(_topic.key, _topic.id, _representative.c.key.label("representative_key"))
            .join(_representative, _representative.c.id == _topic.joined_id)
            .where(in_values(connection, _topic.key, ["condition:" + key for key in keys]))
        )
    ).all()
    left = await _without_subscriptions(connection, {row.id for row in joined})
    return {
        row.key.removeprefix("condition:"): (row.id, row.representative_key.removeprefix("condition:"))
        for row in joined
        if row.id in left
    }


async def _without_subscriptions(
    connection: AsyncConnection, topic_ids: Collection[int], *where: ColumnElement[bool]
) -> set[int]:
    """The topics among these without a subscription (`where`: of a kind)."""
    c, left = t.subscription.c, set(topic_ids)
    for bucket in BUCKETS:
        if not left:
            break
        of_topics = and_(c.bucket == bucket, in_values(connection, c.topic_id, left), *where)
        left -= set((await connection.execute(select(c.topic_id).where(of_topics).distinct())).scalars())
    return left


async def mention(connection: AsyncConnection, conditions: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Creates topics for conditions mentioned only by trials; by key: name, slug, followable.

    Returns those that are new: whether they are the same as others is the caller's to find out.
    """
    known = await topics(connection, conditions)
    new = {key: conditions[key] for key in sorted(conditions) if key not in known}
    if new:
        await _upsert_topics(connection, new, update=False)
        await _replace_names(connection, new, mentioned=True)
    return list(new)


async def upsert(connection: AsyncConnection, conditions: Mapping[str, Mapping[str, Any]]) -> None:
    """Stores the conditions of events: topic, names, parents, cross-references.

    Which of them are one, and the closure, are the caller's.
    """
    await _upsert_topics(connection, conditions, update=True)
    await _replace_names(connection, conditions, mentioned=False)
    pairs = t.condition_parent.c
    await _replace_pairs(connection, pairs.child, pairs.parent, _pairs(conditions, "parents"), conditions)
    xrefs = t.condition_xref.c
    await _replace_pairs(connection, xrefs.key, xrefs.xref, _pairs(conditions, "xrefs"), conditions)


def _pairs(conditions: Mapping[str, Mapping[str, Any]], field: str) -> list[tuple[str, str]]:
    return sorted(
        {(key, other) for key, condition in conditions.items() for other in condition.get(field, ())}
    )


async def _replace_pairs(
    connection: AsyncConnection,
    first: Any,
    second: Any,
    pairs: Collection[tuple[str, str]],
    keys: Collection[str],
) -> None:
    await connection.execute(delete(first.table).where(in_values(connection, first, keys)))
    await add_pairs(connection, first, second, pairs)


async def _upsert_topics(
    connection: AsyncConnection, conditions: Mapping[str, Mapping[str, Any]], *, update: bool
) -> None:
    rows = [
        {"key": "condition:" + key, "kind": TopicKind.CONDITION, "last_seq": 0, "last_any_seq": 0}
        | {name: conditions[key][name] for name in ("name", "slug", "followable")}
        for key in sorted(conditions)
    ]
    statement = insert(connection, t.topic)
    updated = {name: statement.excluded[name] for name in ("name", "slug", "followable")}
    statement = (
        statement.on_conflict_do_update(index_elements=["key"], set_=updated)
        if update
        else statement.on_conflict_do_nothing()
    )
    await connection.execute(statement, rows)


async def _replace_names(
    connection: AsyncConnection, conditions: Mapping[str, Mapping[str, Any]], *, mentioned: bool
) -> None:
    keys = ["condition:" + key for key in conditions]
    found = await connection.execute(
        select(_topic.key, _topic.id).where(in_values(connection, _topic.key, keys))
    )
    ids = {row.key.removeprefix("condition:"): row.id for row in found}
    names = t.condition_name
    await connection.execute(delete(names).where(in_values(connection, names.c.topic_id, ids.values())))
    rows = [
        {**row, "topic_id": ids[key], "mentioned": mentioned}
        for key, condition in conditions.items()
        for row in _names(condition, [] if mentioned else abbreviations(condition["name"]))
    ]
    # The preferred name comes first, and a synonym that folds to the same is left out.
    await connection.execute(insert(connection, names).on_conflict_do_nothing(), rows)


def _names(condition: Mapping[str, Any], abbreviated: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of a condition's names, of which those that are only related make no two the same."""
    found = [condition["name"], *condition["synonyms"], *abbreviated]
    for position, name in enumerate([*found, *condition.get("related", ())]):
        if folded(name):
            same = position < len(found)
            yield {
                "folded": folded(name),
                "name": name,
                "preferred": position == 0,
                "name_key": (name_key(name) or None) if same else None,
            }


async def states(connection: AsyncConnection, keys: Collection[str]) -> dict[str, tuple[datetime, str]]:
    """The observation time and content digest of the newest accepted event of each condition."""
    c = t.condition_state.c
    found = await connection.execute(
        select(c.key, c.observed_at, c.digest).where(in_values(connection, c.key, keys))
    )
    return {row.key: (row.observed_at, row.digest) for row in found}


async def upsert_states(
    connection: AsyncConnection, newest: Mapping[str, tuple[datetime, str, str | None]]
) -> None:
    """Stores the time and digest of the newest accepted event of each condition, and its replacement."""
    statement = insert(connection, t.condition_state)
    rows = [
        {"key": key, "observed_at": at, "digest": digest, "replaced_by": other}
        for key, (at, digest, other) in newest.items()
    ]
    updated = {name: statement.excluded[name] for name in ("observed_at", "digest", "replaced_by")}
    await connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=updated), rows)


async def parents(connection: AsyncConnection, represented_by: Mapping[str, str]) -> dict[str, set[str]]:
    """The parents of every condition that represents itself, each as the condition that represents it.

    `represented_by`: all `representatives`.
    """
    above: dict[str, set[str]] = {}
    for child, parent in await connection.execute(
        select(t.condition_parent.c.child, t.condition_parent.c.parent)
    ):
        above.setdefault(represented_by.get(child, child), set()).add(represented_by.get(parent, parent))
    return above


async def below(connection: AsyncConnection, keys: Collection[str]) -> dict[str, set[str]]:
    """Each descendant of `keys` (or key itself), with the `keys` that cover it."""
    c = t.condition_closure.c
    covered: dict[str, set[str]] = {}
    for condition, ancestor in await connection.execute(
        select(c.condition, c.ancestor).where(in_values(connection, c.ancestor, keys))
    ):
        covered.setdefault(condition, set()).add(ancestor)
    return covered


async def ancestors(connection: AsyncConnection, keys: Collection[str]) -> dict[str, set[str]]:
    """The ancestors of each condition, itself included; conditions outside the hierarchy are absent."""
    c = t.condition_closure.c
    above: dict[str, set[str]] = {}
    for condition, ancestor in await connection.execute(
        select(c.condition, c.ancestor).where(in_values(connection, c.condition, keys))
    ):
        above.setdefault(condition, set()).add(ancestor)
    return above


async def covering(connection: AsyncConnection, keys: Collection[str]) -> dict[str, set[str]]:
    """The representatives of these conditions, each with all conditions above it."""
    represented_by = await representatives(connection, keys)
    above = await ancestors(connection, {represented_by.get(key, key) for key in keys})
    return {key: above.get(represented_by.get(key, key), {represented_by.get(key, key)}) for key in keys}


async def replace_closure(connection: AsyncConnection, above: Mapping[str, Iterable[str]]) -> None:
    """Replaces the ancestors of these conditions."""
    c = t.condition_closure.c
    await connection.execute(delete(t.condition_closure).where(in_values(connection, c.condition, above)))
    pairs: Sequence[tuple[str, str]] = [
        (key, ancestor) for key in sorted(above) for ancestor in sorted(above[key])
    ]
    await add_pairs(connection, c.condition, c.ancestor, pairs)
