"""Digests on demand, by an operator: what is due, what is pending, and what the next ones would say."""

from collections.abc import Sequence
from datetime import datetime

from service.actions import audit_log
from service.actions.subject_rights import find, target_of
from service.digests import planner
from service.digests.preview import Preview
from service.digests.preview import preview as preview_digests
from service.store.admin.audit import Operator
from service.system import System


async def send_due(system: System, operator: Operator, now: datetime) -> int:
    """Plans and queues what is due, as the workers do by themselves; returns the digests. Audited."""
    await audit_log.record(system, operator, "digests.send_due", now=now)
    return await planner.plan(system)


async def send_now(system: System, operator: Operator, address: str | None, now: datetime) -> int:
    """Plans and queues everything pending, of all or of one person; returns the digests. Audited.

    Raises UnknownPerson.
    """
    person = None
    if address is not None:
        async with system.reading() as connection:
            person = await find(connection, system, address)
    await audit_log.record(system, operator, "digests.send_now", now=now, target=target_of(person))
    return await planner.plan_now(system, person.id if person is not None else None)


async def preview(system: System, operator: Operator, address: str, now: datetime) -> Sequence[Preview]:
    """What the next digests would say to a person. Audited. Raises UnknownPerson."""
    async with system.reading() as connection:
        person = await find(connection, system, address)
    await audit_log.record(system, operator, "digests.preview", now=now, target=target_of(person))
    return await preview_digests(system, person.id)
