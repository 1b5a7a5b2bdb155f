"""Older numbers of a trial, and those of other registries: each leads to the trial that names it.

A number without a record of its own becomes a topic that is joined to the trial's, as a condition's older
name is joined to the condition: sign-ups, forms and links resolve it, and its followers move along silently.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions.condition import TopicKind
from service.domain.trials.lifecycle import TrialState
from service.store.people.joined_topics import move_followers
from service.store.sql import tables as t
from service.store.sql.bulk import bulk_insert, in_values, insert

_topic = t.topic.c


async def link(connection: AsyncConnection, numbers: Mapping[str, int], now: datetime) -> None:
    """Makes each number (normalized) lead to the topic of its trial. May be repeated.

    A number that is a present trial's own leads nowhere else. No number leads to a topic that leads elsewhere
    itself: of trials that are gone and name each other, one leads to the other.
    """
    if not numbers:
        return
    keys = {f"trial:{number}": topic_id for number, topic_id in numbers.items()}
    rows = [
        {"key": key, "kind": TopicKind.TRIAL, "followable": True, "last_seq": 0, "last_any_seq": 0}
        for key in sorted(keys)
    ]
    await bulk_insert(connection, insert(connection, t.topic).on_conflict_do_nothing(), rows)
    own = select(t.trial.c.topic_id).where(t.trial.c.state == TrialState.PRESENT)
    found = select(_topic.id, _topic.key, _topic.joined_id).where(
        in_values(connection, _topic.key, keys), _topic.id.not_in(own)
    )
    joined = await _joined(connection, set(numbers.values()))
    moves: dict[int, int] = {}
    for row in (await connection.execute(found.order_by(_topic.key))).all():
        before = joined.get(row.id, row.joined_id)
        target = joined.get(keys[row.key], keys[row.key])
        if target in (row.id, before):
            continue
        moved = or_(_topic.id == row.id, _topic.joined_id == row.id)
        await connection.execute(update(t.topic).where(moved).values(joined_id=target))
        joined |= {topic_id: target for topic_id, other in joined.items() if other == row.id}
        moves |= {topic_id: target for topic_id, other in moves.items() if other == row.id}
        joined[row.id] = moves[row.id] = target
    await move_followers(connection, moves, now)


async def _joined(connection: AsyncConnection, topic_ids: set[int]) -> dict[int, int]:
    """Those of the topics that lead to another one, with that."""
    wanted = select(_topic.id, _topic.joined_id).where(
        in_values(connection, _topic.id, topic_ids), _topic.joined_id.is_not(None)
    )
    return {row.id: row.joined_id for row in await connection.execute(wanted)}


async def unlink(connection: AsyncConnection, topic_ids: set[int]) -> None:
    """Trials that have a record of their own are not an older number of another one any more."""
    joined = in_values(connection, _topic.id, topic_ids) & _topic.joined_id.is_not(None)
    await connection.execute(update(t.topic).where(joined).values(joined_id=None))
