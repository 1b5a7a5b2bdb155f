"""The job that reencrypts rows after a rotation of the secret keys, until no row needs an older key."""

import structlog

from service import person_errors
from service.actions import key_rotation
from service.person_errors import Operation
from service.redis.job_queue import Job
from service.system import System

_log = structlog.get_logger("rotate_keys")

#: Seconds per run; the next run continues.
_SECONDS = 30.0


async def rotate_keys(system: System) -> None:
    """Reencrypts values that an older key encrypted; a single query when there is nothing to do."""
    if await key_rotation.is_complete(system.database, system.keyring):
        return
    result = await key_rotation.reencrypt(system.database, system.keyring, seconds=_SECONDS)
    await person_errors.count(system, Operation.ROTATE, result.unreadable)
    _log.info("keys_rotated", rows=result.rows, unreadable=result.unreadable, done=result.done)
    if not result.done:
        system.notifier.notify(Job.ROTATE_KEYS)
