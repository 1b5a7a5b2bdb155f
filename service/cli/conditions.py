"""`conditions import`: a hierarchy of conditions from an OBO file."""

from datetime import datetime
from pathlib import Path

from service.actions import import_conditions as actions
from service.cli.context import CommandFailed
from service.cli.operator import this_operator
from service.domain.trials.obo import read_obo
from service.domain.trials.snapshot import InvalidSnapshot
from service.system import System


async def import_conditions(system: System, file: Path, *, now: datetime) -> int:
    """Stores each term of the file as an event observed at `now`, for a worker. Returns how many.

    Raises CommandFailed for a file without terms, or with one that is invalid.
    """
    try:
        with file.open(encoding="utf-8") as lines:
            terms = list(read_obo(lines))
        stored = await actions.import_conditions(system, this_operator(), terms, now)
    except UnicodeDecodeError:
        raise CommandFailed(f"{file.name} is not UTF-8.") from None
    except InvalidSnapshot as invalid:
        raise CommandFailed(f"{file.name} has an invalid term: {invalid}.") from None
    if not terms:
        raise CommandFailed(f"{file.name} has no terms in OBO format.")
    return stored
