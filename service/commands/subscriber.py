"""`trial-alerts subscriber`: what is held on one person, shown, given out, erased."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from service import persons
from service.commands import CommandFailed
from service.store.database import reading, writing
from service.system import System

_NOBODY = "Nobody is known by that address."


async def _found(connection: AsyncConnection, system: System, address: str) -> Row[Any]:
    person = await persons.find(connection, system.addresses, address)
    if person is None:
        raise CommandFailed(_NOBODY)
    return person


async def export(system: System, address: str) -> dict[str, Any]:
    """Everything held on the person. Raises CommandFailed when nobody is known by that address."""
    async with reading(system.database) as connection:
        person = await _found(connection, system, address)
        return await persons.held(connection, system.keyring, system.addresses, person, datetime.now(UTC))


async def show(system: System, address: str) -> dict[str, Any]:
    """The short form of `export`."""
    return persons.summary(await export(system, address))


async def erase(system: System, address: str) -> dict[str, int]:
    """Erases the person at once; returns how many rows of each table are gone. Raises CommandFailed."""
    async with writing(system.database) as connection:
        person = await _found(connection, system, address)
        return await persons.erase(connection, system.keyring, system.addresses, person.id)
