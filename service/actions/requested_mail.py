"""Mail requested at a form: queued for the time at which the mailbox's limit allows it."""

import time
from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions import mailbox_turns
from service.domain.delivery.kinds import MailKind
from service.domain.mailbox_buckets import domain_of, is_large_provider
from service.store.mail import deliveries, quota
from service.store.mail.deliveries import WaitingDelivery
from service.system import System

_log = structlog.get_logger("requests")

#: The limit of a large provider as a multiple of that of other domains.
_LARGE = 20

#: Minimum seconds between two equal warnings, and the earliest time of the next of each.
_WARN_PAUSE = 60.0
_quiet_until: dict[str, float] = {}


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
) -> Requested:
    """Returns the person's queued mail of `kind`, or queues a new one at the time that the limit allows.

    A mail's content is loaded when it is sent, so a queued one answers later requests too, unless it
    `is_full`. It is sent in spite of a suppression for the reason `suppression`. If it would wait for more
    than a day, it goes before mails that have less claim to the mailbox (`mailbox_turns`).
    """
    waiting = None if is_full else await deliveries.untried(connection, subscriber_id, kind)
    mail = waiting
    if mail is None:
        due_at = await _reserve(connection, system, address, now)
        number = await deliveries.queue(
            connection,
            subscriber_id,
            kind,
            now=now,
            due_at=due_at,
            context=context,
            passes_suppression=suppression,
        )
        mail = WaitingDelivery(number, due_at)
    elif suppression is not None:
        await deliveries.pass_suppression(connection, mail.id, suppression)
    if await mailbox_turns.advance(connection, system, subscriber_id, kind, mail, address, now):
        _warn("mailbox_flooded", kind=kind)
    return Requested(mail.id, is_new=waiting is None)


async def _reserve(connection: AsyncConnection, system: System, address: str, now: datetime) -> datetime:
    """The time that the limits of the mailbox and of its domain allow."""
    index = system.addresses
    an_hour = system.settings.signup_limit * (_LARGE if is_large_provider(domain_of(address)) else 1)
    due_at, delay = await quota.reserve_within(
        connection, index.mailbox(address), index.domain(address), now, an_hour=an_hour
    )
    if delay:
        _warn("domain_over_limit", delay_minutes=round(delay.total_seconds() / 60, 1))
    return due_at


def _warn(event: str, **values: float | str) -> None:
    """Warns, rate-limited, of a limit that delays mail; not whose, since that may identify a person."""
    if time.monotonic() >= _quiet_until.get(event, 0.0):
        _quiet_until[event] = time.monotonic() + _WARN_PAUSE
        _log.warning(event, **values)
