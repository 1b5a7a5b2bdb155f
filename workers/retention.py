"""The sweep that deletes what is not needed any longer, in chunks, each a transaction of its own."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service import person_errors
from service.actions import personal_data
from service.person_errors import Stage
from service.settings import Settings
from service.store.mail.deliveries import BULK
from service.store.people import retention, subscribers, terms_notices
from service.store.sql.database import is_away, reading, writing
from service.system import System

_log = structlog.get_logger("retention")

#: Rows of one transaction, and transactions of one kind in one look; the next look takes what is left.
_CHUNK = 500
_MOST_CHUNKS = 40

#: A webhook's id outlives every repetition of the request (75 h in Standard Webhooks' own schedule).
_WEBHOOKS = timedelta(days=9)
_QUOTA = timedelta(days=1)
_NOTES = timedelta(days=1)

Forget = Callable[[AsyncConnection], Awaitable[int]]
Find = partial[Coroutine[Any, Any, Sequence[int]]]


def _rules(settings: Settings, now: datetime) -> Mapping[str, Forget]:
    """What is forgotten at this moment, by a name for the log."""
    unconfirmed = _links_over(settings, now)
    deliveries = now - timedelta(days=settings.keep_deliveries_days)
    events = now - timedelta(days=settings.keep_events_days)
    return {
        "wishes": partial(retention.delete_unconfirmed_subscriptions, before=unconfirmed, limit=_CHUNK),
        "requests": partial(retention.delete_requests, before=unconfirmed, limit=_CHUNK),
        "address_changes": partial(
            retention.delete_address_changes,
            asked_before=unconfirmed,
            done_before=deliveries,
            limit=_CHUNK,
        ),
        "deliveries": partial(retention.delete_deliveries, before=deliveries, limit=_CHUNK),
        "event_bodies": partial(retention.delete_event_bodies, before=events, limit=_CHUNK),
        "webhooks": partial(retention.delete_webhook_ids, before=now - _WEBHOOKS, limit=_CHUNK),
        "audit": partial(
            retention.forget_audit,
            before=now - timedelta(days=settings.keep_evidence_days),
            limit=_CHUNK,
        ),
        "sent_notes": partial(retention.delete_send_receipts, before=now - _NOTES, limit=_CHUNK),
        "mail_quota": partial(retention.delete_mail_quota, before=now - _QUOTA, limit=_CHUNK),
    }


def _people(settings: Settings, now: datetime) -> Mapping[str, Find]:
    """Who is erased whole at this moment, by a name for the log."""
    evidence = now - timedelta(days=settings.keep_evidence_days)
    return {
        "unconfirmed": partial(retention.unconfirmed, before=_links_over(settings, now), limit=_CHUNK),
        "left": partial(retention.left_long_ago, before=evidence, limit=_CHUNK),
    }


def _links_over(settings: Settings, now: datetime) -> datetime:
    """What was asked for before has had its link expire, and its days of grace."""
    return now - timedelta(hours=settings.confirm_hours) - timedelta(days=settings.keep_unconfirmed_days)


async def sweep_retention(system: System) -> None:
    """Deletes what its time is over for, and queues the notices of new terms."""
    now = datetime.now(UTC)
    counts = {name: await _erase_all(system, find) for name, find in _people(system.settings, now).items()}
    for name, forget in _rules(system.settings, now).items():
        counts[name] = await _repeat(system, forget)
    counts["terms_notices"] = await _repeat(
        system, partial(terms_notices.queue_notices, now=now, priority=BULK, limit=_CHUNK)
    )
    done = {name: count for name, count in counts.items() if count}
    if done:
        _log.info("swept", **done)


async def _repeat(system: System, forget: Forget) -> int:
    """Works off one rule chunk by chunk."""
    total = 0
    for _ in range(_MOST_CHUNKS):
        if system.stopping.is_set():
            break
        async with writing(system.database) as connection:
            count = await forget(connection)
        total += count
        if not count:
            break
    return total


async def _erase_all(system: System, find: Find) -> int:
    """Erases the people found, each in a transaction of their own; one who can't be holds up no other."""
    total, failed = 0, dict[int, str]()
    for _ in range(_MOST_CHUNKS):
        async with reading(system.database) as connection:
            people = await find(connection)
        for subscriber_id in people:
            if system.stopping.is_set():
                return total
            try:
                total += await _erase(system, find, subscriber_id)
            except Exception as error:
                if is_away(error):
                    raise
                failed[subscriber_id] = type(error).__name__
        if failed.keys() >= set(people):
            break
    await person_errors.report(system, Stage.RETENTION, failed)
    return total


async def _erase(system: System, find: Find, subscriber_id: int) -> bool:
    """Erases one person, unless they came back meanwhile."""
    async with writing(system.database) as connection:
        await subscribers.lock(connection, subscriber_id)
        if not await find(connection, only=subscriber_id):
            return False
        await personal_data.erase(connection, system.keyring, system.addresses, subscriber_id)
        return True
