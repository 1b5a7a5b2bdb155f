"""Unusable stored values of a single subscriber: logged by id and counted, without affecting others.

Batch code (planning, delivery, rotation, export, retention) skips a subscriber whose time zone, language,
filters or encrypted data raise an error, reports it here and continues with the others.
"""

from collections.abc import Awaitable, Mapping
from enum import StrEnum
from typing import cast

import structlog
from redis.exceptions import RedisError

from service.redis.job_queue import Redis
from service.redis.pool import log_failure
from service.system import System

_log = structlog.get_logger("people")

_COUNTS = "trial-alerts:{person-errors}"


class Operation(StrEnum):
    """The operation in which the value could not be used."""

    PLAN = "plan"  # planning digests
    DELIVER = "deliver"  # rendering and sending a mail
    ROTATE = "rotate"  # rotation of the secret keys
    EXPORT = "export"  # an export of subscriptions
    IMPORT = "import"  # an import of subscriptions
    RETENTION = "retention"  # erasure after the retention period
    PAGE = "page"  # the preferences page and the data it offers


async def report(system: System, operation: Operation, errors: Mapping[int, str]) -> None:
    """Logs each subscriber id with the type of the error, never its text, and counts them."""
    for subscriber_id, error in errors.items():
        _log.error("person_error", stage=str(operation), subscriber=subscriber_id, error=error)
    await count(system, operation, len(errors))


async def count(system: System, operation: Operation, number: int) -> None:
    """Adds to the metric. Without Redis there is only the log."""
    if number:
        try:
            await cast("Awaitable[int]", system.redis.hincrby(_COUNTS, str(operation), number))
        except (RedisError, OSError, TimeoutError) as error:
            log_failure(error, stage=str(operation))


async def counts(redis: Redis) -> dict[str, int]:
    """The counts by operation since Redis was last flushed. Raises RedisError, OSError or TimeoutError."""
    found = await cast("Awaitable[dict[bytes, bytes]]", redis.hgetall(_COUNTS))
    known = {name.decode(): int(number) for name, number in found.items()}
    return {str(operation): known.get(str(operation), 0) for operation in Operation}
