"""Digests on an operator's request: those due, those pending, and a preview of the next ones."""

from collections.abc import Sequence
from datetime import datetime

from service.actions import audit_log
from service.actions.subject_rights import find, target_of
from service.digests import planner
from service.digests.preview import Preview
from service.digests.preview import preview as preview_digests
from service.store.audit import Operator
from service.system import System


async def send_due(system: System, operator: Operator, now: datetime) -> int:
    """Plans and queues due digests, as the workers do; returns how many. Audited."""
    await audit_log.record(system, operator, "digests.send_due", now=now)
    return await planner.plan(system)


async def send_now(system: System, operator: Operator, address: str | None, now: datetime) -> int:
    """Plans and queues all pending digests, or those of one person; returns how many. Audited.

    Raises UnknownPerson.
    """
    person = None
    if address is not None:
        async with system.reading() as connection:
            person = await find(connection, system, address)
    await audit_log.record(system, operator, "digests.send_now", now=now, target=target_of(person))
    return await planner.plan_now(system, person.id if person is not None else None)


async def preview(system: System, operator: Operator, address: str, now: datetime) -> Sequence[Preview]:
    """The next digests of a person, as they would be sent now. Audited. Raises UnknownPerson."""
    async with system.reading() as connection:
        person = await find(connection, system, address)
    await audit_log.record(system, operator, "digests.preview", now=now, target=target_of(person))
    return await preview_digests(system, person.id, now)
