"""`trial-alerts subscriber`: what is held on one person, shown, given out, erased."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from service.actions import subject_rights
from service.actions.subject_rights import UnknownPerson
from service.cli.context import CommandFailed
from service.cli.operator import this_operator
from service.system import System


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except UnknownPerson as problem:
        raise CommandFailed(str(problem)) from None


async def export(system: System, address: str) -> dict[str, Any]:
    """Everything held on the person. Raises CommandFailed when nobody is known by that address."""
    with _failures():
        return await subject_rights.export(system, this_operator(), address, now=datetime.now(UTC))


async def show(system: System, address: str) -> dict[str, Any]:
    """The short form of `export`."""
    with _failures():
        return await subject_rights.show(system, this_operator(), address, now=datetime.now(UTC))


async def erase(system: System, address: str) -> dict[str, int]:
    """Erases the person at once; returns how many rows of each table are gone. Raises CommandFailed."""
    with _failures():
        return await subject_rights.erase(system, this_operator(), address, now=datetime.now(UTC))
