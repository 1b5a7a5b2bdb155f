"""Migrates the schema on an operator's request."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from service.store import audit
from service.store.audit import Operator
from service.store.sql import schema
from service.store.sql.schema_revision import newest_revision


async def migrate_schema(database: AsyncEngine, operator: Operator, now: datetime) -> None:
    """Brings the schema up to date in one transaction; audited, unless it was up to date.

    Raises UnusableDatabase.
    """
    async with database.begin() as connection:
        if await schema.upgrade(connection):
            target = f"revision:{newest_revision()}"
            await audit.record(connection, operator, "schema.migrate", now=now, target=target)
