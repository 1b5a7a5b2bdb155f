"""Conditions: their topics, names and hierarchy; a condition covers all its descendants."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions import TopicKind
from service.store.people.topic_search import index_names
from service.store.people.topics import folded
from service.store.sql import tables as t
from service.store.sql.bulk import add_pairs, in_values, insert


async def topics(connection: AsyncConnection, keys: Collection[str]) -> dict[str, tuple[int, bool]]:
    """The topic id of each known condition, and whether it can be followed."""
    full = ["condition:" + key for key in keys]
    found = await connection.execute(
        select(t.topic.c.key, t.topic.c.id, t.topic.c.followable).where(
            in_values(connection, t.topic.c.key, full)
        )
    )
    return {row.key.removeprefix("condition:"): (row.id, row.followable) for row in found}


async def mention(connection: AsyncConnection, conditions: Mapping[str, Mapping[str, Any]]) -> None:
    """Creates topics for conditions mentioned only by trials; by key: name, slug, followable."""
    known = await topics(connection, conditions)
    new = {key: conditions[key] for key in sorted(conditions) if key not in known}
    if new:
        await _keep_topics(connection, new, update=False)
        await _keep_names(connection, new)


async def keep(connection: AsyncConnection, conditions: Mapping[str, Mapping[str, Any]]) -> None:
    """Stores the conditions of events: topic, names, parents; not the closure."""
    await _keep_topics(connection, conditions, update=True)
    await _keep_names(connection, conditions)
    child, parent = t.condition_parent.c.child, t.condition_parent.c.parent
    await connection.execute(delete(t.condition_parent).where(in_values(connection, child, conditions)))
    pairs = {(key, above) for key, one in conditions.items() for above in one["parents"]}
    await add_pairs(connection, child, parent, sorted(pairs))


async def _keep_topics(
    connection: AsyncConnection, conditions: Mapping[str, Mapping[str, Any]], *, update: bool
) -> None:
    rows = [
        {"key": "condition:" + key, "kind": TopicKind.CONDITION, "last_seq": 0, "last_any_seq": 0}
        | {name: conditions[key][name] for name in ("name", "slug", "followable")}
        for key in sorted(conditions)
    ]
    statement = insert(connection, t.topic)
    told = {name: statement.excluded[name] for name in ("name", "slug", "followable")}
    statement = (
        statement.on_conflict_do_update(index_elements=["key"], set_=told)
        if update
        else statement.on_conflict_do_nothing()
    )
    await connection.execute(statement, rows)


async def _keep_names(connection: AsyncConnection, conditions: Mapping[str, Mapping[str, Any]]) -> None:
    ids = await topics(connection, conditions)
    names = t.condition_name
    of_these = [topic_id for topic_id, _ in ids.values()]
    await connection.execute(delete(names).where(in_values(connection, names.c.topic_id, of_these)))
    rows = [
        {"topic_id": ids[key][0], "folded": folded(name), "name": name, "preferred": position == 0}
        for key, one in conditions.items()
        for position, name in enumerate([one["name"], *one["synonyms"]])
        if folded(name)
    ]
    # The preferred name comes first, and a synonym that folds to the same is left out.
    await connection.execute(insert(connection, names).on_conflict_do_nothing(), rows)
    texts = {ids[key][0]: [one["name"], *one["synonyms"]] for key, one in conditions.items()}
    await index_names(connection, TopicKind.CONDITION, texts)


async def states(connection: AsyncConnection, keys: Collection[str]) -> dict[str, tuple[datetime, str]]:
    """For each condition, the observation time and content digest of the newest accepted event."""
    c = t.condition_state.c
    found = await connection.execute(
        select(c.key, c.observed_at, c.digest).where(in_values(connection, c.key, keys))
    )
    return {row.key: (row.observed_at, row.digest) for row in found}


async def keep_states(connection: AsyncConnection, newest: Mapping[str, tuple[datetime, str]]) -> None:
    """Stores the time and digest of the newest accepted event of each condition."""
    statement = insert(connection, t.condition_state)
    rows = [{"key": key, "observed_at": at, "digest": digest} for key, (at, digest) in newest.items()]
    told = {name: statement.excluded[name] for name in ("observed_at", "digest")}
    await connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=told), rows)


async def parents(connection: AsyncConnection) -> dict[str, list[str]]:
    """The parents of every condition."""
    above: dict[str, list[str]] = {}
    for child, parent in await connection.execute(
        select(t.condition_parent.c.child, t.condition_parent.c.parent)
    ):
        above.setdefault(child, []).append(parent)
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


async def replace_closure(connection: AsyncConnection, above: Mapping[str, Iterable[str]]) -> None:
    """Replaces the ancestors of these conditions."""
    c = t.condition_closure.c
    await connection.execute(delete(t.condition_closure).where(in_values(connection, c.condition, above)))
    pairs: Sequence[tuple[str, str]] = [(key, one) for key in sorted(above) for one in sorted(above[key])]
    await add_pairs(connection, c.condition, c.ancestor, pairs)
