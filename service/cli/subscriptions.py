"""`trial-alerts subscriptions`: imports and exports CSV files."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from service.actions.export_subscriptions import SomeAreMissing, export_subscriptions
from service.actions.import_lines import COLUMNS, NEEDED
from service.actions.import_subscriptions import Import, import_subscriptions
from service.cli.context import CommandFailed, Incomplete
from service.cli.csv_files import open_csv, require_each_once
from service.cli.import_run import ImportProgress, RejectionReport, Result, stopped_by_ctrl_c
from service.cli.operator import this_operator
from service.domain.imported_columns import is_of_suppressions, lacks
from service.system import System


async def import_file(
    system: System,
    path: Path,
    report_path: Path,
    progress: ImportProgress,
    *,
    topics: Sequence[str] = (),
    first_line: int = 1,
    dry_run: bool = False,
) -> Result:
    """Imports the lines of a file from `first_line` on; rejected lines are written to the report.

    Idempotent: existing subscriptions are unchanged. Raises CommandFailed if a column is missing or
    repeated, and for a file of suppressions.
    """
    file = open_csv(path)
    if is_of_suppressions(file.names):
        raise CommandFailed(f"{path.name} is a file of suppressions: nobody in it is subscribed.")
    if missing := lacks(file.names, NEEDED[:1] if topics else NEEDED):
        hint = "; give --topic for lines without one" if missing == ["topic"] else ""
        columns = "the column" if len(missing) == 1 else "the columns"
        raise CommandFailed(f"{path.name} lacks {columns} {' and '.join(missing)}{hint}.")
    require_each_once(file, COLUMNS)
    report = RejectionReport(report_path, go_on=first_line > 1)
    job = Import(system, report.reject, topics, dry_run)
    try:
        with stopped_by_ctrl_c() as stopping:
            done = await import_subscriptions(
                job,
                this_operator(),
                file.lines(first_line),
                progress=lambda line: progress(line, file.line_count),
                stopping=stopping,
            )
    finally:
        report.close()
    where = report_path if report.is_written else None
    go_on = done.last + 1 if done.stopped else None
    return Result(done.new, done.known, done.rejected, go_on, where, done.moved)


async def export(system: System, out: TextIO, progress: Callable[[int], None]) -> int:
    """Writes all active subscriptions as CSV for `import`, with plain addresses; returns how many.

    Raises Incomplete at the end if an address could not be decrypted; all others are written.
    """
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    try:
        return await export_subscriptions(system, this_operator(), writer.writerow, system.now(), progress)
    except SomeAreMissing as problem:
        raise Incomplete(
            f"{problem.people} people are missing: none of the secret keys decrypts their addresses (the log "
            "has their ids)."
        ) from None
