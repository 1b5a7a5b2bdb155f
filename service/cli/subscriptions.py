"""`trial-alerts subscriptions`: CSV files of subscriptions, read and written."""

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
    """Imports the lines of `file`; what can't be is named in `report` with its line number and reason.

    Returns how many were imported and rejected. Safe to repeat: what is followed already stays as it is.
    Raises CommandFailed for a file without the needed columns.
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
        raise CommandFailed(f"{file.name} is no CSV file in UTF-8.") from None


async def export(system: System, out: TextIO, progress: Callable[[int], None]) -> int:
    """Writes every active subscription as CSV that `import` reads, addresses open; returns how many.

    Raises CommandFailed at the end when somebody's address could not be opened: all others are written.
    """
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    try:
        return await export_subscriptions(
            system, this_operator(), writer.writerow, datetime.now(UTC), progress
        )
    except SomeAreMissing as problem:
        raise CommandFailed(
            f"{problem.people} people are missing: none of the secret keys opens their addresses (the log "
            "names them by number)."
        ) from None
