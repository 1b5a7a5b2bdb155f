"""Retention: deletes rows whose retention period is over, in chunks of one transaction each."""

from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from service import person_errors
from service.actions import personal_data
from service.configuration.settings import Settings
from service.domain.buckets import BUCKETS
from service.person_errors import Operation
from service.store.changes import revisions
from service.store.people import retention, subscribers, terms_notices
from service.store.sql import clock
from service.store.sql.database import is_away
from service.system import System
from workers.ingest.late_followers import move_late_followers

_log = structlog.get_logger("retention")

#: Rows per transaction, and transactions per rule and run; the next run deletes the rest.
_CHUNK = 500
_MOST_CHUNKS = 40

#: Webhook ids are kept longer than any retry of the request (75 h in Standard Webhooks' schedule).
_WEBHOOKS = timedelta(days=9)
_QUOTA = timedelta(days=1)
_RECEIPTS = timedelta(days=1)
#: A monthly digest's news may be derived again until it is sent.
_REVISIONS = timedelta(days=45)

Delete = Callable[..., Awaitable[int]]
Find = Callable[..., Coroutine[Any, Any, Sequence[int]]]


def _personal_rules(settings: Settings, now: datetime) -> Mapping[str, Delete]:
    """The deletions in one bucket that are due now, by their name in the log."""
    unconfirmed = _unconfirmed_before(settings, now)
    deliveries = now - timedelta(days=settings.keep_deliveries_days)
    return {
        "unconfirmed_subscriptions": partial(
            retention.delete_unconfirmed_subscriptions, before=unconfirmed, limit=_CHUNK
        ),
        "requests": partial(retention.delete_requests, before=unconfirmed, limit=_CHUNK),
        "address_changes": partial(
            retention.delete_address_changes,
            asked_before=unconfirmed,
            done_before=deliveries,
            limit=_CHUNK,
        ),
        "deliveries": partial(retention.delete_deliveries, before=deliveries, limit=_CHUNK),
        "send_receipts": partial(retention.delete_send_receipts, before=now - _RECEIPTS),
        "mail_quota": partial(retention.delete_mail_quota, before=now - _QUOTA, limit=_CHUNK),
        "terms_notices": partial(terms_notices.queue_notices, now=now, limit=_CHUNK),
    }


def _rules(settings: Settings, now: datetime) -> Mapping[str, Delete]:
    """The other deletions that are due now, by their name in the log."""
    events = now - timedelta(days=settings.keep_events_days)
    return {
        "event_bodies": partial(retention.delete_event_bodies, before=events, limit=_CHUNK),
        "trial_revisions": partial(revisions.fold, before=now - _REVISIONS, limit=_CHUNK),
        "webhooks": partial(retention.delete_webhook_ids, before=now - _WEBHOOKS, limit=_CHUNK),
        "audit": partial(
            retention.delete_audit,
            before=now - timedelta(days=settings.keep_evidence_days),
            limit=_CHUNK,
        ),
    }


def _people(settings: Settings, now: datetime) -> Mapping[str, Find]:
    """Queries for the subscribers to erase now, by their name in the log."""
    evidence = now - timedelta(days=settings.keep_evidence_days)
    return {
        "unconfirmed": partial(
            retention.unconfirmed, before=_unconfirmed_before(settings, now), limit=_CHUNK
        ),
        "left": partial(retention.left_long_ago, before=evidence, limit=_CHUNK),
    }


def _unconfirmed_before(settings: Settings, now: datetime) -> datetime:
    """The time before which unconfirmed requests have expired, days of grace included."""
    return now - timedelta(hours=settings.confirm_hours) - timedelta(days=settings.keep_unconfirmed_days)


async def sweep_retention(system: System, buckets: Sequence[int] = BUCKETS) -> None:
    """Deletes rows past their retention period, in these buckets, and queues the notices of new terms.

    People who began to follow a topic while its followers were being moved are moved as well.
    """
    now = clock.now(system.database)
    counts = Counter[str]()
    for bucket in buckets:
        counts["late_followers"] += await move_late_followers(system, bucket)
        for name, find in _people(system.settings, now).items():
            counts[name] += await _erase_all(system, partial(find, bucket=bucket))
        for name, delete in _personal_rules(system.settings, now).items():
            counts[name] += await _repeat(system, partial(delete, bucket=bucket))
    for name, delete in _rules(system.settings, now).items():
        counts[name] = await _repeat(system, delete)
    done = {name: count for name, count in counts.items() if count}
    if done:
        _log.info("retention_done", **done)


async def _repeat(system: System, delete: Delete) -> int:
    """Applies one rule chunk by chunk; returns the number of rows."""
    total = 0
    for _ in range(_MOST_CHUNKS):
        if system.stopping.is_set():
            break
        async with system.writing() as connection:
            count = await delete(connection)
        total += count
        if not count:
            break
    return total


async def _erase_all(system: System, find: Find) -> int:
    """Erases the subscribers found, each in its own transaction; one that fails doesn't block the others."""
    total, failed = 0, dict[int, str]()
    for _ in range(_MOST_CHUNKS):
        async with system.reading() as connection:
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
    await person_errors.report(system, Operation.RETENTION, failed)
    return total


async def _erase(system: System, find: Find, subscriber_id: int) -> bool:
    """Erases one subscriber, unless they have resubscribed meanwhile."""
    async with system.writing() as connection:
        await subscribers.lock(connection, subscriber_id)
        if not await find(connection, only=subscriber_id):
            return False
        await personal_data.erase(connection, system, subscriber_id, requested=False)
        return True
