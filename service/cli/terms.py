"""`trial-alerts terms publish`: publishes a version of the terms from a text file."""

from datetime import UTC, datetime
from pathlib import Path

from service.actions import terms
from service.actions.terms import InvalidTerms
from service.cli.context import CommandFailed, WrongUsage
from service.cli.operator import this_operator
from service.store.people.terms import AlreadyPublished
from service.system import System


async def publish(system: System, file: Path, version: str, *, material: bool, pause_after: int) -> bool:
    """Publishes the text of `file`; False if already published. Raises CommandFailed, WrongUsage."""
    now = datetime.now(UTC)
    try:
        pause_at = terms.after_days(pause_after, now)
        return await terms.publish(
            system, this_operator(), version, _text(file), now=now, material=material, pause_at=pause_at
        )
    except InvalidTerms as problem:
        raise WrongUsage(str(problem)) from None
    except AlreadyPublished as problem:
        raise CommandFailed(str(problem)) from None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CommandFailed(f"{file.name} is not UTF-8.") from None
