"""Reads at the end and return of a trial, and for planning digests, use indexes: ended
subscriptions are never deleted."""

import re
from typing import Any

import pytest
from sqlalchemy import select, text, union
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.subscription import SubscriptionState
from service.store.digests import due
from service.store.people import trial_endings, trial_returns
from service.store.sql import tables as t
from service.store.sql.database import is_postgresql, reading
from service.system import System


async def plan(connection: AsyncConnection, statement: Any) -> str:
    """How the database runs a statement, if it may choose an index."""
    if is_postgresql(connection):
        await connection.execute(text("SET LOCAL citus.propagate_set_commands = 'local'"))  # for Citus alone
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        bound = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
        found = await connection.exec_driver_sql(f"EXPLAIN {bound}", bound.params)
    else:
        bound = statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        found = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {bound}")
    return "\n".join(str(row[-1]) for row in found)


@pytest.mark.parametrize(
    ("state", "indexes"),
    [
        (SubscriptionState.ACTIVE, {"subscription_in_planning", "one_active_subscription"}),
        (SubscriptionState.PENDING, {"subscription_pending_of_topic", "one_pending_subscription"}),
    ],
)
async def test_the_followers_of_a_trial_that_ends_are_found(
    system: System, state: SubscriptionState, indexes: set[str]
) -> None:
    followers = select(t.subscription.c.id).where(trial_endings._followers(3, 5, state))
    async with reading(system.database) as connection:
        found = await plan(connection, followers)
    assert any(index in found for index in indexes)
    assert re.search("topic_id=\\?|Index Cond.*topic_id", found), "not all of the bucket's followers are read"


async def test_the_former_followers_of_a_trial_that_returns_are_found(system: System) -> None:
    async with reading(system.database) as connection:
        ended = trial_returns._ended(connection, 3, 5, (), None)
        assert "subscription_ended_with_trial" in await plan(connection, ended)


async def test_the_merged_trials_are_found(system: System) -> None:
    merged = select(t.trial.c.nct_id, t.trial.c.topic_id).where(t.trial.c.merged_into.is_not(None))
    async with reading(system.database) as connection:
        assert "trial_merged" in await plan(connection, merged)


async def test_planning_finds_followers_by_index_of_changed_topics(system: System) -> None:
    hot = t.subscription.c.topic_id.in_([5, 6])
    candidates = due._candidates(hot, [3, 4], frequency="weekly", slot_id=1, to_seq=10, subscriber_id=None)
    async with reading(system.database) as connection:
        found = await plan(connection, union(*candidates))
        if not is_postgresql(connection):  # of empty tables PostgreSQL may read anything
            assert "subscription_in_planning (bucket=? AND topic_id=? AND frequency=?)" in found
