"""Commands for operators: digests, runs, terms, keys, and what is held on one person."""

import json
from pathlib import Path

import rich_click as click

from service.cli.context import progress_bar, run_in_system

_ADDRESS = click.option("--email", metavar="ADDRESS", required=True)


@click.group()
def digests() -> None:
    """Digests beside the schedule."""


@digests.command("send-due")
def send_due() -> None:
    """Plan what is due now, as the workers do by themselves."""
    from service.cli import digests as commands

    click.echo(f"{run_in_system(commands.send_due)} digests queued.")


@digests.command("send-now")
@click.option("--email", metavar="ADDRESS", help="Only for this subscriber.")
def send_now(email: str | None) -> None:
    """Plan everything pending, regardless of schedule."""
    from service.cli import digests as commands

    click.echo(f"{run_in_system(lambda system: commands.send_now(system, email))} digests queued.")


@digests.command("preview")
@_ADDRESS
@click.option("--html", is_flag=True, help="The HTML of the mail instead of its text.")
def preview(email: str, html: bool) -> None:
    """Print what the next digest would say; send and change nothing."""
    from service.cli import digests as commands

    mails = run_in_system(lambda system: commands.preview(system, email, html=html))
    click.echo("\n\n".join(mails) if mails else "There is nothing to tell now.", err=html and not mails)


@click.group()
def runs() -> None:
    """Digest runs, held ones included."""


@runs.command("list")
@click.option("--state", help="Only runs in this state, such as held.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
def runs_list(state: str | None, limit: int) -> None:
    """List the newest runs."""
    from service.cli import runs as commands

    for one in run_in_system(lambda system: commands.newest(system, state=state, limit=limit)):
        moment = one.due_at.isoformat(timespec="minutes")
        click.echo(f"{one.id:>8}  {one.state:<10} {one.frequency:<10} {moment}  {one.digests} digests")


@runs.command("release")
@click.argument("run_id", type=int)
def runs_release(run_id: int) -> None:
    """Let the mails of a held run leave."""
    from service.cli import runs as commands

    click.echo(f"{run_in_system(lambda system: commands.release(system, run_id))} mails may leave now.")


@runs.command("cancel")
@click.argument("run_id", type=int)
@click.option("--tell-later", is_flag=True, help="The next digests tell its news.")
@click.option(
    "--never-tell", is_flag=True, help="Its news is never told: it is wrong, as after a mapping fault."
)
def runs_cancel(run_id: int, tell_later: bool, never_tell: bool) -> None:
    """Cancel a run: its mails are not sent. Say --tell-later or --never-tell; there is no default."""
    from service.cli import runs as commands
    from service.domain.digests.run import CancelledNews

    if tell_later == never_tell:
        raise click.UsageError(
            "Say what becomes of the run's news: --tell-later or --never-tell, one of them."
        )
    news = CancelledNews.LATER if tell_later else CancelledNews.NEVER
    mails = run_in_system(lambda system: commands.cancel(system, run_id, news))
    told = "the next digests tell its news" if tell_later else "its news is never told"
    click.echo(f"{mails} mails will not leave; {told}.")


@click.group()
def terms() -> None:
    """The text that people agree to."""


@terms.command("publish")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--version", required=True, metavar="V", help="Its name, such as 2026-11.")
@click.option("--material", is_flag=True, help="Ask everybody to agree again.")
@click.option(
    "--pause-after", default=30, show_default=True, help="Days that people have to agree to material terms."
)
def terms_publish(file: Path, version: str, material: bool, pause_after: int) -> None:
    """Publish a new version of the terms."""
    from service.cli import terms as commands

    new = run_in_system(
        lambda system: commands.publish(system, file, version, material=material, pause_after=pause_after)
    )
    click.echo(f"Version {version} {'is published' if new else 'was published already, with this text'}.")


@click.group()
def keys() -> None:
    """Secrets of an installation."""


@keys.command("generate")
def keys_generate() -> None:
    """Print fresh secrets in .env form."""
    from service.crypto.fresh_secrets import as_lines, fresh

    click.echo(as_lines(fresh()), nl=False)


@keys.command("rotate")
def keys_rotate() -> None:
    """Seal everything again under the newest secret key; can be stopped and resumed."""
    from service.cli.rotation import rotate

    with progress_bar("sealed again") as progress:
        run_in_system(lambda system: rotate(system, progress))
    click.echo("Everything is sealed by the newest key; older ones may be dropped.")


@click.group()
def subscriber() -> None:
    """What is held on one person."""


@subscriber.command("show")
@_ADDRESS
def subscriber_show(email: str) -> None:
    """Show the short form of what is held."""
    from service.cli import subscriber as commands

    held = run_in_system(lambda system: commands.show(system, email))
    click.echo(json.dumps(held, indent=2, ensure_ascii=False, default=str))


@subscriber.command("export")
@_ADDRESS
def subscriber_export(email: str) -> None:
    """Print everything that is held, as JSON."""
    from service.cli import subscriber as commands

    held = run_in_system(lambda system: commands.export(system, email))
    click.echo(json.dumps(held, indent=2, ensure_ascii=False, default=str))


@subscriber.command("erase")
@_ADDRESS
def subscriber_erase(email: str) -> None:
    """Erase the person at once."""
    from service.cli import subscriber as commands

    gone = run_in_system(lambda system: commands.erase(system, email))
    click.echo(f"Erased: {sum(gone.values())} rows.")


GROUPS = (digests, runs, terms, keys, subscriber)
