"""Mail that somebody asked for at a form: queued for the moment at which the mailbox's limit allows it."""

from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import deliveries, quota
from service.system import System

_log = structlog.get_logger("requests")


class Requested(NamedTuple):
    """The delivery that answers a request, and whether it was queued for it or waited already."""

    delivery_id: int
    is_new: bool


async def queue_within_limit(
    connection: AsyncConnection,
    system: System,
    subscriber_id: int,
    kind: str,
    address: str,
    now: datetime,
    *,
    context: bytes | None = None,
) -> Requested | None:
    """The mail of `kind` that will go to a person: the one that waits, or a new one when the limit allows it.

    What a mail says is read when it is sent, so one that waits answers later requests too. None when more
    mails wait for the mailbox than could go within days.
    """
    waiting = await deliveries.untried(connection, subscriber_id, kind)
    if waiting is not None:
        return Requested(waiting, is_new=False)
    due_at = await quota.reserve(connection, system.addresses.bucket(address), now)
    if due_at is None:
        _log.warning("mailbox_flooded", kind=kind)
        return None
    number = await deliveries.queue(connection, subscriber_id, kind, now=now, due_at=due_at, context=context)
    return Requested(number, is_new=True)
