"""`trial-alerts digests`: sends due or pending digests, and previews the next ones."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from service.actions import digests as actions
from service.actions.subject_rights import UnknownPerson
from service.cli.context import CommandFailed, counted
from service.cli.operator import this_operator
from service.mail.compose import render
from service.mail.message.kinds import Digest
from service.store.digests import runs
from service.store.sql import clock
from service.system import System, sender_profile


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A run whose digests wait for an operator."""

    run: int
    digests: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class QueuedDigests:
    """The number of queued digests, and the runs that are held instead."""

    queued: int
    held: Sequence[HeldRun]

    def sentences(self) -> str:
        """The outcome in words, a line for each run that is held."""
        return "\n".join(
            [
                f"{counted(self.queued, 'digest')} queued.",
                *(
                    f"Run {held.run} with {counted(held.digests, 'digest')} is held: {held.reason} "
                    f"See trial-alerts runs show {held.run}."
                    for held in self.held
                ),
            ]
        )


@dataclass(frozen=True, slots=True)
class RenderedPreview:
    """A digest as it would be sent, with links to the preferences page only."""

    frequency: str
    language: str
    subject: str
    text: str
    html: str


async def send_due(system: System) -> QueuedDigests:
    """Plans and queues due digests, as the workers do."""
    now = await _now(system)
    return await _queued(system, await actions.send_due(system, this_operator(), now), now)


async def send_now(system: System, email: str | None = None) -> QueuedDigests:
    """Plans and queues all pending digests, or those of one subscriber. Raises CommandFailed."""
    now = await _now(system)
    with _unknown_is_failure():
        planned = await actions.send_now(system, this_operator(), email, now)
    return await _queued(system, planned, now)


async def _now(system: System) -> datetime:
    """The database's time, by which digests are planned."""
    await clock.compare(system.database)
    return clock.now(system.database)


async def _queued(system: System, planned: int, since: datetime) -> QueuedDigests:
    async with system.reading() as connection:
        held = await runs.held_since(connection, since)
    queued = planned - sum(run.digests for run in held)
    return QueuedDigests(max(queued, 0), [HeldRun(run.id, run.digests, run.held_because) for run in held])


async def preview(system: System, email: str) -> list[RenderedPreview]:
    """A subscriber's next digests. Raises CommandFailed."""
    with _unknown_is_failure():
        digests = await actions.preview(system, this_operator(), email, system.now())
    frame, base = sender_profile(system.settings), system.settings.public_url
    previews = []
    for digest in digests:
        mail = render(
            Digest(
                blocks=digest.blocks,
                frequency=digest.frequency,
                is_first=digest.is_first,
                discreet=digest.discreet,
                preferences_url=f"{base}/preferences",
                unsubscribe_url=f"{base}/preferences",
                full_digest_url=lambda: f"{base}/preferences",
            ),
            frame=frame,
            language=digest.language,
        )
        frequency = str(digest.frequency)
        previews.append(RenderedPreview(frequency, digest.language, mail.subject, mail.text, mail.html))
    return previews


@contextmanager
def _unknown_is_failure() -> Iterator[None]:
    try:
        yield
    except UnknownPerson:
        raise CommandFailed("No subscriber has this address.") from None
