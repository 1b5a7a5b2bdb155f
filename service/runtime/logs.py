"""Logging for every process: structlog, and the logs of libraries, with addresses redacted.

An exception is logged by type and code locations. Its message, and the source lines and local values of a
traceback, may contain a visitor's data.
"""

import contextlib
import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
import structlog

_ADDRESS = re.compile(r"[^\s<>\"'(),:;=]+@[^\s<>\"'(),:;=]+")
_TOKEN = re.compile(r"(/(?:confirm|unsubscribe|preferences|decline|address|terms|digest)/)[^/\s?\"']+")

#: Maximum numbers of locations and causes logged of an exception.
_MOST_FRAMES = 30
_MOST_CAUSES = 5


def redact(text: str) -> str:
    """Removes anything like an address or a token in a path; a safety net, as none should be logged."""
    if "@" in text:
        text = _ADDRESS.sub("…@…", text)
    return _TOKEN.sub(r"\1…", text) if "/" in text else text


def _redact_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = redact(value)
    return event


def places(error: BaseException) -> str:
    """The types of an exception and its causes, each with its code locations, innermost first."""
    described, seen = [], set[int]()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = [
            f"{'/'.join(Path(frame.f_code.co_filename).parts[-3:])}:{line} {frame.f_code.co_name}"
            for frame, line in traceback.walk_tb(current.__traceback__)
        ]
        described.append(
            type(current).__name__ + (" at " + ", ".join(frames[:-_MOST_FRAMES:-1]) if frames else "")
        )
        hidden = None if current.__suppress_context__ else current.__context__
        current = current.__cause__ or hidden
    return "; from ".join(described[:_MOST_CAUSES])


def _with_places(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replaces the traceback of a logged exception by `places`."""
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
    """Replaces exceptions in the records of libraries by their types."""

    @staticmethod
    def _without(value: object, words: str | None) -> object:
        if isinstance(value, BaseException):
            return type(value).__name__
        return "…" if words and value == words else value

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record through."""
        if isinstance(record.args, tuple):
            words = str(record.exc_info[1]) if record.exc_info and record.exc_info[1] else None
            record.args = tuple(self._without(value, words) for value in record.args)
        if record.name == "asyncio":  # the lines after the first describe tasks with their exceptions
            record.msg, record.args = record.getMessage().partition("\n")[0], ()
        return True


def _on_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Logs an uncaught exception in the same form."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        structlog.get_logger("process").critical("uncaught_error", exc_info=error)


class _Writer:
    """Writes log lines to standard error, each in one piece."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        """Writes one line; a write error (a full disk) is ignored."""
        with contextlib.suppress(OSError):
            sys.stderr.write(line + "\n")

    debug = info = warning = error = critical = msg


_access, _lines = structlog.get_logger("access"), _Writer("access")
#: Whether lines of the level `info` are written, as JSON.
_as_json_from_info = False


def _as_json(event: Any, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()


def log_request(request_id: str, method: str, route: str, status: int, ms: float) -> None:
    """Logs an answered request, whose `request_id` is bound to the other lines about it.

    As JSON, the line that structlog would make without its steps: each request has one, and they took a
    tenth of the time of a sign-up.
    """
    if not _as_json_from_info:
        _access.info("request", method=method, route=route, status=status, ms=ms)
        return
    line = {
        "method": redact(method),
        "route": _route(route),
        "status": status,
        "ms": ms,
        "event": "request",
        "request_id": request_id,
        "level": "info",
        "logger": "access",
        "timestamp": f"{datetime.now(UTC).isoformat()[:-6]}Z",
    }
    _lines.msg(_as_json(line))


@lru_cache(maxsize=1000)
def _route(pattern: str) -> str:
    return redact(pattern)


def set_up(log_format: str, level: int = logging.INFO) -> None:
    """Sends all logs to standard error, as lines for people (`console`) or as JSON."""
    global _as_json_from_info
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
    _as_json_from_info = not as_lines and level <= logging.INFO
    structlog.configure(
        processors=[*shared, final],
        logger_factory=_Writer,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    _configure_standard_logging(shared, final, level)
    sys.excepthook = _on_uncaught


def _configure_standard_logging(shared: list[Any], final: Any, level: int) -> None:
    """Routes the logs of libraries through the same handlers and format."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_WithoutMessages())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _redact_event, final],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("arq", "httpx", "uvicorn.access", "mail.log", "aiosqlite", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
