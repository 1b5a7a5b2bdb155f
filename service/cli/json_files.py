"""Files of JSON values, read one value at a time: one value, an array, or a value per line."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import msgspec

from service.cli.context import CommandFailed
from service.json_text import NOT_JSON, decode, without_mark

_array = msgspec.json.Decoder(list[msgspec.Raw])
_anything = msgspec.json.Decoder(msgspec.Raw)


def values(file: Path) -> Iterator[tuple[str, bytes]]:
    """Each value of a file as JSON text, with its place in words. Lines are read as they are needed.

    Raises CommandFailed for a file that holds none of the three. Whether a line is JSON is the reader's
    to find out.
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
        raise CommandFailed(f"{file.name} holds no JSON, JSON array or JSON lines.") from None
    for number, one in enumerate(found, 1):
        yield f"{file.name}, value {number}", bytes(one)


def _whole(line: bytes) -> bool:
    try:
        decode(line)
    except NOT_JSON:
        return False
    return True
