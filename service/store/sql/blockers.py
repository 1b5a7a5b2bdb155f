"""Blockers of our statements: other programs' transactions that hold a lock, for operators to end."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.sql.database import APPLICATION_NAME, is_postgresql

#: Seconds after which a lock is reported: our own transactions wait for each other for moments only.
REPORT_AFTER = 5.0

# The one that blocks others and waits for nobody itself. Of other users' sessions a user sees the program and
# the process alone, of its own also since when they wait.
_LONGEST = text(
    """
    SELECT blocker.pid, blocker.application_name, waits.seconds
    FROM (
      SELECT pid, EXTRACT(epoch FROM clock_timestamp() - query_start) AS seconds
      FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = :ours AND wait_event_type = 'Lock'
        AND (CAST(:sessions AS int[]) IS NULL OR pid = ANY(CAST(:sessions AS int[])))
    ) AS waits
    CROSS JOIN LATERAL unnest(pg_blocking_pids(waits.pid)) AS blocking (pid)
    JOIN pg_stat_activity AS blocker ON blocker.pid = blocking.pid
    WHERE waits.seconds >= :seconds AND cardinality(pg_blocking_pids(blocker.pid)) = 0
    ORDER BY waits.seconds DESC
    LIMIT 1
    """
)


class Blocker(NamedTuple):
    """PostgreSQL's process that holds a lock, the program it serves, and for how long ours wait."""

    process: int
    program: str
    seconds: float

    @property
    def words(self) -> str:
        """The program, and for how long it has blocked, as a part of a sentence."""
        program = f" ({self.program})" if self.program else ""
        return f"held by process {self.process}{program} for {self.seconds:.0f} s"

    @property
    def ended_by(self) -> str:
        """The way to end it, as a part of a sentence."""
        return f"end its session: SELECT pg_terminate_backend({self.process})"


def lock_keeps_waiting(who: str, held: str = "") -> str:
    """Whom a lock keeps waiting, and who holds it (`Blocker.words`) if that is known: a sentence without its
    full stop."""
    return f"A lock in the database keeps {who} waiting" + (f", {held}" if held else "")


async def longest(
    connection: AsyncConnection, *, seconds: float = REPORT_AFTER, sessions: Collection[int] | None = None
) -> Blocker | None:
    """The program that has blocked one of our statements for the longest time, `seconds` at least; None on
    SQLite. `sessions`: PostgreSQL's processes whose statements are meant, if not all of ours."""
    if not is_postgresql(connection):
        return None
    values = {
        "ours": APPLICATION_NAME,
        "seconds": seconds,
        "sessions": None if sessions is None else list(sessions),
    }
    row = (await connection.execute(_LONGEST, values)).first()
    return Blocker(row.pid, row.application_name or "", float(row.seconds)) if row is not None else None
