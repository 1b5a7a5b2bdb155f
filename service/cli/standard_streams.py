"""Standard input, output and error of a command, also where they are closed, full or in another encoding."""

import io
import os
import sys
from pathlib import Path
from typing import Any, TextIO

import rich_click as click

#: The mode in which a closed stream is opened, so that no other file takes its number: a command that reads
#: input or writes a result fails then, and messages are lost.
_IF_CLOSED = (os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)
_OUTPUT, _ERROR = 1, 2


class NamedFile(io.FileIO):
    """A file to write, whose errors name it as `shown`: those of a full disk name none."""

    def __init__(self, file: Path | int, shown: str, mode: str = "w") -> None:
        self._shown = shown
        try:
            super().__init__(file, mode, closefd=not isinstance(file, int))
        except OSError as problem:
            raise OSError(problem.errno, problem.strerror, shown) from None

    def write(self, data: Any) -> int:
        """Writes some of `data`; returns how much. Raises OSError."""
        try:
            return super().write(data)
        except OSError as problem:
            raise OSError(problem.errno, problem.strerror, self._shown) from None


class _Output(NamedFile):
    """Standard output."""

    def write(self, data: Any) -> int:
        """Writes some of `data`; returns how much. Raises OSError."""
        try:
            return super().write(data)
        except OSError:
            _open_null(_OUTPUT, os.O_WRONLY)  # what is left in buffers is dropped at the end of the process
            raise


class _Messages(io.FileIO):
    """Standard error. A message that can't be written (a full disk) is lost, and no failure."""

    def write(self, data: Any) -> int:
        """Writes some of `data`, or drops it; returns how much. The next message is tried again."""
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def open_standard_streams() -> None:
    """Opens those that are closed. Standard output is UTF-8, which imports and programs read.

    On a terminal it keeps the terminal's encoding; a letter that this lacks is written as `\\xe9`.
    """
    for number, how in enumerate(_IF_CLOSED):
        _open_if_closed(number, how)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  (open to the end)
    is_terminal = os.isatty(_OUTPUT)
    encoding = sys.stdout.encoding if is_terminal else "utf-8"
    sys.stdout = _text(_Output(_OUTPUT, "Standard output"), encoding, line_buffering=is_terminal)
    encoding = "utf-8" if sys.stderr is None else sys.stderr.encoding
    sys.stderr = _text(_Messages(_ERROR, "w", closefd=False), encoding, line_buffering=True)


def _open_if_closed(number: int, how: int) -> None:
    try:
        os.fstat(number)
    except OSError:
        _open_null(number, how)


def _open_null(number: int, how: int) -> None:
    opened = os.open(os.devnull, how)
    os.dup2(opened, number)
    if opened != number:
        os.close(opened)
    os.set_inheritable(number, True)


def _text(raw: io.FileIO, encoding: str, *, line_buffering: bool) -> TextIO:
    buffered = io.BufferedWriter(raw)
    return io.TextIOWrapper(buffered, encoding, errors="backslashreplace", line_buffering=line_buffering)


def print_to_stderr(sentence: str) -> None:
    """Prints a sentence to standard error."""
    click.echo(sentence, err=True)
