"""Commands on outgoing mail: hold, release, and why somebody did or did not get one."""

import dataclasses

import rich_click as click

from service.cli.context import ROW_NUMBER, as_json_option, as_text, print_result, run_in_system


@click.group()
def mail() -> None:
    """Hold and release all outgoing mail."""


@mail.command("hold")
@as_json_option
def mail_hold(as_json: bool) -> None:
    """Hold all mail: nothing leaves until `mail release`."""
    from service.cli import mail_hold as commands

    begun = run_in_system(commands.hold)
    sentence = "All mail is held; trial-alerts mail release ends that." if begun else "Mail is held already."
    print_result(as_json, sentence, held=True, changed=begun)


@mail.command("release")
@click.option("--kind", "kinds", multiple=True, help="Only mails of this kind, such as confirmation.")
@click.option("--run", "runs", multiple=True, type=ROW_NUMBER, help="Only the digests of this run.")
@as_json_option
def mail_release(kinds: tuple[str, ...], runs: tuple[int, ...], as_json: bool) -> None:
    """End the hold, or let only some of the held mail leave."""
    from service.cli import mail_hold as commands

    changed = run_in_system(lambda system: commands.release(system, kinds, runs))
    sentence = "Released; all other mail stays held." if kinds or runs else "The hold has ended."
    if not changed:
        sentence = "Nothing was held, or it was released before."
    print_result(as_json, sentence, changed=changed)


@mail.command("status")
@as_json_option
def mail_status(as_json: bool) -> None:
    """Show whether mail is held, why, and what is queued."""
    from service.cli import mail_hold as commands

    found = run_in_system(commands.status)
    if as_json:
        click.echo(as_text(dataclasses.asdict(found)))
    else:
        click.echo(commands.described(found))


@click.command()
@click.option("--email", metavar="ADDRESS", help="The person with this address.")
@click.option("--topic", metavar="KEY", help="With --email: only this topic, such as trial:NCT04787263.")
@click.option("--delivery", type=ROW_NUMBER, help="The mail with this number.")
@click.option("--event", type=ROW_NUMBER, help="The event with this number.")
@as_json_option
def why(email: str | None, topic: str | None, delivery: int | None, event: int | None, as_json: bool) -> None:
    """Say why somebody did or did not get a mail: by address, by mail or by event."""
    from service.cli import why as commands

    if sum(value is not None for value in (email, delivery, event)) != 1 or (topic and email is None):
        raise click.UsageError("Name one of --email (with --topic if wanted), --delivery and --event.")
    found = run_in_system(
        lambda system: commands.find(system, email=email, topic=topic, delivery=delivery, event=event)
    )
    click.echo(commands.as_json(found) if as_json else commands.as_text(found))


GROUPS = (mail, why)
