"""Operators' sessions on the dashboard: begun and ended, both recorded."""

from datetime import datetime

import structlog

from service.actions import audit_log
from service.store.admin import audit, ended_sessions
from service.store.admin.audit import Operator
from service.store.sql.database import is_away
from service.system import System

_log = structlog.get_logger("operators")


async def begin(system: System, operator: Operator, now: datetime) -> None:
    """Records that an operator signed in, unless the database is away: they want to look all the more."""
    try:
        await audit_log.record(system, operator, "dashboard.sign_in", now=now)
    except Exception as error:
        if not is_away(error):
            raise
        _log.warning("sign_in_not_recorded", error=type(error).__name__)
    _log.info("signed_in")


async def end(
    system: System, operator: Operator, session_id: bytes, *, ends_at: datetime, now: datetime
) -> None:
    """Ends a session, which is remembered until its time `ends_at` is over anyway."""
    async with system.writing() as connection:
        await ended_sessions.add(connection, session_id, ends_at=ends_at, now=now)
        await audit.record(connection, operator, "dashboard.sign_out", now=now)
    _log.info("signed_out")


async def has_ended(system: System, session_id: bytes) -> bool:
    """Whether a session was signed out of."""
    async with system.reading() as connection:
        return await ended_sessions.includes(connection, session_id)
