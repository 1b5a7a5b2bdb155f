"""Digests on demand: what is due, what is pending, and what the next one would say."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from service.actions import digests as actions
from service.actions.subject_rights import UnknownPerson
from service.cli.context import CommandFailed
from service.cli.operator import this_operator
from service.mail.message.compose import render
from service.mail.message.kinds import Digest
from service.system import System, sender_profile


async def send_due(system: System) -> int:
    """Plans what is due now and queues it, as the workers' cron does. Returns the digests."""
    return await actions.send_due(system, this_operator(), datetime.now(UTC))


async def send_now(system: System, email: str | None = None) -> int:
    """Plans and queues everything pending, of all or of one person. Returns the digests."""
    with _known():
        return await actions.send_now(system, this_operator(), email or None, datetime.now(UTC))


async def preview(system: System, email: str, *, html: bool = False) -> list[str]:
    """The plain text, or the HTML, of what the next digests would say to a person; links are left open."""
    with _known():
        found = await actions.preview(system, this_operator(), email, datetime.now(UTC))
    frame, base = sender_profile(system.settings), system.settings.public_url
    mails = [
        render(
            Digest(
                blocks=one.blocks,
                frequency=one.frequency,
                preferences_url=f"{base}/preferences",
                unsubscribe_url=f"{base}/preferences",
                full_digest_url=lambda: f"{base}/preferences",
            ),
            frame=frame,
            language=one.language,
        )
        for one in found
    ]
    return [mail.html if html else mail.text for mail in mails]


@contextmanager
def _known() -> Iterator[None]:
    try:
        yield
    except UnknownPerson:
        raise CommandFailed("No subscriber has this address.") from None
