"""`trial-alerts subscriptions`: imports and exports CSV files."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from service.actions.export_subscriptions import SomeAreMissing, export_subscriptions
from service.actions.import_subscriptions import COLUMNS, NEEDED, import_subscriptions
from service.cli.context import CommandFailed
from service.cli.operator import this_operator
from service.system import System


async def import_file(
    system: System, file: Path, report: Path, progress: Callable[[int, int], None]
) -> tuple[int, int]:
    """Imports the lines of `file`; rejected lines are written to `report` with line number and reason.

    Returns the numbers of imported and rejected lines. Idempotent: existing subscriptions are unchanged.
    Raises CommandFailed if required columns are missing.
    """
    lines = _lines(file)
    done = await import_subscriptions(system, this_operator(), lines, datetime.now(UTC), progress)
    if done.rejected:
        with report.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([("line", "reason"), *done.rejected])
    return done.lines, len(done.rejected)


def _lines(file: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.DictReader(source)
            missing = NEEDED - set(reader.fieldnames or ())
            if missing:
                raise CommandFailed(f"{file.name} lacks the column {', '.join(sorted(missing))}.")
            return [(reader.line_num, values) for values in reader]
    except (UnicodeDecodeError, csv.Error):
        raise CommandFailed(f"{file.name} is not a CSV file in UTF-8.") from None


async def export(system: System, out: TextIO, progress: Callable[[int], None]) -> int:
    """Writes all active subscriptions as CSV for `import`, with plain addresses; returns how many.

    Raises CommandFailed at the end if an address could not be decrypted; all others are written.
    """
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    try:
        return await export_subscriptions(
            system, this_operator(), writer.writerow, datetime.now(UTC), progress
        )
    except SomeAreMissing as problem:
        raise CommandFailed(
            f"{problem.people} people are missing: none of the secret keys decrypts their addresses (the log "
            "has their ids)."
        ) from None
