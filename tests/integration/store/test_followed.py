"""The subscriptions of people, read for a batch of digests; on both databases."""

from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.digests import followed
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from tests.odd_rows import store_rows


async def test_a_condition_without_a_name_is_called_by_its_id(database: AsyncEngine) -> None:
    topics = [
        {"id": 1, "key": "condition:ASTHMA", "kind": "condition", "name": "ASTHMA (BRONCHIAL)"},
        {"id": 2, "key": "condition:ACUTE LEUKEMIA", "kind": "condition", "name": None},
    ]
    async with writing(database) as connection:
        await store_rows(connection, t.topic, topics)
    async with reading(database) as connection:
        named = await followed.names(connection, [1, 2, 3])
    assert named == {
        1: ("condition:ASTHMA", "ASTHMA (BRONCHIAL)"),
        2: ("condition:ACUTE LEUKEMIA", "ACUTE LEUKEMIA"),
    }
