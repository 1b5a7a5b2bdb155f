"""`trial-alerts keys rotate`: reencrypts everything with the newest secret key."""

from collections.abc import Callable

from service.actions import key_rotation
from service.actions.key_rotation import RotationProgress, RowsLeft
from service.cli.context import CommandFailed, counted
from service.cli.operator import this_operator
from service.system import System


async def rotate(system: System, progress: Callable[[int, int], None]) -> RotationProgress:
    """Completes the rotation. Raises CommandFailed if some rows can't be decrypted with any key."""
    try:
        return await key_rotation.rotate(system, this_operator(), system.now(), progress)
    except RowsLeft as problem:
        raise CommandFailed(
            f"{counted(problem.rows, 'value')} still encrypted with another key: run this again, or restore "
            "the key that was removed from ALERTS_SECRET_KEYS."
        ) from None
