"""Commands that move people in and out: subscriptions and suppressions as CSV files."""

import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import rich_click as click

from service.cli.context import (
    REGULAR_FILE,
    CommandFailed,
    as_json_option,
    print_result,
    progress_bar,
    refuse_same_file,
    refuse_unwritable,
    run_in_system,
    written_whole,
)
from service.cli.standard_streams import print_to_stderr
from service.cli.stop_signals import end_as_stopped

if TYPE_CHECKING:
    from service.cli.import_run import ImportProgress, Result
    from service.system import System

_NEW_FILE = click.Path(dir_okay=False, path_type=Path)
_OUT = click.option("--out", type=_NEW_FILE, help="Write to a file.")


def _import_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of both imports."""
    options = (
        click.argument("file", type=REGULAR_FILE),
        click.option("--dry-run", is_flag=True, help="Check every line and store nothing."),
        click.option("--report", type=_NEW_FILE, help="Rejected lines. Default: FILE.rejected.csv."),
        click.option(
            "--from-line", default=1, type=click.IntRange(1), help="Go on at this line of a stopped import."
        ),
        as_json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def subscriptions() -> None:
    """Import and export subscriptions."""


@subscriptions.command("import")
@_import_options
@click.option("--topic", "topics", multiple=True, metavar="KEY", help="Followed by lines that name no topic.")
def subscriptions_import(
    file: Path, dry_run: bool, report: Path | None, from_line: int, as_json: bool, topics: tuple[str, ...]
) -> None:
    """Import subscriptions with documented consent from a CSV file.

    Comma, semicolon or tab; UTF-8 or UTF-16; also the exports of listmonk and Mailchimp. Ctrl-C stops after
    the lines at hand. Repeating an import is safe. The exit status is 1 if any line was rejected: the report
    names each with its reason, and all others are imported.
    """
    from service.cli.subscriptions import import_file

    def run(system: "System", where: Path, progress: "ImportProgress") -> "Awaitable[Result]":
        return import_file(
            system, file, where, progress, topics=topics, first_line=from_line, dry_run=dry_run
        )

    _import("subscriptions", run, file, report, dry_run=dry_run, as_json=as_json)


@subscriptions.command("export")
@_OUT
def subscriptions_export(out: Path | None) -> None:
    """Write all active subscriptions as CSV, with addresses in plain text and the evidence of consent."""
    from service.cli.subscriptions import export

    _export("subscriptions", export, out)


@click.group()
def suppressions() -> None:
    """Import and export addresses that must not be written to."""


@suppressions.command("import")
@_import_options
def suppressions_import(
    file: Path, dry_run: bool, report: Path | None, from_line: int, as_json: bool
) -> None:
    """Import addresses that must not be written to from a CSV file.

    A column with the address is enough; also the exports of blocked, unsubscribed and cleaned people of
    listmonk and Mailchimp. Ctrl-C stops after the lines at hand. Repeating an import is safe. The exit status
    is 1 if any line was rejected: the report names each with its reason, and all others are imported.
    """
    from service.cli.suppressions import import_file

    def run(system: "System", where: Path, progress: "ImportProgress") -> "Awaitable[Result]":
        return import_file(system, file, where, progress, first_line=from_line, dry_run=dry_run)

    _import("suppressions", run, file, report, dry_run=dry_run, as_json=as_json)


@suppressions.command("export")
@_OUT
def suppressions_export(out: Path | None) -> None:
    """Write all suppressions as CSV: the keyed hash of each address, and the address where it is known."""
    from service.cli.suppressions import export

    _export("suppressions", export, out)


def _import(
    what: str,
    run: "Callable[[System, Path, ImportProgress], Awaitable[Result]]",
    file: Path,
    report: Path | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    refuse_same_file("--report", report, file)
    where = report or file.with_name(file.name + ".rejected.csv")
    refuse_unwritable("--report", where)
    with progress_bar(what) as progress:
        done = run_in_system(lambda system: run(system, where, progress))
    print_result(as_json, done.sentence(dry_run=dry_run), **asdict(done), dry_run=dry_run)
    if done.next_line is not None:
        print_to_stderr(
            f"Stopped; every line before {done.next_line} is done. The same command with "
            f"--from-line {done.next_line} goes on."
        )
        end_as_stopped()
    if done.rejected:
        lines = "line" if done.rejected == 1 else "lines"
        raise CommandFailed(f"{done.rejected} {lines} rejected, named in {where}.")


def _export(what: str, export: Callable[..., Awaitable[Any]], out: Path | None) -> None:
    with progress_bar(what) as progress, _text_of(out) as stream:
        run_in_system(lambda system: export(system, stream, progress))


@contextmanager
def _text_of(out: Path | None) -> Iterator[TextIO]:
    """The file as text, written whole; without one standard output."""
    if out is None:
        yield sys.stdout
        return
    with written_whole(out) as stream, TextIOWrapper(stream, encoding="utf-8", newline="") as text:
        yield text


GROUPS = (subscriptions, suppressions)
