"""Records that events are refused for their signature: the ingestor's secret or its clock is wrong.

Requests without a signature are not recorded, since anybody can send them.
"""

import contextlib
import time
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
import structlog
from litestar import Request
from redis.exceptions import RedisError

from service.redis.job_queue import Redis
from service.redis.rate_counters import PREFIX
from service.system import System
from service.web.http.client import network

_log = structlog.get_logger("events")

_KEY = PREFIX + "refused-events"
_HOUR = 3600

#: Seconds between two records of a process.
_PAUSE = 60.0


class EventRefusalReason(StrEnum):
    """Why events are refused; the value is stored, and is the label of a counter."""

    UNSIGNED = "unsigned"  # without a signature, as anybody can send it
    SIGNATURE = "signature"  # it matches no secret, or is not in the standard's form
    TIME = "time"  # it is too old or from the future


#: Advice for the operator.
ADVICE = {
    EventRefusalReason.SIGNATURE: "If they are your ingestor’s, give it a secret of ALERTS_WEBHOOK_SECRETS.",
    EventRefusalReason.TIME: "If they are your ingestor’s, set its clock, or the database’s (NTP).",
}

_WORDS = {
    EventRefusalReason.SIGNATURE: "their signature does not match",
    EventRefusalReason.TIME: "their time is more than five minutes off",
}


class RefusedEvents(msgspec.Struct, frozen=True):
    """The last refusal of events: its time, the network that they came from, and the reason."""

    at: datetime
    network: str
    reason: EventRefusalReason = EventRefusalReason.SIGNATURE

    def lasts(self, accepted_at: datetime | None) -> bool:
        """Whether no event was accepted afterwards; `accepted_at`: when the last one was."""
        return accepted_at is None or accepted_at < self.at

    @property
    def words(self) -> str:
        """Why, and where they came from, as a part of a sentence."""
        return f"{_WORDS[self.reason]}; the last came at {self.at:%H:%M} UTC from {self.network}"


async def record(request: Request[Any, Any, Any], system: System, reason: EventRefusalReason) -> None:
    """Logs, once a minute, that a signed request is refused, and records it for an hour."""
    state, now = request.app.state, time.monotonic()
    if now < state.get("events_refused_until", 0.0):
        return
    state.events_refused_until = now + _PAUSE
    refused = RefusedEvents(system.now(), network(request, system.settings), reason)
    _log.warning("events_refused", reason=str(reason), network=refused.network, advice=ADVICE[reason])
    with contextlib.suppress(RedisError, OSError, TimeoutError):  # the log has it
        await system.redis.set(_KEY, msgspec.json.encode(refused), ex=_HOUR)


async def last(redis: Redis) -> RefusedEvents | None:
    """The last record within the hour; None without one, or without Redis."""
    with contextlib.suppress(RedisError, OSError, TimeoutError):
        if found := await redis.get(_KEY):
            return msgspec.json.decode(found, type=RefusedEvents)
    return None
