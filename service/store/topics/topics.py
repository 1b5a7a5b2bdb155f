"""Topics: looked up by key, id or name; created when first mentioned."""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions.condition import TopicKind, canonical_id, slug
from service.domain.trials.conditions.names import name_key, readings
from service.store.sql import tables as t
from service.store.sql.bulk import in_values, insert


@dataclass(frozen=True, slots=True)
class Topic:
    """A trial or condition that can be followed. `name` is None until an event names it."""

    id: int
    key: str
    kind: str
    name: str | None
    followable: bool = True


def folded(name: str) -> str:
    """A name without differences of spelling: no letter case, single spaces, composed Unicode (NFC)."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).split())


_own, _representative = t.topic, t.topic.alias()
#: A topic, or the one that represents it, which is never joined itself.
_COLUMNS = tuple(
    func.coalesce(_representative.c[name], _own.c[name]).label(name) for name in ("id", "key", "kind", "name")
)
_FOLLOWABLE = case((_representative.c.id.is_not(None), _representative.c.followable), else_=_own.c.followable)
_FROM = _own.outerjoin(_representative, _representative.c.id == _own.c.joined_id)


def _read(row: Any) -> Topic:
    return Topic(row.id, row.key, row.kind, row.name, bool(row.followable))


async def find_conditions(connection: AsyncConnection, name: str) -> list[Topic]:
    """The condition known by an id (`MONDO:0004967`), by one of its names in any spelling, or by a slug, also
    one without the signs of its name ("her2-cancer" for "HER2+ cancer").

    An id wins over an id that another ontology gives, that over a condition's own name, that over another's
    synonym, and all of them over what only trials have named. More than one is returned when conditions
    share the name; those that can be followed then come alone.
    """
    c, named, xref = _own.c, t.condition_name.c, t.condition_xref.c
    key, meant = canonical_id(name), readings(name)
    if len(meant) > 1 and await ids_of(connection, [f"condition:{name}"]):
        meant = [name]  # a topic's own key
    bare = {slug(each) for each in meant} - {""}
    # The stored key may be of an earlier version of `name_key`.
    same = or_(
        in_values(connection, named.name_key, {name_key(each) for each in meant}),
        and_(named.name_key.is_not(None), named.folded == folded(name)),
    )

    def having(*which: ColumnElement[bool]) -> ColumnElement[bool]:
        return c.id.in_(select(named.topic_id).where(same, *which))

    by_xref = select(literal("condition:") + xref.key).where(xref.xref == key)
    ranked = (
        c.key.in_({f"condition:{name}", f"condition:{key}"}) if ":" in name else false(),
        c.key.in_(by_xref) if ":" in name else false(),
        having(named.preferred, ~named.mentioned),
        having(~named.mentioned),
        having(),
        or_(
            in_values(connection, c.slug, bare),
            in_values(connection, c.key, {f"condition:{each}" for each in bare}),
        ),
    )
    rank = case(*((which, number) for number, which in enumerate(ranked)))
    statement = (
        select(*_COLUMNS, _FOLLOWABLE.label("followable"), rank.label("rank"))
        .select_from(_FROM)
        .where(c.kind == TopicKind.CONDITION, or_(*ranked))
    )
    rows = (await connection.execute(statement)).all()
    best = min((row.rank for row in rows), default=0)
    found = {row.id: _read(row) for row in rows if row.rank == best}
    followable = [topic for topic in found.values() if topic.followable]
    return sorted(followable or list(found.values())[:1], key=lambda topic: topic.id)


async def broader_names(connection: AsyncConnection, topic_ids: Collection[int]) -> dict[int, str]:
    """The short name of a direct parent of each condition, as a hint of what it is.

    A term above itself, or above one that is the same condition, is no hint.
    """
    if not topic_ids:
        return {}
    parent = t.condition_parent.c
    member, upper, above = t.topic.alias(), t.topic.alias(), t.topic.alias()
    representative = func.coalesce(member.c.joined_id, member.c.id)
    statement = (
        select(representative.label("id"), above.c.name)
        .select_from(member)
        .join(t.condition_parent, literal("condition:") + parent.child == member.c.key)
        .join(upper, upper.c.key == literal("condition:") + parent.parent)
        .join(above, above.c.id == func.coalesce(upper.c.joined_id, upper.c.id))
        .where(
            or_(
                in_values(connection, member.c.id, topic_ids),
                in_values(connection, member.c.joined_id, topic_ids),
            ),
            above.c.id != representative,
            above.c.followable,
            above.c.name.is_not(None),
        )
    )
    names: dict[int, str] = {}
    for row in await connection.execute(statement):
        names[row.id] = min(names.get(row.id, row.name), row.name, key=lambda name: (len(name), name))
    return names


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
    """The ids of the topics among `keys` that are known, or of those that stand for them."""
    representative = func.coalesce(t.topic.c.joined_id, t.topic.c.id).label("id")
    rows = await connection.execute(
        select(t.topic.c.key, representative).where(in_values(connection, t.topic.c.key, keys))
    )
    return {row.key: row.id for row in rows}


async def by_keys(connection: AsyncConnection, keys: Iterable[str]) -> dict[str, Topic]:
    """The topics among `keys` that are known, or those that stand for them."""
    statement = select(_own.c.key.label("named"), *_COLUMNS, _FOLLOWABLE.label("followable"))
    rows = await connection.execute(statement.select_from(_FROM).where(_own.c.key.in_(sorted(set(keys)))))
    return {row.named: _read(row) for row in rows}
