"""A stored value of one person that can't be used: logged by number, counted, and nobody else's concern.

Whatever handles many people at once (planning, mails, rotation, exports, retention) leaves out the one whose
zone, language, filters or sealed data raise, reports it here and goes on with the others.
"""

from collections.abc import Awaitable, Mapping
from enum import StrEnum
from typing import cast

import structlog
from redis.exceptions import RedisError

from service.job_queue import Redis
from service.system import System

_log = structlog.get_logger("people")

_COUNTS = "trial-alerts:{person-errors}"


class Stage(StrEnum):
    """What was being done when a person's value could not be used."""

    PLAN = "plan"
    DELIVER = "deliver"
    ROTATE = "rotate"
    EXPORT = "export"
    IMPORT = "import"
    RETENTION = "retention"


async def report(system: System, stage: Stage, errors: Mapping[int, str]) -> None:
    """Logs each person by number with the kind of the error, never its text, and counts them."""
    for subscriber_id, error in errors.items():
        _log.error("person_error", stage=str(stage), subscriber=subscriber_id, error=error)
    await count(system, stage, len(errors))


async def count(system: System, stage: Stage, number: int) -> None:
    """Adds to what /metrics shows. Without Redis the log alone tells."""
    if number:
        try:
            await cast("Awaitable[int]", system.redis.hincrby(_COUNTS, str(stage), number))
        except (RedisError, OSError, TimeoutError):
            _log.warning("redis_away", stage=str(stage))


async def counts(redis: Redis) -> dict[str, int]:
    """How often it happened, by stage, since Redis was emptied last. Raises what tells that Redis is away."""
    found = await cast("Awaitable[dict[bytes, bytes]]", redis.hgetall(_COUNTS))
    known = {name.decode(): int(number) for name, number in found.items()}
    return {str(stage): known.get(str(stage), 0) for stage in Stage}
