"""`trial-alerts registry convert`: converts study records of the ClinicalTrials.gov API v2 into events."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from service.cli.context import CommandFailed
from service.cli.json_files import values
from service.cli.registry.state import RegistryState
from service.domain.trials.registry.record import REGISTRY_URL, InvalidRecord, to_event
from service.runtime.json_text import NOT_JSON, decode

SOURCE = "https://clinicaltrials.gov/api/v2"
_EVENTS_PER_COMMIT = 500


@dataclass(slots=True)
class Converted:
    """The number of converted records, and the skipped ones: position in the files and reason."""

    count: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)


def convert(
    files: Sequence[Path],
    out: BinaryIO,
    *,
    now: datetime,
    source: str = SOURCE,
    url: str | None = None,
    state: Path | None = None,
    first_load: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Converted:
    """Writes an event per line for each record of the files (a record, an array, lines, or an API response).

    `url` is the website's trial page, with `{nct_id}`. `state` is the SQLite file with each trial's last
    revision, so that changed content gets a higher one. With `first_load` the events notify nobody. Records
    that can't be converted are skipped and listed in the result. `progress` gets the number so far.
    """
    converted = Converted()
    known = RegistryState(state)
    try:
        events = _events(files, converted, known, now=now, source=source, url=url, first_load=first_load)
        with known.named():
            for group in _groups(events):
                known.commit()  # before writing them: a revision must never be used twice
                out.writelines(msgspec.json.encode(event) + b"\n" for event in group)
                converted.count += len(group)
                progress(converted.count)
    finally:
        known.close()
    return converted


def _events(
    files: Sequence[Path],
    converted: Converted,
    known: RegistryState,
    *,
    now: datetime,
    source: str,
    url: str | None,
    first_load: bool,
) -> Iterator[dict[str, Any]]:
    for file in files:
        try:
            for place, record in _records(file):
                try:
                    yield to_event(
                        record,
                        now=now,
                        source=source,
                        url=url or REGISTRY_URL,
                        revise=known.revise,
                        first_load=first_load,
                    )
                except InvalidRecord as problem:
                    converted.skipped.append((place, str(problem)))
        except CommandFailed as problem:
            converted.skipped.append((file.name, str(problem)))


def _groups(events: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    events = iter(events)
    while group := list(islice(events, _EVENTS_PER_COMMIT)):
        yield group


def _records(file: Path) -> Iterator[tuple[str, Any]]:
    for place, text in values(file):
        try:
            record = decode(text)
        except NOT_JSON:
            yield place, None
            continue
        if isinstance(record, dict) and isinstance(record.get("studies"), list):
            for number, study in enumerate(record["studies"], 1):
                yield f"{place}, study {number}", study
        else:
            yield place, record
