"""/v1/admin/subscribers: what is held on one person, shown, given out, erased. The address is in the body."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import post
from litestar.params import Body
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from service import persons
from service.keys.keyring import Unreadable
from service.store.database import reading, writing
from service.system import System
from service.web.admin.access import actions
from service.web.admin.shapes import Address
from service.web.inject import OpenSystem
from service.web.problems import Problem


class Erased(msgspec.Struct):
    """How many rows of each table are gone."""

    erased: dict[str, int]


async def _found(connection: AsyncConnection, system: System, address: str) -> Row[Any]:
    person = await persons.find(connection, system.addresses, address)
    if person is None:
        raise Problem(404, "Nobody is known by that address.")
    return person


async def _held(system: System, address: str) -> dict[str, Any]:
    try:
        async with reading(system.database) as connection:
            person = await _found(connection, system, address)
            now = datetime.now(UTC)
            return await persons.held(connection, system.keyring, system.addresses, person, now)
    except Unreadable:
        words = "None of the secret keys opens what is held: bring back the one that was dropped."
        raise Problem(409, words) from None


@post("/subscribers/show", status_code=200, summary="What is held on a person, in short")
async def show_subscriber(data: Annotated[Address, Body()], system: OpenSystem) -> dict[str, Any]:
    """Who it is, what is followed, what was agreed to, how many mails went out."""
    found = persons.summary(await _held(system, data.canonical))
    actions.info("subscriber_shown", subscriber=found["person"]["number"])
    return found


@post("/subscribers/export", status_code=200, summary="Everything held on a person")
async def export_subscriber(data: Annotated[Address, Body()], system: OpenSystem) -> dict[str, Any]:
    """The copy that a person has a right to (GDPR Art. 15, 20)."""
    found = await _held(system, data.canonical)
    actions.info("subscriber_exported", subscriber=found["person"]["number"])
    return found


@post("/subscribers/erase", status_code=200, summary="Erase a person")
async def erase_subscriber(data: Annotated[Address, Body()], system: OpenSystem) -> Erased:
    """Deletes everything held on the person, at once and for good (GDPR Art. 17)."""
    address = data.canonical
    async with writing(system.database) as connection:
        person = await _found(connection, system, address)
        gone = await persons.erase(connection, system.keyring, system.addresses, person.id)
    actions.info("subscriber_erased", subscriber=person.id)
    return Erased(gone)
