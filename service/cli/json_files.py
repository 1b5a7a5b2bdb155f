"""Files of JSON values, read one value at a time: one value, an array, or a value per line."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import msgspec

from service.cli.context import CommandFailed
from service.runtime.json_text import NOT_JSON, decode, without_mark

_array = msgspec.json.Decoder(list[msgspec.Raw])
_anything = msgspec.json.Decoder(msgspec.Raw)


def values(file: Path) -> Iterator[tuple[str, bytes]]:
    """Yields each value of a file as JSON text, with its position in words. Lines are read lazily.

    Raises CommandFailed for a file in none of the three formats. Lines after the first are not validated
    here, but by `valid_texts`.
    """
    with file.open("rb") as lines:
        first = without_mark(next((line for line in lines if line.strip()), b""))
        if _whole(first) and not first.lstrip().startswith(b"["):
            for number, line in enumerate(chain([first], (line for line in lines if line.strip())), 1):
                yield f"{file.name}, value {number}", line.strip()
            return
        text = first + lines.read()
    if not text.strip():
        return
    try:
        found = decode(text, _array) if text.lstrip().startswith(b"[") else [decode(text, _anything)]
    except NOT_JSON:
        raise CommandFailed(f"{file.name} is not JSON, a JSON array or JSON lines.") from None
    for number, value in enumerate(found, 1):
        yield f"{file.name}, value {number}", bytes(value)


def _whole(line: bytes) -> bool:
    try:
        line.decode(errors="surrogatepass")
        decode(line, _anything)
    except NOT_JSON:
        return False
    return True


def valid_texts(files: Iterable[Path]) -> Iterator[bytes]:
    """Yields the values of files as JSON text. Raises CommandFailed that names one that is not JSON."""
    for file in files:
        for place, text in values(file):
            if not _whole(text):
                raise CommandFailed(f"{place} is not JSON.")
            yield text
