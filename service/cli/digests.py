"""`trial-alerts digests`: sends due or pending digests, and previews the next ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from service.actions import digests as actions
from service.actions.subject_rights import UnknownPerson
from service.cli.context import CommandFailed
from service.cli.operator import this_operator
from service.mail.message.compose import render
from service.mail.message.kinds import Digest
from service.store.digests import runs
from service.system import System, sender_profile


async def send_due(system: System) -> list[str]:
    """Plans and queues due digests, as the workers do. Returns what was done, a sentence for each line."""
    now = datetime.now(UTC)
    return await _outcome(system, await actions.send_due(system, this_operator(), now), now)


async def send_now(system: System, email: str | None = None) -> list[str]:
    """Plans and queues all pending digests, or those of one subscriber. Returns what was done."""
    now = datetime.now(UTC)
    with _unknown_is_failure():
        planned = await actions.send_now(system, this_operator(), email or None, now)
    return await _outcome(system, planned, now)


async def _outcome(system: System, planned: int, since: datetime) -> list[str]:
    """How many digests were queued, and the runs that are held instead."""
    async with system.reading() as connection:
        held = await runs.held_since(connection, since)
    queued = planned - sum(run.digests for run in held)
    return [
        f"{max(queued, 0)} digests queued.",
        *(
            f"Run {run.id} with {run.digests} digests is held: {run.held_because} "
            f"See trial-alerts runs show {run.id}."
            for run in held
        ),
    ]


async def preview(system: System, email: str, *, html: bool = False) -> list[str]:
    """The plain text or HTML of a subscriber's next digests, with links to the preferences page only."""
    with _unknown_is_failure():
        digests = await actions.preview(system, this_operator(), email, datetime.now(UTC))
    frame, base = sender_profile(system.settings), system.settings.public_url
    mails = [
        render(
            Digest(
                blocks=digest.blocks,
                frequency=digest.frequency,
                preferences_url=f"{base}/preferences",
                unsubscribe_url=f"{base}/preferences",
                full_digest_url=lambda: f"{base}/preferences",
            ),
            frame=frame,
            language=digest.language,
        )
        for digest in digests
    ]
    return [mail.html if html else mail.text for mail in mails]


@contextmanager
def _unknown_is_failure() -> Iterator[None]:
    try:
        yield
    except UnknownPerson:
        raise CommandFailed("No subscriber has this address.") from None
