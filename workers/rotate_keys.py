"""The job that carries a rotation of the secret keys on, until nothing needs an older key any more."""

import structlog

from service import person_errors
from service.actions import key_rotation
from service.job_queue import Job
from service.person_errors import Stage
from service.system import System

_log = structlog.get_logger("reseal")

#: Seconds of one look; what is left is looked at by the next.
_SECONDS = 30.0


async def rotate_keys(system: System) -> None:
    """Seals anew what an older key sealed; one read when there is nothing to do."""
    if await key_rotation.is_complete(system.database, system.keyring):
        return
    result = await key_rotation.reencrypt(system.database, system.keyring, seconds=_SECONDS)
    await person_errors.count(system, Stage.ROTATE, result.unreadable)
    _log.info("resealed", rows=result.rows, unreadable=result.unreadable, done=result.done)
    if not result.done:
        system.notifier.notify(Job.ROTATE_KEYS)
