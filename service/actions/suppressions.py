"""Suppressions added and lifted by an operator."""

from datetime import datetime

import structlog

from service.actions.subject_rights import target_of
from service.domain.delivery.suppression import OWN_REQUESTS, Reason
from service.email_address import normalize_email
from service.store import audit
from service.store.audit import Operator
from service.store.people import subscribers, suppressions
from service.system import System

_log = structlog.get_logger("operators")


class AskedByPerson(Exception):
    """The person asked for the suppression, and it was not stated that they ask for mail again."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The person asked for this ({reason}): say with asked_by_person that they ask again."
        )
        self.reason = reason


async def add(system: System, operator: Operator, address: str, *, now: datetime) -> bool:
    """Suppresses an address; False if it was suppressed before, for a reason that is kept.

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
    """Lifts a suppression; False if there was none. Changes missed meanwhile are sent.

    Raises InvalidAddress, and AskedByPerson for a suppression that the person asked for, unless they asked
    for lifting it.
    """
    index = system.addresses.of(normalize_email(address))
    async with system.writing() as connection:
        reason = await suppressions.reason_of(connection, index)
        # Only for these reasons, as the person may ask for it at this moment.
        may_lift = None if asked_by_person else frozenset(Reason) - OWN_REQUESTS
        lifted = await suppressions.lift(connection, index, may_lift)
        if not lifted and (kept := await suppressions.reason_of(connection, index)):
            raise AskedByPerson(kept)
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
