"""Reads `.env` files, in UTF-8 with or without a byte order mark; no setting is left out silently."""

import io
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

_OURS = "ALERTS_"


class UnreadableEnvFile(ValueError):
    """The file, or a line with a setting, can't be read; the message is one sentence without its content."""


def read_env_file(path: Path) -> dict[str, str]:
    """The variables of a file; none if there is no such file. Raises UnreadableEnvFile.

    The library drops a line that it can't read, such as one whose quotes do not end: its setting would
    silently have the default.
    """
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UnreadableEnvFile(f"{path} can't be read: it must be a text in UTF-8.") from None
    for line in parse_stream(io.StringIO(text)):
        if line.error and _OURS in line.original.string:
            raise UnreadableEnvFile(f"{path} can't be read at line {line.original.line}: check its quotes.")
    values = dotenv_values(stream=io.StringIO(text))
    return {name: value for name, value in values.items() if value is not None}
