"""Mail requested at a form: queued for the time at which the mailbox's limit allows it."""

import time
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.kinds import MailKind
from service.domain.mailbox_buckets import domain_of, is_large_provider
from service.store.mail import deliveries, quota
from service.system import System

_log = structlog.get_logger("requests")

#: How many times a large provider's limit is that of other domains.
_LARGE = 20

#: Minimum seconds between two warnings about domains, and the earliest time of the next.
_WARN_PAUSE = 60.0
_quiet_until = 0.0


class Requested(NamedTuple):
    """The delivery that answers a request, and whether this request queued it."""

    delivery_id: int
    is_new: bool


async def queue_within_limit(
    connection: AsyncConnection,
    system: System,
    subscriber_id: int,
    kind: MailKind,
    address: str,
    now: datetime,
    *,
    context: bytes | None = None,
    suppression: str | None = None,
    is_full: bool = False,
) -> Requested | None:
    """Returns the person's queued mail of `kind`, or queues a new one at the time that the limit allows.

    A mail's content is loaded when it is sent, so a queued one answers later requests too, unless it
    `is_full` and another can be queued. It is sent in spite of a suppression for the reason `suppression`.
    None if more mails are queued for the mailbox than may be sent within days.
    """
    waiting = await deliveries.untried(connection, subscriber_id, kind)
    if waiting is None or is_full:
        due_at = await _reserve(connection, system, address, now)
        if due_at is not None:
            number = await deliveries.queue(
                connection,
                subscriber_id,
                kind,
                now=now,
                due_at=due_at,
                context=context,
                passes_suppression=suppression,
            )
            return Requested(number, is_new=True)
    if waiting is None:
        _log.warning("mailbox_flooded", kind=kind)
        return None
    if suppression is not None:
        await deliveries.pass_suppression(connection, waiting, suppression)
    return Requested(waiting, is_new=False)


async def _reserve(
    connection: AsyncConnection, system: System, address: str, now: datetime
) -> datetime | None:
    """The time that the limits of the mailbox and of its domain allow; None if it is too far ahead."""
    index = system.addresses
    an_hour = system.settings.signup_limit * (_LARGE if is_large_provider(domain_of(address)) else 1)
    due_at, delay = await quota.reserve_within(
        connection, index.mailbox(address), index.domain(address), now, an_hour=an_hour
    )
    if delay:
        _warn(delay)
    return due_at


def _warn(delay: timedelta) -> None:
    """Warns, rate-limited, that a domain exceeds its limit; not which one, since it may identify a person."""
    global _quiet_until
    if time.monotonic() >= _quiet_until:
        _quiet_until = time.monotonic() + _WARN_PAUSE
        _log.warning("domain_over_limit", delay_minutes=round(delay.total_seconds() / 60, 1))
