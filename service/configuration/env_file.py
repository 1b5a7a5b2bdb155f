"""Reads `.env` files, in UTF-8 with or without a byte order mark; no setting is left out silently.

Loads fast, unlike the settings, since a container checks its worker every few seconds.
"""

import io
import os
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

_OURS = "ALERTS_"
_FILE = "_FILE"


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
    except UnicodeDecodeError:
        raise UnreadableEnvFile(f"{path} can't be read: it must be a text in UTF-8.") from None
    except OSError as error:
        raise UnreadableEnvFile(f"{path} can't be read: {(error.strerror or 'no text').lower()}.") from None
    for line in parse_stream(io.StringIO(text)):
        if line.error and _OURS in line.original.string:
            raise UnreadableEnvFile(f"{path} can't be read at line {line.original.line}: check its quotes.")
    values = dotenv_values(stream=io.StringIO(text))
    return {name: value for name, value in values.items() if value is not None}


def merged(lower: Mapping[str, str], upper: Mapping[str, str]) -> dict[str, str]:
    """The variables of `lower`, and above them those of `upper`.

    A setting in `upper` hides the one in `lower` in both of its forms: as the value and as `…_FILE`.
    """
    hidden = {
        other
        for name, value in upper.items()
        if name.startswith(_OURS) and value.strip()
        for other in (name.removesuffix(_FILE), name.removesuffix(_FILE) + _FILE)
    }
    return {name: value for name, value in lower.items() if name not in hidden} | dict(upper)


def read_environ() -> dict[str, str]:
    """The process's environment above the `.env` file of the working directory. Raises UnreadableEnvFile."""
    return merged(read_env_file(Path(".env")), os.environ)


def value_of(variable: str, environ: Mapping[str, str]) -> str:
    """The text of a setting, of the file that its `…_FILE` variable names if that is there; "" for none.

    Raises UnreadableEnvFile.
    """
    path = environ.get(variable + _FILE)
    if not path:
        return environ.get(variable, "")
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, ValueError):  # of text that is no UTF-8, or of a path that is none
        raise UnreadableEnvFile(f"{variable}{_FILE} names a file that can't be read.") from None


def data_folder_of(environ: Mapping[str, str]) -> Path:
    """The data folder that `environ` names, absolute. Raises UnreadableEnvFile."""
    return Path(value_of("ALERTS_DATA", environ).strip() or "var").absolute()
