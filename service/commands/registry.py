"""`registry convert`: study records of the ClinicalTrials.gov API v2 as events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from service.commands import CommandFailed
from service.commands.json_files import values
from service.domain.registry_record import InvalidRecord, to_event
from service.json_text import NOT_JSON, decode

SOURCE = "https://clinicaltrials.gov/api/v2"


@dataclass(slots=True)
class Converted:
    """How many records became events, and why others did not: their place in the files and a sentence."""

    count: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)


def convert(
    files: Sequence[Path], out: BinaryIO, *, now: datetime, source: str = SOURCE, url: str | None = None
) -> Converted:
    """Writes an event per line for each record of files (a record, an array, lines, or an API answer).

    `url` is the website's trial page with `{nct_id}` in it. Records that can't be converted are skipped
    and named in the result.
    """
    converted = Converted()
    page = {} if url is None else {"url": url}
    for file in files:
        try:
            for place, record in _records(file):
                try:
                    event = to_event(record, now=now, source=source, **page)  # type: ignore[arg-type]
                except InvalidRecord as problem:
                    converted.skipped.append((place, str(problem)))
                    continue
                out.write(msgspec.json.encode(event) + b"\n")
                converted.count += 1
        except CommandFailed as problem:
            converted.skipped.append((file.name, str(problem)))
    return converted


def _records(file: Path) -> Iterator[tuple[str, object]]:
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
