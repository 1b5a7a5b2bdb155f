"""`trial-alerts terms publish`: publishes a version of the terms from a text file."""

import sys
from pathlib import Path

from service.actions import terms
from service.actions.terms import InvalidTerms
from service.cli.context import CommandFailed, WrongUsage
from service.cli.operator import this_operator
from service.store.people import terms as store
from service.store.people.terms import AlreadyPublished
from service.system import System


async def publish(system: System, file: Path, version: str, *, material: bool, pause_after: int) -> bool:
    """Publishes the text of `file`; False if already published. Raises CommandFailed, WrongUsage."""
    now = system.now()
    try:
        pause_at = terms.after_days(pause_after, now)
        return await terms.publish(
            system, this_operator(), version, _text(file), now=now, material=material, pause_at=pause_at
        )
    except InvalidTerms as problem:
        raise WrongUsage(str(problem)) from None
    except AlreadyPublished as problem:
        raise CommandFailed(str(problem)) from None


async def current(system: System) -> str | None:
    """The version that is published, if any is."""
    async with system.reading() as connection:
        published = await store.current(connection)
    return published.version if published else None


def _text(file: Path) -> str:
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        name = "The text" if str(file) == "-" else file.name
        raise CommandFailed(f"{name} is not UTF-8.") from None
