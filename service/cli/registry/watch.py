"""The loop of `registry watch`: polls, reports, and waits, until it is stopped."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from service.cli.context import CommandFailed, counted
from service.cli.events import endpoint_of
from service.cli.registry.api import RegistryApi, StudySelection
from service.cli.registry.outbox import Outbox, Polled
from service.cli.registry.poll import Poller
from service.cli.registry.state import RegistryState
from service.domain.trials.registry.record import REGISTRY_URL

#: Timeout in seconds: pages of the registry are large.
_TIMEOUT = httpx.Timeout(120, connect=20)
Report = Callable[[str], None]


@asynccontextmanager
async def open_watch(
    state: Path,
    api: str,
    url: str,
    secret: str,
    trial_url: str | None = None,
    *,
    query: str | None = None,
    condition: str | None = None,
    expression: str | None = None,
    page_size: int = 200,
    pause: float = 1.2,
    notify: bool = False,
    overlap: int = 3,
    sweep_pages: int = 10,
) -> AsyncIterator[Poller]:
    """Opens the state file and connections for the command's options."""
    known = RegistryState(state, exclusive=True)
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT, headers={"user-agent": "trial-alerts"}) as client:
            selection = StudySelection(query, condition, expression)
            yield Poller(
                known,
                RegistryApi(client, api, selection, page_size, pause),
                Outbox(known, client, endpoint_of(url), secret, trial_url or REGISTRY_URL),
                notify=notify,
                overlap=overlap,
                sweep_pages=sweep_pages,
            )
    finally:
        known.close()


async def run_watch(poller: Poller, *, interval: float | None, report: Report) -> None:
    """Polls once, or every `interval` seconds, until SIGINT or SIGTERM.

    A failed poll is reported, and the next one continues where it stopped; a single poll raises
    CommandFailed. Its results so far are in the state file.
    """
    loop, polling = asyncio.get_running_loop(), asyncio.ensure_future(_poll_on(poller, interval, report))
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, polling.cancel)
    try:
        await polling
    except asyncio.CancelledError:
        waiting = poller.state.count_waiting()
        report(f"Stopped. {counted(waiting, 'event')} not sent yet. The same command goes on from here.")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def _poll_on(poller: Poller, interval: float | None, report: Report) -> None:
    while True:
        try:
            with _progress_bars(poller):
                polled = await poller.poll()
            for sentence in sentences(polled):
                report(sentence)
        except CommandFailed as problem:
            if interval is None:
                raise
            report(f"{problem} The next attempt is in {interval:g} seconds.")
        if interval is None:
            return
        await asyncio.sleep(interval)


@contextmanager
def _progress_bars(poller: Poller) -> Iterator[None]:
    """A progress bar for each walk on standard error, if that is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as progress:
        tasks = {}

        def show(walk: str, read: int, total: int | None) -> None:
            if walk not in tasks:
                tasks[walk] = progress.add_task(walk, total=total)
            progress.update(tasks[walk], completed=read, total=total)

        poller.progress = show
        yield


def sentences(polled: Polled) -> Iterator[str]:
    """The results and problems of a poll, a sentence each."""
    sent = polled.sent
    yield (
        f"{datetime.now().astimezone():%Y-%m-%d %H:%M} {counted(polled.read, 'study', 'studies')} read, "
        f"{polled.changed} new or changed; events: {sent.accepted} accepted, {sent.duplicates} known before, "
        f"{sent.ignored} ignored."
    )
    for problem in polled.skipped:
        yield f"skipped: {problem}"
    for problem in polled.refused:
        yield f"set aside in the state file: {problem}"
