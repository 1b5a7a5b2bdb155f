"""Logging for every process: structlog, and all that libraries log, with addresses struck out.

An exception is logged by its type and the places that it came through. Its message, and the source lines and
local values of a traceback, may quote what a visitor sent.
"""

import contextlib
import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
import structlog

_ADDRESS = re.compile(r"[^\s<>\"'(),:;=]+@[^\s<>\"'(),:;=]+")
_TOKEN = re.compile(r"(/(?:confirm|unsubscribe|preferences|decline|address|terms|digest)/)[^/\s?\"']+")

#: Of an exception, the places and the causes that are logged.
_MOST_FRAMES = 30
_MOST_CAUSES = 5


def redact(text: str) -> str:
    """`text` without what looks like an address or a token in a path: a net below the rule."""
    if "@" in text:
        text = _ADDRESS.sub("…@…", text)
    return _TOKEN.sub(r"\1…", text) if "/" in text else text


def _redact_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = redact(value)
    return event


def places(error: BaseException) -> str:
    """The types of an exception and its causes, each with the places it came through, innermost first."""
    told, seen = [], set[int]()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = [
            f"{'/'.join(Path(frame.f_code.co_filename).parts[-3:])}:{line} {frame.f_code.co_name}"
            for frame, line in traceback.walk_tb(current.__traceback__)
        ]
        told.append(
            type(current).__name__ + (" at " + ", ".join(frames[:-_MOST_FRAMES:-1]) if frames else "")
        )
        hidden = None if current.__suppress_context__ else current.__context__
        current = current.__cause__ or hidden
    return "; from ".join(told[:_MOST_CAUSES])


def _with_places(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Puts what `places` says of a logged exception where its traceback would stand."""
    given = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if isinstance(given, tuple):
        given = given[1]
    elif given and not isinstance(given, BaseException):
        given = sys.exc_info()[1]
    if isinstance(given, BaseException):
        event["exception"] = places(given)
    return event


class _WithoutMessages(logging.Filter):
    """Takes out of what libraries log the words of exceptions: their types stay."""

    @staticmethod
    def _without(value: object, words: str | None) -> object:
        if isinstance(value, BaseException):
            return type(value).__name__
        return "…" if words and value == words else value

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record through."""
        if isinstance(record.args, tuple):
            words = str(record.exc_info[1]) if record.exc_info and record.exc_info[1] else None
            record.args = tuple(self._without(one, words) for one in record.args)
        if record.name == "asyncio":  # what follows its first line describes tasks, with their exceptions
            record.msg, record.args = record.getMessage().partition("\n")[0], ()
        return True


def _on_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Logs what ends a process as any other exception."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        structlog.get_logger("process").critical("uncaught_error", exc_info=error)


class _Writer:
    """Where our own lines go: straight to standard error, each in one piece."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        """Writes one line. A disk that is full costs the line, never the work that it tells of."""
        with contextlib.suppress(OSError):
            sys.stderr.write(line + "\n")

    debug = info = warning = error = critical = msg


def _as_json(event: Any, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()


def set_up(log_format: str, level: int = logging.INFO) -> None:
    """Sends all logs to standard error, as lines for people (`console`) or as JSON."""
    as_lines = log_format == "console" or (log_format != "json" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_places,
        _redact_event,
    ]
    final: Any = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if as_lines
        else structlog.processors.JSONRenderer(serializer=_as_json)
    )
    structlog.configure(
        processors=[*shared, final],
        logger_factory=_Writer,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    _take_over_the_standard_librarys(shared, final, level)
    sys.excepthook = _on_uncaught


def _take_over_the_standard_librarys(shared: list[Any], final: Any, level: int) -> None:
    """What libraries log goes the same way, in the same form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_WithoutMessages())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _redact_event, final],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("arq", "httpx", "uvicorn.access", "mail.log", "aiosqlite", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
