"""Processes queued requests of visitors in order: the effect and the removal in one transaction each."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service import rate_limit, request_queue
from service.actions import change_address, preferences
from service.actions import subscribe as sign_ups
from service.domain.buckets import BUCKETS
from service.redis.job_queue import Job
from service.request_queue import RequestKind
from service.runtime import tracing
from service.store.mail import requests
from service.store.mail.requests import WaitingRequest
from service.store.sql import clock
from service.store.sql.database import is_away
from service.system import System

_log = structlog.get_logger("requests")

_BATCH = 100
_MOST_BATCHES = 50

#: Handles one request; returns whether it queued a mail.
Handler = Callable[[AsyncConnection, System, Any, datetime], Awaitable[bool]]

#: Payload type and handler of each kind of request.
HANDLERS: dict[str, tuple[type[msgspec.Struct], Handler]] = {
    RequestKind.SUBSCRIBE: (request_queue.SignUp, sign_ups.subscribe),
    RequestKind.FRESH_CONFIRMATION: (request_queue.FreshConfirmation, sign_ups.fresh_confirmation),
    RequestKind.PREFERENCES_LINK: (request_queue.PreferencesLinkRequest, preferences.send_link),
    RequestKind.NEW_ADDRESS: (request_queue.AddressChangeRequest, change_address.queue_confirmation),
}


async def process_requests(system: System, buckets: Sequence[int] = BUCKETS) -> None:
    """Processes the queued requests of these buckets.

    Notifies itself again if a bucket has more than _MOST_BATCHES batches.
    """
    async with system.reading() as connection:
        waiting = await requests.waiting_buckets(connection, buckets)
    mails = sum([await _process_bucket(system, bucket) for bucket in waiting])
    if mails:
        await rate_limit.count_hourly(system, "asked", mails)


async def _process_bucket(system: System, bucket: int) -> int:
    """Processes a bucket's requests; returns how many mails they caused."""
    after, mails = 0, 0
    for _ in range(_MOST_BATCHES):
        if system.stopping.is_set():
            break
        async with system.writing() as connection:
            await requests.take_turn(connection, bucket)
            rows = await requests.waiting(connection, bucket, after, _BATCH)
            queued = sum([await _handle(connection, system, row) for row in rows])
        if queued:
            system.notifier.notify(Job.DELIVER)
            mails += queued
        if len(rows) < _BATCH:
            break
        after = rows[-1].id
    else:
        system.notifier.notify(Job.PROCESS_REQUESTS)
    return mails


async def _handle(connection: AsyncConnection, system: System, row: WaitingRequest) -> bool:
    """Handles one row; one that fails stays queued for the next run and doesn't block the others.

    One whose person had everything erased meanwhile, this request with it, has no effect. Raises the error
    if it shows that the database is unavailable (`is_away`).
    """
    try:
        async with connection.begin_nested() as savepoint:
            payload_type, handler = HANDLERS[row.kind]
            queued = request_queue.decrypt(system.keyring, row.kind, row.sealed)
            request = msgspec.json.decode(queued.content, type=payload_type)
            with (
                structlog.contextvars.bound_contextvars(request_id=queued.request_id),
                tracing.span("process_request", request_id=queued.request_id, kind=row.kind),
            ):
                mailed = await handler(connection, system, request, clock.now(system.database))
                if not await requests.remove(connection, row.id):
                    await savepoint.rollback()
                    return False
                _log.info("request_processed", request=row.id, kind=row.kind, mailed=mailed)
            return mailed
    except Exception as error:
        if is_away(error):
            raise
        # Any other error of one request must not block the others.
        _log.error("request_failed", request=row.id, kind=row.kind, error=type(error).__name__)
        return False
