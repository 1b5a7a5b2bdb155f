"""Logging for every process: structlog, and all that libraries log, with addresses struck out."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_ADDRESS = re.compile(r"[^\s<>\"'(),:;=]+@[^\s<>\"'(),:;=]+")
_TOKEN = re.compile(r"(/(?:confirm|unsubscribe|preferences|decline|address|terms|digest)/)[^/\s?\"']+")


def redact(text: str) -> str:
    """`text` without what looks like an address or a token in a path: a net below the rule."""
    return _TOKEN.sub(r"\1…", _ADDRESS.sub("…@…", text))


def _redact_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = redact(value)
    return event


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
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
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
