"""Operators' sessions on the dashboard: sign-in and sign-out, both audited."""

from datetime import datetime

import structlog

from service.actions import audit_log
from service.runtime.time_limit import within
from service.store import audit
from service.store.admin import ended_sessions
from service.store.audit import Operator
from service.store.sql.database import is_away
from service.system import System

_log = structlog.get_logger("operators")

#: Seconds that the database has to record a sign-in.
_SECONDS = 5.0


async def begin(system: System, operator: Operator, now: datetime) -> None:
    """Records a sign-in. Without the database operators are let in all the same: they need to see why."""
    try:
        await within(_SECONDS, audit_log.record(system, operator, "dashboard.sign_in", now=now))
    except Exception as error:
        if not is_away(error):
            raise
        _log.warning("sign_in_not_recorded", error=type(error).__name__)
    _log.info("signed_in")


async def end(
    system: System, operator: Operator, session_id: bytes, *, ends_at: datetime, now: datetime
) -> None:
    """Revokes a session; the revocation is stored until the session would expire, at `ends_at`."""
    async with system.writing() as connection:
        await ended_sessions.add(connection, session_id, ends_at=ends_at, now=now)
        await audit.record(connection, operator, "dashboard.sign_out", now=now)
    _log.info("signed_out")


async def has_ended(system: System, session_id: bytes) -> bool:
    """Whether a session was revoked by signing out."""
    async with system.reading() as connection:
        return await ended_sessions.includes(connection, session_id)
