"""The schema's revision without Alembic, whose import takes longer than a process' whole start."""

from functools import cache
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.sql.database import reading

_VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"


class UnusableDatabase(Exception):
    """The database can't hold what the service stores. The message is one sentence that says what to do."""


@cache
def newest_revision() -> str:
    """The revision that the code expects. Revisions are numbered in order, and so are their files."""
    return max(path.stem.partition("_")[0] for path in _VERSIONS.glob("[0-9]*.py"))


def is_newer(revision: str | None) -> bool:
    """Whether a later version of the service migrated the database.

    This one goes on serving it: migrations expand before they contract.
    """
    return revision is not None and revision > newest_revision()


def is_usable(revision: str | None) -> bool:
    """Whether the code can work on a database at this revision."""
    return revision is not None and revision >= newest_revision()


async def current_revision(database: AsyncEngine) -> str | None:
    """The revision that the database is at, None when it is empty."""
    async with reading(database) as connection:
        if not await connection.run_sync(lambda c: inspect(c).has_table("alembic_version")):
            return None
        found = await connection.execute(text("SELECT version_num FROM alembic_version"))
        return found.scalar()


async def check(database: AsyncEngine) -> None:
    """Raises UnusableDatabase unless the schema is at the code's revision or a later one."""
    current = await current_revision(database)
    if not is_usable(current):
        found = f"are at revision {current}, {newest_revision()} is needed" if current else "are missing"
        raise UnusableDatabase(f"The database's tables {found}: run trial-alerts migrate.")
