"""How a command gets an open system, and shows its progress."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from service.settings import environment, read

if TYPE_CHECKING:
    from service.system import System

Result = TypeVar("Result")


def in_system(work: "Callable[[System], Awaitable[Result]]", *, log_level: int = logging.WARNING) -> Result:
    """What `work` gives in an open system: this environment's, or the development system's beside it.

    A command prints what it did, and logs what is wrong alone; one that goes on running logs more.
    """
    from service import logs
    from service.system import open_system

    async def run() -> Result:
        async with open_system(settings) as system:
            return await work(system)

    settings = read(environment(beside_dev=True))
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
