"""Takes in what visitors asked for, in its order: each wish's effect and its removal in one transaction."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service import rate_limit, request_queue
from service.actions import preferences_requests
from service.actions import subscribe as sign_ups
from service.job_queue import Job
from service.request_queue import RequestKind
from service.store.mail import requests
from service.store.sql.database import is_away, writing
from service.system import System

_log = structlog.get_logger("requests")

_BATCH = 100
_MOST_BATCHES = 50

#: Acts on one wish; tells whether a mail was queued for it.
Handler = Callable[[AsyncConnection, System, Any, datetime], Awaitable[bool]]

#: What each kind of wish is read as, and what is done about it.
HANDLERS: dict[str, tuple[type[msgspec.Struct], Handler]] = {
    RequestKind.SUBSCRIBE: (request_queue.SignUp, sign_ups.subscribe),
    RequestKind.FRESH_CONFIRMATION: (request_queue.FreshConfirmation, sign_ups.fresh_confirmation),
    RequestKind.PREFERENCES_LINK: (request_queue.PreferencesLink, preferences_requests.preferences_link),
    RequestKind.NEW_ADDRESS: (request_queue.AddressChangeRequest, preferences_requests.new_address),
}


async def process_requests(system: System) -> None:
    """Takes in everything that waits; rings again when a great deal does."""
    after, mails = 0, 0
    for _ in range(_MOST_BATCHES):
        async with writing(system.database) as connection:
            await requests.take_turn(connection)
            rows = await requests.waiting(connection, after, _BATCH)
            asked = sum([await _take(connection, system, row) for row in rows])
        if asked:
            system.notifier.notify(Job.DELIVER)
            mails += asked
        if len(rows) < _BATCH or system.stopping.is_set():
            break
        after = rows[-1].id
    else:
        system.notifier.notify(Job.PROCESS_REQUESTS)
    if mails:
        await rate_limit.count_hourly(system, "asked", mails)


async def _take(connection: AsyncConnection, system: System, row: Any) -> bool:
    """Acts on one row. One that fails stays for the next look, and holds up no other.

    Raises what tells that the database is away: then none of them can be acted on.
    """
    try:
        async with connection.begin_nested():
            wanted, act = HANDLERS[row.kind]
            wish = msgspec.json.decode(
                request_queue.decrypt(system.keyring, row.kind, row.sealed), type=wanted
            )
            mailed = await act(connection, system, wish, datetime.now(UTC))
            await requests.remove(connection, row.id)
            return mailed
    except Exception as error:
        if is_away(error):
            raise
        # Whatever else one request stumbles over must not keep the others waiting.
        _log.error("request_failed", request=row.id, kind=row.kind, error=type(error).__name__)
        return False
