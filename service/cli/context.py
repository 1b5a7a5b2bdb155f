"""What every command needs: an open system, a progress bar, and the errors that become exit statuses."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from service.system import System

Result = TypeVar("Result")


class CommandFailed(Exception):
    """The operation failed. The message is one sentence for the operator; the exit status is 1."""


class WrongUsage(CommandFailed):
    """The arguments make no sense. The message is one sentence; the exit status is 2."""


def run_in_system(
    work: "Callable[[System], Awaitable[Result]]", *, log_level: int = logging.WARNING
) -> Result:
    """What `work` gives in an open system: this environment's, or the development system's beside it.

    A command prints what it did, and logs what is wrong alone; one that goes on running logs more.
    """
    from service import logs
    from service.settings import load_environ, read
    from service.system import open_system

    async def run() -> Result:
        async with open_system(settings) as system:
            return await work(system)

    settings = read(load_environ(beside_dev=True))
    logs.set_up(settings.log_format, log_level)
    return asyncio.run(run())


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[..., None]]:
    """A bar on standard error, where that is a terminal.

    The function that is yielded takes how many are done, and of how many.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    quiet = not sys.stderr.isatty()  # a log or a pipe gets what is wrong alone
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done, total=None: shown.update(task, completed=done, total=total)
