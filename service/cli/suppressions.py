"""`trial-alerts suppressions`: imports and exports CSV files."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from service.actions.transfer_suppressions import COLUMNS, export_suppressions, import_suppressions
from service.cli.context import CommandFailed
from service.cli.csv_files import open_csv, require_each_once
from service.cli.import_run import ImportProgress, RejectionReport, Result, stopped_by_ctrl_c
from service.cli.operator import this_operator
from service.domain.imported_columns import is_of_subscriptions, lacks
from service.system import System


async def import_file(
    system: System,
    path: Path,
    report_path: Path,
    progress: ImportProgress,
    *,
    first_line: int = 1,
    dry_run: bool = False,
) -> Result:
    """Suppresses the addresses of a file from `first_line` on; rejected lines are written to the report.

    Raises CommandFailed if the file names neither addresses nor their hashes, or is one of subscriptions.
    """
    file = open_csv(path)
    if is_of_subscriptions(file.names):
        raise CommandFailed(
            f"{path.name} is a file of subscriptions: nobody in it is suppressed. If these addresses must "
            "not be written to, leave only the column email, or add a column reason."
        )
    if lacks(file.names, ("email",)) and lacks(file.names, ("address_index", "index_key")):
        raise CommandFailed(f"{path.name} lacks the column email.")
    require_each_once(file, COLUMNS)
    report = RejectionReport(report_path, go_on=first_line > 1)
    try:
        with stopped_by_ctrl_c() as stopping:
            done = await import_suppressions(
                system,
                this_operator(),
                file.lines(first_line),
                report.reject,
                progress=lambda line: progress(line, file.line_count),
                stopping=stopping,
                dry_run=dry_run,
            )
    finally:
        report.close()
    where = report_path if report.is_written else None
    go_on = done.last + 1 if done.stopped else None
    return Result(done.new, done.known, done.rejected, go_on, where, replaced=done.replaced)


async def export(system: System, out: TextIO, progress: Callable[[int], None]) -> int:
    """Writes all suppressions as CSV for `import`; returns how many."""
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    return await export_suppressions(system, this_operator(), writer.writerow, system.now(), progress)
