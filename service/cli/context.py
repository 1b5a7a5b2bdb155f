"""Shared by all commands: an open system, a progress bar, and errors that become exit statuses."""

import asyncio
import io
import json
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import rich_click as click

from service.cli.standard_streams import NamedFile

if TYPE_CHECKING:
    from service.system import System

Result = TypeVar("Result")


class CommandFailed(Exception):
    """The operation failed. The message is one sentence for the operator; the exit status is 1."""


class WrongUsage(CommandFailed):
    """The arguments are invalid. The message is one sentence; the exit status is 2."""


class Incomplete(CommandFailed):
    """Some of the result could not be written, as the message says; the rest was."""


def run_in_system(
    work: "Callable[[System], Awaitable[Result]]", *, log_level: int = logging.WARNING
) -> Result:
    """The result of `work` in an open system: of this environment, or of the running development system.

    Commands print their results and log warnings only, and name a lock that keeps them waiting; those that
    run until they are stopped use a lower `log_level`, and readiness names it.
    """
    from service.cli.lock_watch import naming_locks
    from service.configuration.settings import load_environ, read
    from service.runtime import logs
    from service.system import open_system

    async def run() -> Result:
        async with open_system(settings) as system:
            if log_level < logging.WARNING:
                return await work(system)
            async with naming_locks(system.database):
                return await work(system)

    settings = read(load_environ(beside_dev=True))
    logs.set_up(settings.log_format, log_level)
    return asyncio.run(run())


#: The number of a row, within the range of a database.
ROW_NUMBER = click.IntRange(max=2**63 - 1)


class _RegularFile(click.Path):
    """A file that can be read more than once; a pipe would be empty the second time."""

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Path:
        """The path. Fails for a pipe or a device."""
        path = Path(str(super().convert(value, parameter, context)))
        if not path.is_file():
            self.fail(f"{path} is no regular file, and it is read twice: save it to one", parameter, context)
        return path


#: An existing file that a command reads more than once.
REGULAR_FILE = _RegularFile(exists=True, dir_okay=False, path_type=Path)

#: The option of a command whose result programs may want.
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def print_result(as_json: bool, sentence: str, **values: object) -> None:
    """Prints the result of a command, as a sentence, or its figures as one line of JSON."""
    click.echo(as_text(values, indent=None) if as_json else sentence)


def as_text(value: object, *, indent: int | None = 2) -> str:
    """A result as JSON for programs; times as in the API (RFC 3339)."""
    return json.dumps(value, indent=indent, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)


def refuse_same_file(option: str, out: Path | None, *sources: Path) -> None:
    """Raises WrongUsage if a command would write over a file that it reads."""
    if out is not None and out.exists() and any(out.samefile(source) for source in sources):
        raise WrongUsage(f"{option} {out} is the file that is read: name another one.")


def refuse_unwritable(option: str, out: Path) -> None:
    """Raises WrongUsage, before a command begins, if a file that it will write can't be written."""
    is_new = not out.exists()
    try:
        out.open("ab").close()
    except OSError as problem:
        reason = (problem.strerror or "no file").lower()
        raise WrongUsage(f"{out} can't be written ({reason}): name another file with {option}.") from None
    if is_new:
        out.unlink()


@contextmanager
def written_whole(out: Path) -> Iterator[BinaryIO]:
    """Opens a file under a temporary name and renames it at the end: an earlier file stays until then."""
    if out.is_symlink() or (out.exists() and not out.is_file()):  # a device or a pipe; /dev/stdout is a link
        with io.BufferedWriter(NamedFile(out, str(out))) as stream:
            yield stream
        return
    part = out.with_name(f"{out.name}.part")
    try:
        with io.BufferedWriter(NamedFile(part, str(out))) as stream:
            yield stream
    except Incomplete:
        part.replace(out)
        raise
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(out)


def counted(number: int, singular: str, plural: str = "") -> str:
    """A number and its noun: `1 digest`, `2 studies`."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def stopped_by_signals() -> asyncio.Event:
    """An event that Ctrl-C or SIGTERM sets, for a command that runs until it is stopped."""
    stopping = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    return stopping


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[..., None]]:
    """A progress bar on standard error, if that is a terminal; yields a function (done, total=None)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    quiet = not sys.stderr.isatty()  # only errors go to a log or a pipe
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done, total=None: shown.update(task, completed=done, total=total)
