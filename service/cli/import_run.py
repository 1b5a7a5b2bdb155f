"""Shared by all imports: a report of the rejected lines, and Ctrl-C, which ends them after a batch."""

import asyncio
import csv
import io
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from service.cli.standard_streams import NamedFile

#: Called with the number of the last line that is done, and of all.
ImportProgress = Callable[[int, int], None]

_HEADER = ("line", "reason")


@dataclass(frozen=True, slots=True)
class Result:
    """The result of an import, for people and programs; `next_line`: where to go on, if it was stopped.

    `moved`: new ones that follow the successor of the trial in the file. `replaced`: known suppressions that
    got a graver reason.
    """

    new: int
    known: int
    rejected: int
    next_line: int | None
    report: Path | None
    moved: int = 0
    replaced: int = 0

    def sentence(self, *, dry_run: bool) -> str:
        """The result in words."""
        replaced = f" ({self.replaced} of them for a weaker reason, now replaced)" if self.replaced else ""
        known = f", {self.known} known already{replaced}" if self.known else ""
        moved = f" ({self.moved} of them follow the study that theirs was merged into)" if self.moved else ""
        would = "Dry run, nothing is stored: " if dry_run else ""
        return f"{would}{self.new} imported{moved}{known}, {self.rejected} rejected."


class RejectionReport:
    """The file that names each rejected line with its reason; made when the first is rejected."""

    def __init__(self, path: Path, *, go_on: bool) -> None:
        self.path = path
        self.is_written = False
        self._mode = "a" if go_on and path.exists() else "w"
        self._file: IO[str] | None = None

    def reject(self, number: int, reason: str) -> None:
        """Adds a line."""
        if self._file is None:
            raw = NamedFile(self.path, str(self.path), self._mode)
            self._file = io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8", newline="")
            self.is_written = True
            if self._mode == "w":
                csv.writer(self._file).writerow(_HEADER)
        csv.writer(self._file).writerow((number, reason))

    def close(self) -> None:
        """Ends the file; a report of an earlier run, which no longer holds, is removed."""
        if self._file is not None:
            self._file.close()
        elif self._mode == "w" and self._is_a_report():
            self.path.unlink(missing_ok=True)

    def _is_a_report(self) -> bool:
        """Whether the file that is there was written by an import."""
        if not self.path.is_file():
            return False
        with self.path.open("rb") as file:
            return file.readline().strip() == ",".join(_HEADER).encode()


@contextmanager
def stopped_by_ctrl_c() -> Iterator[asyncio.Event]:
    """An event that the first Ctrl-C sets; the second one ends the program at once."""
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop() -> None:
        stopping.set()
        loop.remove_signal_handler(signal.SIGINT)

    loop.add_signal_handler(signal.SIGINT, stop)
    try:
        yield stopping
    finally:
        loop.remove_signal_handler(signal.SIGINT)
