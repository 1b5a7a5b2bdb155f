"""`trial-alerts subscriber`: shows, exports and erases a subscriber's data."""

from collections.abc import Iterator
from contextlib import contextmanager
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
    """All data of the subscriber. Raises CommandFailed if the address is unknown."""
    with _failures():
        return await subject_rights.export(system, this_operator(), address, now=system.now())


async def show(system: System, address: str) -> dict[str, Any]:
    """A summary of `export`."""
    with _failures():
        return await subject_rights.show(system, this_operator(), address, now=system.now())


async def erase(system: System, address: str) -> dict[str, int]:
    """Erases the subscriber; returns the number of deleted rows per table. Raises CommandFailed."""
    with _failures():
        return await subject_rights.erase(system, this_operator(), address, now=system.now())
