"""The trial-alerts command: each command is a short function that calls existing code.

Slow imports are inside the commands that need them.
"""

import asyncio
import dataclasses
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rich_click as click

from service.cli import data_commands, list_commands, mail_commands, operator_commands
from service.cli.context import (
    CommandFailed,
    WrongUsage,
    as_json_option,
    as_text,
    print_result,
    written_whole,
)
from service.cli.standard_streams import open_standard_streams, print_to_stderr
from service.cli.stop_signals import end_as_stopped, stop_as_ctrl_c_does
from service.runtime.private_files import write_for_owner_alone


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=False)
@click.version_option(package_name="trial-alerts", prog_name="trial-alerts")
@click.option("--traceback", is_flag=True, help="Show the traceback of an error.")
def cli(traceback: bool) -> None:
    """Trial Alerts: emails people about changes in the clinical trials that they follow."""


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--data", default=None, type=click.Path(file_okay=False, path_type=Path), help="Default: var.")
@click.option("--end-with-parent", is_flag=True, hidden=True)
def dev(host: str, port: int, data: Path | None, end_with_parent: bool) -> None:
    """Start the whole development system with embedded defaults."""
    from service.dev.supervisor import run

    run(host, port, data, end_with_parent=end_with_parent)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 256))
def serve(host: str, port: int, processes: int) -> None:
    """Start the web service."""
    from service.server import serve as run

    run(host, port, processes)


@cli.command()
@click.option("--check", is_flag=True, help="Only check the workers of this machine.")
@click.option("--data", default=None, hidden=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="With --check: print the result as JSON.")
def worker(check: bool, data: Path | None, as_json: bool) -> None:
    """Start a worker process; any number can run."""
    if check:
        _check_worker(data, as_json)
        return
    from service.configuration.settings import load_environ, read

    read(load_environ())
    os.execv(sys.executable, [sys.executable, "-m", "workers"])  # noqa: S606  (our own program)


def _check_worker(data: Path | None, as_json: bool) -> None:
    """Prints the obstacles of this machine's workers, from their health files. Raises CommandFailed."""
    from service.configuration.env_file import data_folder_of, read_environ
    from service.runtime import worker_health

    found = worker_health.read(data or data_folder_of(read_environ()))
    if not found:
        raise CommandFailed("No worker is running.")
    if hanging := worker_health.hanging(found):
        raise CommandFailed(
            f"Worker {hanging[0].pid} has not reported since {hanging[0].at:%Y-%m-%d %H:%M:%S} UTC."
        )
    sentences = "\n".join(
        f"worker {worker.pid}: {'waits for ' + ', '.join(worker.waits_for) if worker.waits_for else 'well'}"
        for worker in found
    )
    workers = [{"pid": worker.pid, "at": worker.at, "waits_for": list(worker.waits_for)} for worker in found]
    print_result(as_json, sentences, workers=workers)


def _setting(_: click.Context, parameter: click.Parameter, value: str) -> str:
    """A value that is written into the settings, where every command would refuse an invalid one."""
    from service.configuration import urls, values

    try:
        (urls.public_url if parameter.name == "public_url" else values.mailbox)(value)
    except ValueError as problem:
        raise click.BadParameter(f"it {problem}") from None
    return value


@cli.command()
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--compose", is_flag=True, help="For the containers of compose.yaml.")
@click.option("--owner", type=click.IntRange(0), metavar="UID", help="The user who reads the files.")
@click.option("--public-url", default="http://127.0.0.1:8000", show_default=True, callback=_setting)
@click.option(
    "--mail-from",
    default="Example Updates <updates@mail.example.org>",
    show_default=True,
    callback=_setting,
)
@as_json_option
def init(
    folder: Path, compose: bool, owner: int | None, public_url: str, mail_from: str, as_json: bool
) -> None:
    """Write the files of a new installation to FOLDER: settings with fresh secrets, and first terms.

    Files that are there stay as they are.
    """
    from service.cli.new_installation import write_files

    written = write_files(folder, compose=compose, owner=owner, public_url=public_url, mail_from=mail_from)
    files = {str(path): is_new for path, is_new in written}
    sentences = (f"{path} {'is written' if new else 'is there already'}." for path, new in files.items())
    print_result(as_json, "\n".join(sentences), files=[{"path": p, "written": n} for p, n in files.items()])


@cli.command()
@click.option("--citus", is_flag=True, help="Distribute the tables over the nodes of Citus as well.")
@as_json_option
def migrate(citus: bool, as_json: bool) -> None:
    """Migrate the database schema to the newest revision."""
    from service.actions.migrate_schema import migrate_schema
    from service.cli.operator import this_operator
    from service.configuration.settings import load_environ, read
    from service.store.sql.database import create_database
    from service.store.sql.schema_revision import current_revision

    async def run() -> tuple[int | None, str | None]:
        distributed = None
        database = create_database(settings.database_url, makes_file=True)
        try:
            await migrate_schema(database, this_operator(), datetime.now(UTC))
            if citus:
                from service.store.sql.citus import distribute

                distributed = await distribute(database)
            return distributed, await current_revision(database)
        finally:
            await database.dispose()

    settings = read(load_environ(beside_dev=True), only={"database_url"})
    distributed, revision = asyncio.run(run())
    sentence = "" if distributed is None else f"{distributed} tables were distributed.\n"
    sentence += f"The schema is at {revision}."
    print_result(as_json, sentence, revision=revision, **({"distributed": distributed} if citus else {}))


@cli.command()
@as_json_option
def doctor(as_json: bool) -> None:
    """Check settings, database, keys, terms, Redis, workers, mail server and the sender's DNS."""
    from service.cli.doctor import CheckResult, checks
    from service.configuration.settings import load_environ
    from service.runtime import logs

    async def run() -> list[tuple[str, CheckResult]]:
        return [found async for found in checks(load_environ(beside_dev=True))]

    logs.set_up("console", logging.ERROR)  # what is wrong is in the results
    results = asyncio.run(run())
    if as_json:
        click.echo(as_text([{"check": name, **dataclasses.asdict(result)} for name, result in results]))
    else:
        for name, result in results:
            advice = f" {result.advice}" if result.advice else ""
            verdict = "FAIL" if not result.ok else "warn" if result.warning else "ok  "
            click.echo(f"{verdict}  {name}: {result.text.rstrip('.')}.{advice}")
    if failed := sum(not result.ok for _, result in results):
        raise CommandFailed(f"{failed} {'check' if failed == 1 else 'checks'} failed.")


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion of commands and options for a shell: eval "$(trial-alerts completion bash)"."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(cli, {}, "trial-alerts", "_TRIAL_ALERTS_COMPLETE").source())


@cli.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file.")
def openapi(out: Path | None) -> None:
    """Print the service's OpenAPI document."""
    from service.cli.openapi import openapi_document

    text = openapi_document()
    if out:
        with written_whole(out) as stream:
            stream.write(text.encode())
    else:
        click.echo(text, nl=False)


_GROUPS = (operator_commands, mail_commands, data_commands, list_commands)
for group in (group for module in _GROUPS for group in module.GROUPS):
    group.no_args_is_help = False  # a missing command is wrong usage as any other
    cli.add_command(group)


def _one_sentence(problem: click.ClickException) -> str:
    """Wrong usage as one sentence that ends with where to find the right one."""
    words = " ".join(problem.format_message().split()).rstrip(".")
    context = getattr(problem, "ctx", None)
    return f"{words} (see {context.command_path if context else 'trial-alerts'} --help)."


def main() -> None:
    """The entry point: exit status 0 done, 1 failed, 2 wrong usage; errors are one sentence."""
    write_for_owner_alone()
    open_standard_streams()
    stop_as_ctrl_c_does()
    try:
        status: Any = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as problem:
        print_to_stderr(f"trial-alerts: {_one_sentence(problem)}")
        sys.exit(problem.exit_code)
    except (click.Abort, KeyboardInterrupt):
        print_to_stderr("Stopped.")
        end_as_stopped()
    except BrokenPipeError:  # the reader of the result, such as head, has closed it
        sys.exit(1)
    except Exception as problem:
        if "--traceback" in sys.argv[1:2]:
            raise
        from service.runtime.failure_reasons import sentence

        print_to_stderr(f"trial-alerts: {sentence(problem)}")
        sys.exit(2 if isinstance(problem, WrongUsage) else 1)
    sys.exit(status if isinstance(status, int) else 0)
