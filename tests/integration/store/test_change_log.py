"""The change log's readers, on both databases."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store import change_log
from service.store.changes import trials
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from tests.odd_rows import store_rows

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


async def written(database: AsyncEngine) -> None:
    """Four changes: the trial's topic 1, the conditions' topics 2 and 3."""
    topics = {1: [1], 2: [2, 3], 3: [1], 4: [3]}
    kinds = {1: "status", 2: "new_for_condition", 3: "sites", 4: "new_for_condition"}
    async with writing(database) as connection:
        await store_rows(
            connection,
            t.change,
            [
                {
                    "seq": seq,
                    "nct_id": "NCT00000001",
                    "kind": kinds[seq],
                    "level": 3,
                    "before": None,
                    "after": {"n": seq},
                    "recorded_at": NOON + timedelta(minutes=seq),
                }
                for seq in topics
            ],
        )
        pairs = [{"seq": seq, "topic_id": topic} for seq, ids in topics.items() for topic in ids]
        await store_rows(connection, t.change_topic, pairs)
        await connection.execute(update(t.log_head).values(seq=4))


async def test_an_interval_is_read_without_its_lower_end(database: AsyncEngine) -> None:
    await written(database)
    async with reading(database) as connection:
        assert await change_log.head(connection) == 4
        found = await change_log.entries(connection, [1, 3], 1, 3)
        assert [(row.seq, row.topic_id, row.kind, row.after) for row in found] == [
            (2, 3, "new_for_condition", {"n": 2}),
            (3, 1, "sites", {"n": 3}),
        ]
        assert found[0].recorded_at == NOON + timedelta(minutes=2)
        assert await change_log.entries(connection, [], 0, 4) == []
        assert await change_log.entries(connection, range(1, 50_000), 4, 4) == []
        assert len(await change_log.entries(connection, range(1, 50_000), 0, 4)) == 5


async def test_the_oldest_waiting_change_is_found(database: AsyncEngine) -> None:
    await written(database)
    async with reading(database) as connection:
        assert await change_log.oldest_after(connection, 1) == NOON + timedelta(minutes=2)
        assert await change_log.oldest_after(connection, 4) is None


async def test_earlier_news_of_a_trial_is_found(database: AsyncEngine) -> None:
    await written(database)
    async with reading(database) as connection:
        found = await change_log.earlier_news(connection, ["NCT00000001", "NCT00000002"], 3)
        assert sorted(tuple(row)[:3] for row in found) == [("NCT00000001", 2, 2), ("NCT00000001", 3, 2)]
        assert await change_log.earlier_news(connection, ["NCT00000002"], 9) == []


async def test_an_empty_log_ends_at_zero(database: AsyncEngine) -> None:
    async with reading(database) as connection:
        assert await change_log.head(connection) == 0
        assert await change_log.oldest_after(connection, 0) is None
        assert await trials.snapshots(connection, ["NCT00000001"]) == {}
