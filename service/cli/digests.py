"""Digests on demand: what is due, what is pending, and what the next one would say."""

from typing import Any

from sqlalchemy import Row

from service.actions.subject_rights import UnknownPerson, find, target_of
from service.cli.context import CommandFailed
from service.cli.operator import record
from service.digests.planner import plan, plan_now
from service.digests.preview import preview as preview_digests
from service.mail.message.compose import render
from service.mail.message.kinds import Digest
from service.store.sql.database import reading
from service.system import System, sender_profile


async def send_due(system: System) -> int:
    """Plans what is due now and queues it, as the workers' cron does. Returns the digests."""
    await record(system, "digests.send_due")
    return await plan(system)


async def send_now(system: System, email: str | None = None) -> int:
    """Plans and queues everything pending, of all or of one person. Returns the digests."""
    person = await _person(system, email) if email else None
    await record(system, "digests.send_now", target=target_of(person))
    return await plan_now(system, person.id if person is not None else None)


async def preview(system: System, email: str, *, html: bool = False) -> list[str]:
    """The plain text, or the HTML, of what the next digests would say to a person; links are left open."""
    person = await _person(system, email)
    await record(system, "digests.preview", target=target_of(person))
    frame, base = sender_profile(system.settings), system.settings.public_url
    mails = [
        render(
            Digest(
                blocks=one.blocks,
                frequency=one.frequency,
                preferences_url=f"{base}/preferences",
                unsubscribe_url=f"{base}/preferences",
                whole_url=lambda: f"{base}/preferences",
            ),
            frame=frame,
            language=one.language,
        )
        for one in await preview_digests(system, person.id)
    ]
    return [mail.html if html else mail.text for mail in mails]


async def _person(system: System, email: str) -> Row[Any]:
    try:
        async with reading(system.database) as connection:
            return await find(connection, system, email)
    except UnknownPerson:
        raise CommandFailed("No subscriber has this address.") from None
