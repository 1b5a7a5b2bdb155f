"""Addresses that must not be written to: added and lifted by an operator."""

from datetime import datetime

import structlog

from service.actions.subject_rights import target_of
from service.email_address import normalize_email
from service.store.admin import audit
from service.store.admin.audit import Operator
from service.store.people import subscribers, suppressions
from service.store.people.suppressions import OWN_WISHES, Reason
from service.system import System

_log = structlog.get_logger("operators")


class AskedByPerson(Exception):
    """The person asked not to be written to, and nobody says that the person asks for mail again."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The person asked for this ({reason}): say with asked_by_person that they ask again."
        )
        self.reason = reason


async def add(system: System, operator: Operator, address: str, *, now: datetime) -> bool:
    """Ends all mail to an address; False when it was suppressed already, whose reason then stays.

    Raises InvalidAddress.
    """
    index = system.addresses.of(normalize_email(address))
    async with system.writing() as connection:
        fresh = await suppressions.add(connection, index, Reason.OPERATOR, source="operator", now=now)
        target = target_of(await subscribers.find(connection, index))
        await audit.record(
            connection, operator, "suppressions.add", now=now, target=target, changed=int(fresh)
        )
    _log.info("address_suppressed", suppressions=int(fresh))
    return fresh


async def lift(
    system: System, operator: Operator, address: str, *, asked_by_person: bool, now: datetime
) -> bool:
    """Lets an address be written to again; False when it was. What was missed meanwhile is caught up with.

    Raises InvalidAddress, and AskedByPerson for what the person asked for, unless the person asks for this
    too.
    """
    index = system.addresses.of(normalize_email(address))
    async with system.writing() as connection:
        reason = await suppressions.reason_of(connection, index)
        if reason in OWN_WISHES and not asked_by_person:
            raise AskedByPerson(str(reason))
        lifted = await suppressions.lift(connection, index)
        person = await subscribers.find(connection, index)
        await audit.record(
            connection,
            operator,
            "suppressions.lift",
            now=now,
            target=target_of(person),
            changed=int(lifted),
        )
    _log.info("suppression_lifted", suppressions=int(lifted), reason=reason)
    return lifted
