"""Commands for operators: digests, runs, terms, keys, and subscribers' data."""

from dataclasses import asdict
from pathlib import Path

import rich_click as click

from service.cli.context import (
    ROW_NUMBER,
    as_json_option,
    as_text,
    counted,
    print_result,
    progress_bar,
    run_in_system,
)
from service.domain.digests.run import RunState

_ADDRESS = click.option("--email", metavar="ADDRESS", required=True)


@click.group()
def digests() -> None:
    """Send and preview digests outside the schedule."""


@digests.command("send-due")
@as_json_option
def send_due(as_json: bool) -> None:
    """Plan and queue digests that are due now, as the workers do on their own."""
    from service.cli import digests as commands

    done = run_in_system(commands.send_due)
    print_result(as_json, done.sentences(), **asdict(done))


@digests.command("send-now")
@click.option("--email", metavar="ADDRESS", help="Only for this subscriber.")
@as_json_option
def send_now(email: str | None, as_json: bool) -> None:
    """Plan and queue all pending digests, regardless of the schedule."""
    from service.cli import digests as commands

    done = run_in_system(lambda system: commands.send_now(system, email))
    print_result(as_json, done.sentences(), **asdict(done))


@digests.command("preview")
@_ADDRESS
@click.option("--html", is_flag=True, help="Print the HTML instead of the plain text.")
@as_json_option
def preview(email: str, html: bool, as_json: bool) -> None:
    """Print the next digest without sending or changing anything."""
    from service.cli import digests as commands

    mails = run_in_system(lambda system: commands.preview(system, email))
    if as_json:
        click.echo(as_text([asdict(mail) for mail in mails]))
    elif mails:
        click.echo("\n\n".join(mail.html if html else mail.text for mail in mails))
    else:
        click.echo("There is nothing to send now.", err=html)


@click.group()
def runs() -> None:
    """List, show, release and cancel digest runs."""


@runs.command("list")
@click.option(
    "--state", type=click.Choice([state.value for state in RunState]), help="Only runs in this state."
)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@as_json_option
def runs_list(state: str | None, limit: int, as_json: bool) -> None:
    """List the newest runs."""
    from service.cli import runs as commands

    found = run_in_system(lambda system: commands.newest(system, state=state, limit=limit))
    if as_json:
        click.echo(as_text([asdict(run) for run in found]))
        return
    for run in found:
        moment, digests = run.due_at.isoformat(timespec="minutes"), counted(run.digests, "digest")
        mails = ", ".join(f"{number} {state}" for state, number in sorted(run.mails.items()))
        click.echo(
            f"{run.id:>8}  {run.state:<10} {run.frequency:<10} {moment}  "
            + (f"{digests}: {mails}" if mails else digests)
        )
        if run.state == RunState.HELD and run.held_because:
            click.echo(f"{'':>10}{run.held_because}")


@runs.command("show")
@click.argument("run_id", type=ROW_NUMBER)
@as_json_option
def runs_show(run_id: int, as_json: bool) -> None:
    """Show what a run would send: how much, whose events, and a sample mail."""
    from service.cli import runs as commands

    found = run_in_system(lambda system: commands.contents(system, run_id))
    click.echo(commands.contents_as_json(found) if as_json else commands.contents_as_text(found))


@runs.command("release")
@click.argument("run_id", type=ROW_NUMBER)
@as_json_option
def runs_release(run_id: int, as_json: bool) -> None:
    """Release the mails of a held run."""
    from service.cli import runs as commands

    mails = run_in_system(lambda system: commands.release(system, run_id))
    print_result(as_json, f"{counted(mails, 'mail')} released.", released=mails)


@runs.command("cancel")
@click.argument("run_id", type=ROW_NUMBER)
@click.option("--tell-later", is_flag=True, help="Its changes go into the next digests.")
@click.option("--never-tell", is_flag=True, help="Its changes are never sent, because they are wrong.")
@as_json_option
def runs_cancel(run_id: int, tell_later: bool, never_tell: bool, as_json: bool) -> None:
    """Cancel a run: its mails are not sent. Needs either --tell-later or --never-tell."""
    from service.cli import runs as commands
    from service.domain.digests.run import CancelledNews

    if tell_later == never_tell:
        raise click.UsageError(
            "Choose what happens to the run's changes: either --tell-later or --never-tell."
        )
    news = CancelledNews.LATER if tell_later else CancelledNews.NEVER
    mails = run_in_system(lambda system: commands.cancel(system, run_id, news))
    effect = "its changes go into the next digests" if tell_later else "its changes are never sent"
    print_result(as_json, f"{counted(mails, 'mail')} cancelled; {effect}.", cancelled=mails, news=news.value)


@click.group()
def terms() -> None:
    """Manage the terms that subscribers agree to."""


@terms.command("publish")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--version", required=True, metavar="V", help="Name of the version, such as 2026-11.")
@click.option("--material", is_flag=True, help="Ask all subscribers to agree again.")
@click.option(
    "--pause-after",
    default=30,
    show_default=True,
    help="Days until subscribers who have not agreed are paused.",
)
@click.option("--first", is_flag=True, help="Only if no version is published yet.")
@as_json_option
def terms_publish(
    file: Path, version: str, material: bool, pause_after: int, first: bool, as_json: bool
) -> None:
    """Publish a new version of the terms from FILE; `-` reads standard input."""
    from service.cli import terms as commands

    if first and (current := run_in_system(commands.current)):
        print_result(as_json, f"Version {current} is published already.", version=current, published=False)
        return
    new = run_in_system(
        lambda system: commands.publish(system, file, version, material=material, pause_after=pause_after)
    )
    current = version if new else run_in_system(commands.current)
    state = "is published" if new else "has already been published with this text"
    if current != version:
        state += f"; the current version is {current}"
    print_result(as_json, f"Version {version} {state}.", version=version, published=new)


@click.group()
def keys() -> None:
    """Generate and rotate secrets."""


@keys.command("generate")
@as_json_option
def keys_generate(as_json: bool) -> None:
    """Print new secrets in .env format."""
    from service.crypto.fresh_secrets import as_lines, fresh

    made = fresh()
    print_result(as_json, as_lines(made).removesuffix("\n"), **made)


@keys.command("rotate")
@as_json_option
def keys_rotate(as_json: bool) -> None:
    """Reencrypt everything with the newest secret key; can be interrupted and resumed."""
    from service.cli.rotation import rotate

    with progress_bar("reencrypted") as progress:
        done = run_in_system(lambda system: rotate(system, progress))
    sentence = (
        "Everything is encrypted with the newest key. Links in mails need an older one until the newest is "
        "30 days old; a stolen one can be removed now."
    )
    print_result(as_json, sentence, **asdict(done))


@click.group()
def subscriber() -> None:
    """Show, export and erase a subscriber's data."""


@subscriber.command("show")
@_ADDRESS
@click.option("--json", is_flag=True, expose_value=False, help="Print JSON, as it does anyway.")
def subscriber_show(email: str) -> None:
    """Show a summary of a subscriber's data."""
    from service.cli import subscriber as commands

    data = run_in_system(lambda system: commands.show(system, email))
    click.echo(as_text(data))


@subscriber.command("export")
@_ADDRESS
@click.option("--json", is_flag=True, expose_value=False, help="Print JSON, as it does anyway.")
def subscriber_export(email: str) -> None:
    """Print all of a subscriber's data as JSON."""
    from service.cli import subscriber as commands

    data = run_in_system(lambda system: commands.export(system, email))
    click.echo(as_text(data))


@subscriber.command("erase")
@_ADDRESS
@as_json_option
def subscriber_erase(email: str, as_json: bool) -> None:
    """Erase a subscriber's data immediately."""
    from service.cli import subscriber as commands

    erased = run_in_system(lambda system: commands.erase(system, email))
    print_result(as_json, f"Erased: {sum(erased.values())} rows.", erased=erased)


GROUPS = (digests, runs, terms, keys, subscriber)
