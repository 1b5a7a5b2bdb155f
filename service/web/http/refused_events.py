"""Records that events are refused for their signature: the ingestor's secret or its clock is wrong.

Requests without a signature are not recorded, since anybody can send them.
"""

import contextlib
import time
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog
from litestar import Request
from redis.exceptions import RedisError

from service.job_queue import Redis
from service.rate_counters import PREFIX
from service.system import System
from service.web.http.client import network

_log = structlog.get_logger("events")

_KEY = PREFIX + "refused-events"
_HOUR = 3600

#: Seconds between two records of a process.
_PAUSE = 60.0

#: Advice for the operator.
ADVICE = "If they are your ingestor’s, give it a secret of ALERTS_WEBHOOK_SECRETS, and set its clock."


class RefusedEvents(msgspec.Struct, frozen=True):
    """When events were last refused, and the network that they came from."""

    at: datetime
    network: str


async def record(request: Request[Any, Any, Any], system: System) -> None:
    """Logs, once a minute, that a signed request is refused, and records it for an hour."""
    state, now = request.app.state, time.monotonic()
    if now < state.get("events_refused_until", 0.0):
        return
    state.events_refused_until = now + _PAUSE
    refused = RefusedEvents(datetime.now(UTC), network(request, system.settings))
    _log.warning("events_refused", reason="signature", network=refused.network, advice=ADVICE)
    with contextlib.suppress(RedisError, OSError, TimeoutError):  # the log has it
        await system.redis.set(_KEY, msgspec.json.encode(refused), ex=_HOUR)


async def last(redis: Redis) -> RefusedEvents | None:
    """The last record within the hour; None without one, or without Redis."""
    with contextlib.suppress(RedisError, OSError, TimeoutError):
        if found := await redis.get(_KEY):
            return msgspec.json.decode(found, type=RefusedEvents)
    return None
