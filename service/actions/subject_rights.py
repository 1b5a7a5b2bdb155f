"""Data-subject rights: access, portability and erasure (GDPR Art. 15, 17, 20).

Exercised by the person on their own page, or by an operator on their behalf, which is audited.
`personal_data` collects and deletes the data.
"""

from collections import Counter
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions import audit_log, personal_data
from service.domain.delivery.suppression import Reason
from service.store import audit
from service.store.audit import Operator
from service.store.people import suppressions
from service.store.people.rows import Subscriber, Suppression
from service.system import System

_log = structlog.get_logger("operators")


class UnknownPerson(LookupError):
    """No subscriber has that address. The message names the suppression of it that is `kept`, if any."""

    def __init__(self, kept: Suppression | None) -> None:
        words = "Nobody is known by that address"
        if kept is not None:
            words += (
                "; that it must not be written to is kept"
                f" ({kept.reason}, by {kept.source}, since {kept.created_at:%Y-%m-%d})"
            )
        super().__init__(f"{words}.")


async def find(connection: AsyncConnection, system: System, address: str) -> Subscriber:
    """The subscriber of an address as typed. Raises UnknownPerson."""
    person = await personal_data.find(connection, system, address)
    if person is None:
        raise UnknownPerson(await personal_data.suppression_of(connection, system, address))
    return person


def target_of(person: Subscriber | None) -> str | None:
    """The name of a person in the audit log: an id, never an address."""
    return f"subscriber:{person.id}" if person is not None else None


async def export(system: System, operator: Operator, address: str, *, now: datetime) -> dict[str, Any]:
    """All data of a person, as JSON values. Audited.

    Of an address that no subscriber has yet, what was asked for with it and waits for a worker. Raises
    UnknownPerson if nothing waits either, and DecryptionError if none of the keys decrypts it.
    """
    return await _read(system, operator, address, "subscriber.export", now)


async def show(system: System, operator: Operator, address: str, *, now: datetime) -> dict[str, Any]:
    """The short form of `export`. Audited."""
    return personal_data.summary(await _read(system, operator, address, "subscriber.show", now))


async def _read(
    system: System, operator: Operator, address: str, action: str, now: datetime
) -> dict[str, Any]:
    """The data of a person; returns, or raises UnknownPerson, only after the audit row is committed."""
    exported: dict[str, Any] | None
    async with system.reading() as connection:
        person = await personal_data.find(connection, system, address)
        if person is not None:
            exported = await personal_data.export_person(connection, system, person, now)
        else:
            exported = await personal_data.export_requests(connection, system, address, now)
        suppression = await personal_data.suppression_of(connection, system, address)
    await audit_log.record(system, operator, action, now=now, target=target_of(person))
    if exported is None:
        raise UnknownPerson(suppression)
    _log.info(action.replace(".", "_"), subscriber=person and person.id)
    return exported


async def erase(system: System, operator: Operator, address: str, *, now: datetime) -> dict[str, int]:
    """Erases a person; returns the number of rows deleted from each table. Audited.

    For an address that no subscriber has, deletes its queued requests, so that no mail follows, and whom a
    worker made of one that it was processing. Raises UnknownPerson if there is nothing.
    """
    gone = Counter[str]()
    async with system.writing() as connection:
        person = await personal_data.find(connection, system, address)
        if person is None:
            gone.update(await personal_data.erase_requests(connection, system, address))
            person = await personal_data.find(connection, system, address)
        if person is not None:
            gone.update(await personal_data.erase(connection, system, person.id))
        if not gone:
            raise UnknownPerson(await personal_data.suppression_of(connection, system, address))
        await audit.record(
            connection,
            operator,
            "subscriber.erase",
            now=now,
            target=target_of(person),
            changed=sum(gone.values()),
        )
    _log.info("subscriber_erased", subscriber=person and person.id)
    return dict(gone)


async def export_own(
    connection: AsyncConnection, system: System, person: Subscriber, now: datetime
) -> dict[str, Any]:
    """All data of the requesting person, as JSON values."""
    return await personal_data.export_person(connection, system, person, now)


async def erase_own(
    connection: AsyncConnection, system: System, person: Subscriber, *, never_again: bool, now: datetime
) -> str | None:
    """Erases the requesting person. Locks the person.

    Returns the reason of the suppression of the address, as a keyed hash, that is kept: because of
    `never_again`, or from before; None if none is.
    """
    if never_again:
        await suppressions.add(connection, person.email_index, Reason.DECLINED, source="erasure", now=now)
    await personal_data.erase(connection, system, person.id)
    return await suppressions.reason_of(connection, person.email_index)
