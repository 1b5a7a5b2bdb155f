"""Operators' look-ups of an address; each is audited before it returns anything."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from service.actions import audit_log
from service.actions.subject_rights import target_of
from service.store.admin import browse
from service.store.admin.browse import Delivery
from service.store.audit import Operator
from service.store.people import subscribers, suppressions
from service.store.people.rows import Subscriber, Suppression
from service.system import System


class AddressStatus(NamedTuple):
    """The subscriber of an address, its suppression, and the newest mails to that person."""

    subscriber: Subscriber | None
    suppression: Suppression | None
    deliveries: Sequence[Delivery]


async def status_of(system: System, address: str, *, limit: int, before: int | None = None) -> AddressStatus:
    """The status of a normalized address, for the answer to an action that was audited itself.

    `limit` deliveries at most, with ids below `before`.
    """
    index = system.addresses.of(address)
    async with system.reading() as connection:
        person = await subscribers.find(connection, index)
        return AddressStatus(
            person,
            await suppressions.get(connection, index),
            await browse.deliveries_of(connection, person.id, before=before, limit=limit) if person else (),
        )


async def deliveries_to(
    system: System,
    operator: Operator,
    address: str,
    now: datetime,
    *,
    limit: int,
    before: int | None = None,
) -> AddressStatus:
    """Like `status_of`, but audited."""
    found = await status_of(system, address, limit=limit, before=before)
    target = target_of(found.subscriber)
    await audit_log.record(system, operator, "deliveries.search", now=now, target=target)
    return found


async def suppression_of(
    system: System, operator: Operator, address: str, now: datetime
) -> Suppression | None:
    """The suppression of a normalized address, or None. Audited."""
    index = system.addresses.of(address)
    async with system.reading() as connection:
        suppression = await suppressions.get(connection, index)
        target = target_of(await subscribers.find(connection, index))
    await audit_log.record(system, operator, "suppressions.search", now=now, target=target)
    return suppression
