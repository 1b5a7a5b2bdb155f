"""The migrations build the declared tables, on both databases."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.sql import schema, schema_revision


async def test_the_migrated_schema_and_the_tables_agree(database: AsyncEngine) -> None:
    assert await schema.differences(database) == []


async def test_repeated_and_concurrent_migrations_change_nothing(database: AsyncEngine) -> None:
    await asyncio.gather(schema.migrate(database), schema.migrate(database))
    assert await schema_revision.current_revision(database) == schema_revision.newest_revision()
