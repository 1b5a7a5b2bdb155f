"""The job that reencrypts rows after a rotation of the secret keys, until no row needs an older key."""

from weakref import WeakKeyDictionary

import structlog
from sqlalchemy.engine import Engine

from service import person_errors
from service.actions import key_rotation
from service.actions.key_rotation import RotationPosition
from service.person_errors import Operation
from service.redis.job_queue import Job
from service.system import System

_log = structlog.get_logger("rotate_keys")

#: Seconds per run; the next run continues.
_SECONDS = 30.0

#: The position at which this process goes on, by database.
_positions: WeakKeyDictionary[Engine, RotationPosition] = WeakKeyDictionary()


async def rotate_keys(system: System) -> None:
    """Reencrypts values that an older key encrypted; a single query when there is nothing to do."""
    if await key_rotation.is_complete(system.database, system.keyring):
        return
    position = _positions.setdefault(system.database.sync_engine, RotationPosition())
    result = await key_rotation.reencrypt(
        system.database, system.keyring, seconds=_SECONDS, position=position
    )
    await person_errors.count(system, Operation.ROTATE, result.unreadable)
    _log.info("keys_rotated", rows=result.rows, unreadable=result.unreadable, done=result.done)
    if result.done:
        _positions.pop(system.database.sync_engine, None)
    else:
        system.notifier.notify(Job.ROTATE_KEYS)
