"""Logging for every process: structlog, and all that libraries log, with addresses struck out."""

import contextlib
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import msgspec
import structlog

_ADDRESS = re.compile(r"[^\s<>\"'(),:;=]+@[^\s<>\"'(),:;=]+")
_TOKEN = re.compile(r"(/(?:confirm|unsubscribe|preferences|decline|address|terms|digest)/)[^/\s?\"']+")


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
        structlog.processors.format_exc_info,
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


def _take_over_the_standard_librarys(shared: list[Any], final: Any, level: int) -> None:
    """What libraries log goes the same way, in the same form."""
    handler = logging.StreamHandler(sys.stderr)
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
