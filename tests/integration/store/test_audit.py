"""The audit log: a row is part of the transaction of the act, and pages hold each row once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store import audit
from service.store.audit import Operator
from service.store.sql.database import reading, writing

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
ALICE = Operator("command:alice", "command")


async def test_an_act_is_kept_with_its_actor_target_time_and_origin(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        await audit.record(connection, ALICE, "runs.release", now=NOW, target="run:7", changed=3)
    async with reading(database) as connection:
        (row,) = await audit.page(connection)
    kept = (row.actor, row.origin, row.action, row.at, row.target, row.changed)
    assert kept == ("command:alice", "command", "runs.release", NOW, "run:7", 3)


async def test_an_act_that_fails_leaves_no_row(database: AsyncEngine) -> None:
    async def fail() -> None:
        async with writing(database) as connection:
            await audit.record(connection, ALICE, "runs.release", now=NOW, target="run:7")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with reading(database) as connection:
        assert await audit.page(connection) == []


async def test_pages_hold_each_act_once_the_newest_first(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        for number in range(5):
            await audit.record(connection, ALICE, "runs.release", now=NOW, target=f"run:{number}")
    seen, before = [], None
    async with reading(database) as connection:
        while page := await audit.page(connection, before=before, limit=2):
            seen += [row.target for row in page]
            before = page[-1].id
    assert seen == [f"run:{number}" for number in (4, 3, 2, 1, 0)]
