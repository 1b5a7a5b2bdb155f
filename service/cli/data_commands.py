"""Commands for data: events, registry records, conditions, inbound mail."""

import asyncio
import logging
import sys
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import rich_click as click

from service.cli.context import (
    REGULAR_FILE,
    ROW_NUMBER,
    CommandFailed,
    as_json_option,
    counted,
    print_result,
    progress_bar,
    refuse_same_file,
    run_in_system,
    stopped_by_signals,
    written_whole,
)
from service.cli.standard_streams import print_to_stderr

if TYPE_CHECKING:
    from service.system import System

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)
_SECONDS = click.FloatRange(min=0)
_TRIAL_PAGE_HELP = "The website's trial page, with {nct_id} in it. Default: the registry's page."
_STATE_HELP = "SQLite file with the state of sent and unsent studies."
_OUT = click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file.")


def _web_address(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.startswith(("https://", "http://")):
        raise click.BadParameter("the URL must begin with https:// or http://.")
    if value is not None and not _names_a_host(value):
        raise click.BadParameter("the URL has no valid host and port.")
    return value


def _names_a_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _trial_page(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and "{nct_id}" not in value:
        raise click.BadParameter("the URL must contain {nct_id}, where the trial's number goes.")
    return _web_address(context, parameter, value)


@click.group()
def events() -> None:
    """Send and replay change events."""


@events.command("send")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--url", required=True, callback=_web_address, help="The service's address.")
@as_json_option
def events_send(files: tuple[Path, ...], url: str, as_json: bool) -> None:
    """Sign the events of FILES and post them in batches (reference ingestor)."""
    from service.cli.events import send
    from service.configuration.settings import load_environ, read

    settings = read(load_environ(beside_dev=True), only={"webhook_secrets"})
    sent = asyncio.run(send(files, url, settings.webhook_secrets[0], quiet=not sys.stderr.isatty()))
    print_result(
        as_json,
        f"{sent.accepted} accepted, {counted(sent.duplicates, 'duplicate')}, {sent.ignored} ignored.",
        accepted=sent.accepted,
        duplicates=sent.duplicates,
        ignored=sent.ignored,
    )


@events.command("replay")
@click.option("--dead", is_flag=True, help="Only failed events.")
@click.option("--id", "event_id", type=ROW_NUMBER, help="Only the event with this id.")
@as_json_option
def events_replay(dead: bool, event_id: int | None, as_json: bool) -> None:
    """Requeue stored events for processing."""
    from service.cli.events import replay

    count = run_in_system(lambda system: replay(system, dead=dead, event_id=event_id))
    print_result(as_json, f"{counted(count, 'event')} requeued.", requeued=count)


@click.group()
def registry() -> None:
    """Convert and watch records of the registry."""


@registry.command("convert")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--url", callback=_trial_page, help=_TRIAL_PAGE_HELP)
@click.option("--first-load", is_flag=True, help="The events update trials without notifying anybody.")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="SQLite file with the trials' revisions: a record with other content gets a higher one.",
)
@_OUT
def registry_convert(
    files: tuple[Path, ...], url: str | None, first_load: bool, state: Path | None, out: Path | None
) -> None:
    """Turn ClinicalTrials.gov API v2 study records into events."""
    from service.cli.registry.convert import convert

    refuse_same_file("--out", out, *files)
    refuse_same_file("--state", state, *files)
    now = datetime.now(UTC)
    to = written_whole(out) if out else nullcontext(sys.stdout.buffer)
    with to as stream, progress_bar("records") as progress:
        converted = convert(
            files, stream, now=now, url=url, state=state, first_load=first_load, progress=progress
        )
        stream.flush()
    for place, reason in converted.skipped:
        print_to_stderr(f"skipped {place}: {reason}")
    print_to_stderr(f"{converted.count} converted, {len(converted.skipped)} skipped.")
    if converted.skipped:
        sys.exit(1)


@registry.command("watch")
@click.option("--url", required=True, callback=_web_address, help="The service's address.")
@click.option("--trial-url", callback=_trial_page, help=_TRIAL_PAGE_HELP)
@click.option(
    "--state", default="registry-watch.sqlite3", show_default=True, type=_NEW_FILE, help=_STATE_HELP
)
@click.option("--query", help="Only studies that match these search terms (query.term).")
@click.option("--condition", help="Only studies of this condition (query.cond).")
@click.option("--filter", "expression", help="Only studies that match this expression (filter.advanced).")
@click.option(
    "--notify", is_flag=True, help="Notify subscribers of the first load; by default it notifies nobody."
)
@click.option("--once", is_flag=True, help="Poll once and exit.")
@click.option(
    "--interval", default=3600.0, show_default=True, type=click.FloatRange(1), help="Seconds between polls."
)
@click.option(
    "--overlap", default=3, show_default=True, type=click.IntRange(0, 60), help="Days to read again."
)
@click.option(
    "--sweep-pages",
    default=10,
    show_default=True,
    type=click.IntRange(0),
    help="Pages of the full sweep per poll.",
)
@click.option(
    "--page-size", default=200, show_default=True, type=click.IntRange(1, 1000), help="Studies per page."
)
@click.option("--pause", default=1.2, show_default=True, type=_SECONDS, help="Seconds between requests.")
@click.option(
    "--api",
    default="https://clinicaltrials.gov/api/v2",
    show_default=True,
    callback=_web_address,
    help="The registry's API.",
)
def registry_watch(
    url: str, trial_url: str | None, state: Path, once: bool, interval: float, api: str, **options: Any
) -> None:
    """Poll the registry for changed studies, and send them to the service.

    The first run loads all studies and notifies nobody. Stop it with Ctrl-C; the same command resumes.
    """
    from service.cli.registry.watch import open_watch, run_watch
    from service.configuration.settings import load_environ, read

    settings = read(load_environ(beside_dev=True), only={"webhook_secrets"})

    async def run() -> None:
        opened = open_watch(state, api, url, settings.webhook_secrets[0], trial_url, **options)
        async with opened as poller:
            await run_watch(poller, interval=None if once else interval, report=print_to_stderr)

    asyncio.run(run())


@click.group()
def conditions() -> None:
    """Import the hierarchy of conditions."""


@conditions.command("import")
@click.argument("file", type=REGULAR_FILE)
@as_json_option
def conditions_import(file: Path, as_json: bool) -> None:
    """Import a hierarchy from an OBO file (MONDO, DOID)."""
    from service.cli.conditions import import_conditions

    omitted: list[str] = []
    with progress_bar("conditions") as progress:
        count = run_in_system(
            lambda system: import_conditions(
                system, file, now=system.now(), progress=progress, omitted=omitted.append
            )
        )
    lines = [f"{counted(count, 'condition')} imported.", *omitted]
    print_result(as_json, "\n".join(lines), imported=count, omitted=omitted)


def _address(_: click.Context, __: click.Parameter, listen: str) -> str:
    from service.mail.inbound.lmtp import read_address

    try:
        read_address(listen)
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from None
    return listen


@click.command()
@click.option("--listen", default="127.0.0.1:8024", show_default=True, metavar="HOST:PORT", callback=_address)
def lmtp(listen: str) -> None:
    """Listen for bounces, complaints and unsubscribe requests by LMTP."""
    from service.actions.feedback import process_feedback
    from service.mail.inbound.lmtp import LmtpListener

    async def run(system: "System") -> None:
        stopping = stopped_by_signals()
        async with LmtpListener(listen, lambda raw, to: process_feedback(system, raw, to, system.now())):
            with suppress(OSError):  # the sentence can't be written; mail is taken all the same
                click.echo(f"Listening on {listen}.")
            await stopping.wait()

    run_in_system(run, log_level=logging.INFO)


@click.command()
@click.option(
    "--interval", default=60.0, show_default=True, type=click.FloatRange(1), help="Seconds between reads."
)
@click.option("--once", is_flag=True, help="Read once and exit.")
@click.option("--delete", is_flag=True, help="Delete messages instead of marking them as read.")
@as_json_option
def imap(interval: float, once: bool, delete: bool, as_json: bool) -> None:
    """Read bounces, complaints and unsubscribe requests from the mailbox of ALERTS_IMAP_URL.

    Every unread message is processed and marked as read: give it a mailbox of its own.
    """
    from service.cli.imap import read_once, watch
    from service.mail.inbound.imap import MailboxError
    from service.mail.inbound.imap_url import ImapUrl

    async def run(system: "System") -> None:
        if not system.settings.imap_url:
            raise CommandFailed("ALERTS_IMAP_URL is not set: it names the mailbox to read.")
        url, stopping = ImapUrl.parse(system.settings.imap_url), stopped_by_signals()
        if not once:
            await watch(system, url, delete=delete, interval=interval, stopping=stopping)
            return
        try:
            read = await read_once(system, url, delete=delete, stopping=stopping)
        except MailboxError as problem:
            raise CommandFailed(str(problem)) from None
        print_result(as_json, f"{counted(read.processed, 'message')} processed.", **read._asdict())
        if read.failed:
            failed = counted(read.failed, "message")
            raise CommandFailed(f"Not processed, and unread as before: {failed} (see the log).")

    run_in_system(run, log_level=logging.INFO)


GROUPS = (events, registry, conditions, lmtp, imap)
