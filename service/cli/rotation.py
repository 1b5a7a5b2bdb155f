"""`trial-alerts keys rotate`: everything sealed by an older key is sealed by the newest, with progress."""

from collections.abc import Callable

from service.actions.key_rotation import RotationProgress, reencrypt, remaining
from service.cli.context import CommandFailed
from service.cli.operator import record
from service.system import System

#: Seconds of one pass; passes follow each other until nothing is left.
_PASS = 60.0
_MOST_PASSES = 10_000


async def rotate(system: System, progress: Callable[[int, int], None]) -> RotationProgress:
    """Carries the rotation to its end, beside the workers that do the same in the background.

    `progress` hears how many rows are done and how many there were. Afterwards older keys may be dropped
    from ALERTS_SECRET_KEYS. Raises CommandFailed when rows are left that none of the keys opens.
    """
    await record(system, "keys.rotate")
    total, done = await remaining(system.database, system.keyring), 0

    def hear(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done, max(total, done))

    for _ in range(_MOST_PASSES):
        result = await reencrypt(system.database, system.keyring, seconds=_PASS, progress=hear)
        if result.done:
            break
    left = await remaining(system.database, system.keyring)
    if left:
        raise CommandFailed(
            f"{left} rows are still sealed by another key: run this again, or bring back the key that "
            "was dropped from ALERTS_SECRET_KEYS."
        )
    return result
