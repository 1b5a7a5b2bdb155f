"""Settings made once in a test process, and a state of it that no test hands on to the next."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, wraps
from typing import Any

import pytest
import structlog
from httpx._transports import default as httpx_transports
from jinja2 import Environment
from sqlalchemy.ext.asyncio import AsyncConnection
from time_machine import escape_hatch

from service import rate_limit
from service.mail.render.templates import Templates
from service.store.sql import clock, database

#: Limits in seconds, by module, for what answers at once and for a job's one turn: a busy machine is nothing
#: that hangs. A test of something that hangs sets a short one itself.
_LIMITS = {
    "service.app": ("_CLOCKS_SECONDS",),
    "service.redis.pool": ("WAIT",),
    "service.actions.feedback": ("_LONGEST_COUNT",),
    "service.cli.doctor": ("_SECONDS",),
    "service.cli.doctor.installation": ("_WRITE_SECONDS", "_REDIS_SECONDS"),
    "service.cli.doctor.mail_server": ("_SECONDS",),
    "service.web.admin.dashboard": ("_SECONDS",),
    "service.web.admin.session": ("_SECONDS",),
    "service.web.api.metrics": ("_SECONDS",),
    "service.web.api.provider_feedback": ("_FETCH_SECONDS",),
    "service.web.api.readiness": (
        "_DATABASE_SECONDS",
        "_OTHERS_SECONDS",
        "_MAIL_SECONDS",
        "_GREETING_SECONDS",
    ),
    "service.web.http.answer_time": ("SECONDS",),
    "service.web.http.protocol": ("HEAD_SECONDS", "BODY_SECONDS", "IDLE_SECONDS"),
    "service.store.sql.replica": ("_SECONDS",),
    "workers.heartbeat": ("_REDIS_SECONDS",),
    "workers.ingest.events": ("SECONDS",),
    "workers.deliver.deliver": ("SLICE",),
    "workers.rotate_keys": ("_SECONDS",),
}
_PATIENT_SECONDS = 60.0


def be_patient(within: str = "") -> None:
    """Raises the limits of all modules that are loaded, or of those whose names begin with `within`."""
    for name, limits in _LIMITS.items():
        if name.startswith(within) and (module := sys.modules.get(name)):
            for limit in limits:
                assert isinstance(getattr(module, limit), int | float)
                setattr(module, limit, _PATIENT_SECONDS)


def set_up() -> None:
    """Makes HTTP clients cheap and logs plain, and takes the database along when a test moves the time."""
    # A transaction of this process may stand still for as long as the process does.
    limited = database._prepare_session
    database._prepare_session = lambda seconds: limited(seconds and max(seconds, round(_PATIENT_SECONDS)))
    asked = clock._asked

    async def asked_of_the_same_machine(connection: AsyncConnection) -> datetime:
        return datetime.now(UTC) if escape_hatch.is_travelling() else await asked(connection)

    clock._asked = asked_of_the_same_machine
    # Each client reads the root certificates, even for plain HTTP: 20 ms, here once for a process.
    httpx_transports.create_ssl_context = cache(httpx_transports.create_ssl_context)
    read_templates_once()
    # structlog's default, but for exceptions, which it draws with the source around them: 250 ms for each.
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.dev.set_exc_info,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    )


def read_templates_once() -> None:
    """Lets websites share the parsed and compiled templates of the same text.

    A worker does both for all mails as it starts, in a tenth of a second.
    """
    for method in ("parse", "compile"):
        setattr(Environment, method, _once_for_each_text(getattr(Environment, method)))


def _once_for_each_text(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method of Jinja environments; those of mails differ by their globals, which code does not depend on,
    and by what values are finished with."""
    made: dict[tuple[object, ...], Any] = {}

    @wraps(method)
    def once(self: Environment, source: Any, *more: Any, **options: Any) -> Any:
        if not isinstance(self.loader, Templates):
            return method(self, source, *more, **options)
        key = (self.finalize, source, *more, *options.items())
        if key not in made:
            made[key] = method(self, source, *more, **options)
        return made[key]

    return once


@pytest.fixture(autouse=True)
def redis_counts_as_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test in which Redis was away leaves no limits behind that are counted without it."""
    monkeypatch.setattr(rate_limit, "_local", rate_limit._LocalCounters())
