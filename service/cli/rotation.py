"""`trial-alerts keys rotate`: everything sealed by an older key is sealed by the newest, with progress."""

from collections.abc import Callable
from datetime import UTC, datetime

from service.actions import key_rotation
from service.actions.key_rotation import RotationProgress, RowsLeft
from service.cli.context import CommandFailed
from service.cli.operator import this_operator
from service.system import System


async def rotate(system: System, progress: Callable[[int, int], None]) -> RotationProgress:
    """Carries the rotation to its end. Raises CommandFailed when none of the keys opens some rows."""
    try:
        return await key_rotation.rotate(system, this_operator(), datetime.now(UTC), progress)
    except RowsLeft as problem:
        raise CommandFailed(
            f"{problem.rows} rows are still sealed by another key: run this again, or bring back the key "
            "that was dropped from ALERTS_SECRET_KEYS."
        ) from None
