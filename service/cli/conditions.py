"""`conditions import`: a hierarchy of conditions from an OBO file."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from service.actions import import_conditions as actions
from service.cli.context import CommandFailed
from service.cli.operator import this_operator
from service.domain.trials.conditions.obo import contradictions, read_obo
from service.domain.trials.events.snapshot import InvalidSnapshot
from service.system import System


class _ReopenedFile(Iterable[str]):
    """The lines of a file, which is opened each time that they are iterated."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __iter__(self) -> Iterator[str]:
        with self.file.open(encoding="utf-8-sig") as lines:
            yield from lines


async def import_conditions(
    system: System,
    file: Path,
    *,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
    omitted: Callable[[str], None] | None = None,
) -> int:
    """Stores each term of the file as an event observed at `now`, for a worker. Returns how many.

    `progress` gets how many are written, and how many stanzas the file has; `omitted` each parent that is
    left out as a sentence, since it contradicts its term's name. Raises CommandFailed for a file
    without terms, or with one that is invalid: then none is stored.
    """

    def show(written: int) -> None:
        if progress:
            progress(written, stanzas)

    try:
        stanzas = sum(line.startswith("[Term]") for line in _ReopenedFile(file))
        stored = await actions.import_conditions(
            system, this_operator(), lambda: read_obo(_ReopenedFile(file)), now, show
        )
    except UnicodeDecodeError:
        raise CommandFailed(f"{file.name} is not UTF-8.") from None
    except InvalidSnapshot as invalid:
        raise CommandFailed(f"{file.name} has an invalid term: {invalid}.") from None
    if not stored:
        raise CommandFailed(f"{file.name} has no terms in OBO format.")
    if omitted:
        for sentence in contradictions(_ReopenedFile(file)):
            omitted(f"Left out: {sentence}.")
    return stored
