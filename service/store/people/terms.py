"""Versions of the terms; the newest published one is current."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.sql.bulk import insert
from service.store.sql.tables import terms as table


@dataclass(frozen=True, slots=True)
class Terms:
    """A version of the terms. After `pause_at` nobody who has not agreed to a material one is written to."""

    version: str
    text: str
    sha256: str
    material: bool
    published_at: datetime
    pause_at: datetime | None


class AlreadyPublished(ValueError):
    """The version has been published with another text; versions are immutable."""


_COLUMNS = (
    table.c.version,
    table.c.text,
    table.c.sha256,
    table.c.material,
    table.c.published_at,
    table.c.pause_at,
)


async def _one(connection: AsyncConnection, statement: Select[Any]) -> Terms | None:
    row = (await connection.execute(statement)).first()
    return Terms(*row) if row else None


async def current(connection: AsyncConnection) -> Terms | None:
    """The current version, or None before the first."""
    return await _one(connection, select(*_COLUMNS).order_by(table.c.id.desc()).limit(1))


async def by_version(connection: AsyncConnection, version: str) -> Terms | None:
    """One version, with its exact text."""
    return await _one(connection, select(*_COLUMNS).where(table.c.version == version))


async def versions(connection: AsyncConnection) -> list[Terms]:
    """All versions, newest first."""
    return [Terms(*row) for row in await connection.execute(select(*_COLUMNS).order_by(table.c.id.desc()))]


async def publish(
    connection: AsyncConnection,
    version: str,
    text: str,
    *,
    now: datetime,
    material: bool = False,
    pause_at: datetime | None = None,
) -> bool:
    """Publishes `version` as the current one. False if it is already published with the same text.

    Raises AlreadyPublished when it was published with another text, or not as a material one: what people
    agreed to never changes, and a new agreement needs a new version.
    """
    digest = sha256(text.encode()).hexdigest()
    statement = insert(connection, table).values(
        version=version, text=text, sha256=digest, material=material, published_at=now, pause_at=pause_at
    )
    result = await connection.execute(statement.on_conflict_do_nothing().returning(table.c.id))
    if result.first():
        return True
    known = await by_version(connection, version)
    if known and known.sha256 != digest:
        raise AlreadyPublished(f"Version {version} is published with another text: choose another version.")
    if known and material and not known.material:
        raise AlreadyPublished(
            f"Version {version} is published already, but not as a material one: choose another version."
        )
    return False
