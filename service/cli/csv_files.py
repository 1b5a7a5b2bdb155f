"""CSV files as other programs write them: any of three delimiters, UTF-8 or UTF-16, and broken lines.

A line that can't be read costs itself alone, also one with a quote that is never closed; of a file of any
size only some lines are in memory.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from service.cli.context import CommandFailed
from service.domain.imported_columns import FileLine, repeated

_DELIMITERS = ",;\t"
_MOST_IN_A_LINE = 1_000_000
#: Lines that a quoted field may go over (a note, an address).
_MOST_LINES = 50
_SNIFFED = 64 * 1024
_HEADER_NAME = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file whose header was read: the names are lower-case words joined by underscores."""

    path: Path
    encoding: str
    delimiter: str
    names: tuple[str, ...]
    skipped: int
    line_count: int

    def lines(self, first: int = 1) -> Iterator[FileLine]:
        """The records below the header that begin at the line `first` or later, without empty lines."""
        with closing(_open(self.path, self.encoding)) as source:
            yield from _records(_NumberedLines(source), self, first)


def open_csv(path: Path) -> CsvFile:
    """Finds out how a file is written. Raises CommandFailed if it is no table with a header."""
    encoding = _encoding(path)
    with closing(_open(path, encoding)) as source:
        lines = _NumberedLines(source)
        header = next((line for line in lines if not line[1].isspace()), (1, ""))
        if header[1].strip().lower().startswith("sep="):  # a hint of Excel's
            header = next(lines, (2, ""))
    number, text = header
    delimiter = max(_DELIMITERS, key=text.count)
    try:
        fields = next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        fields = []
    names = tuple(_HEADER_NAME.sub("_", field.strip().lower()).strip("_") for field in fields)
    # Read as UTF-16, every second letter of UTF-32 is NUL.
    if "\0" in text or not any(names) or any(not name.isprintable() for name in names):
        raise CommandFailed(f"{path.name} is not a CSV file with a header, in UTF-8 or UTF-16.")
    return CsvFile(path, encoding, delimiter, names, number, _count_lines(path))


def require_each_once(file: CsvFile, used: Collection[str]) -> None:
    """Raises CommandFailed if a file has a column among `used` more than once."""
    if names := repeated(file.names, used):
        raise CommandFailed(f"{file.path.name} has the column {names[0]} more than once: leave one.")


def _encoding(path: Path) -> str:
    """UTF-8 unless a byte order mark or the zeros between ASCII letters say UTF-16."""
    with path.open("rb") as source:
        head = source.read(_SNIFFED)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 > len(head):
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8-sig"


def _open(path: Path, encoding: str) -> IO[str]:
    """A byte that is no text becomes half a surrogate pair, which `_records` finds."""
    errors = "surrogateescape" if encoding == "utf-8-sig" else "replace"
    return io.TextIOWrapper(path.open("rb"), encoding=encoding, errors=errors)


def _count_lines(path: Path) -> int:
    count = 0
    with path.open("rb") as source:
        while block := source.read(1 << 20):
            count += block.count(b"\n")
    return count


class _NumberedLines(Iterator[tuple[int, str]]):
    """The lines of a file with their numbers; some may be given back, to be read again."""

    def __init__(self, source: IO[str]) -> None:
        self._source = source
        self._given_back: deque[tuple[int, str]] = deque()
        self._number = 0

    def __next__(self) -> tuple[int, str]:
        if self._given_back:
            return self._given_back.popleft()
        text = self._source.readline(_MOST_IN_A_LINE)
        if not text:
            raise StopIteration
        self._number += 1
        rest = text
        while rest and not rest.endswith("\n"):
            rest = self._source.readline(_MOST_IN_A_LINE)
        return self._number, text

    def give_back(self, lines: list[tuple[int, str]]) -> None:
        """Makes these the next lines."""
        self._given_back.extendleft(reversed(lines))


def _records(lines: _NumberedLines, file: CsvFile, first: int) -> Iterator[FileLine]:
    """A record is one line; only one with an open quote goes on in the next lines."""
    width = len(file.names)
    for number, text in lines:
        if number <= file.skipped or text.isspace():
            continue
        fields = (
            text.rstrip("\r\n").split(file.delimiter)
            if '"' not in text
            else _quoted(text, lines, file.delimiter, width)
        )
        if number < first:
            continue  # with all lines of the record
        if fields is None:
            yield FileLine(number, {}, "a quotation mark is not closed, or stands within a value")
        elif len(text) >= _MOST_IN_A_LINE:
            yield FileLine(number, {}, "the line is too long")
        elif not _is_text(text):
            yield FileLine(number, {}, "the line is not in the encoding of the file")
        elif any(map(str.strip, fields)):
            surplus = any(map(str.strip, fields[width:]))
            yield FileLine(number, dict(zip(file.names, fields, strict=False)), surplus=surplus)


def _quoted(text: str, lines: _NumberedLines, delimiter: str, width: int) -> list[str] | None:
    """The fields of a record that begins with this line; None if its quotes are wrong.

    A quote that is never closed would go on until the next one in the file, or its end: the lines between
    are given back, and only the first is lost.
    """
    more: list[tuple[int, str]] = []
    while True:
        try:
            fields = next(csv.reader([text, *(line for _, line in more)], delimiter=delimiter, strict=True))
        except csv.Error as problem:
            following = next(lines, None) if "unexpected end" in str(problem) else None
            if following is None or len(more) >= _MOST_LINES:
                lines.give_back([*more, *([following] if following else [])])
                return None
            more.append(following)
            continue
        if more and len(fields) != width:
            lines.give_back(more)
            return None
        return fields


def _is_text(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" or letter == "\ufffd" for letter in text)
