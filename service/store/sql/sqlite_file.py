"""SQLite's file: made for its owner alone, opened with a write-ahead log, one writer after the other."""

import asyncio
import contextlib
import os
import sqlite3
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from service.store.sql.outages import is_locked

#: Seconds that a writer waits for SQLite's one writing place before it gives up.
BUSY_SECONDS = 30


def create_engine(
    parsed: URL, options: dict[str, Any], *, async_commit: bool, makes_file: bool
) -> AsyncEngine:
    """An engine for SQLite; the arguments are those of `create_database`."""
    if parsed.drivername == "sqlite":
        parsed = parsed.set(drivername="sqlite+aiosqlite")
    file = _file_of(parsed.database or "")
    if file and makes_file:
        _make_private(file)
    options["connect_args"] = {"isolation_level": None, "timeout": BUSY_SECONDS}
    engine = create_async_engine(parsed, **options)
    if file:
        event.listen(engine.sync_engine, "do_connect", _refuse_missing(file))
    event.listen(engine.sync_engine, "connect", _prepare(synchronous="NORMAL" if async_commit else "FULL"))
    if file:
        event.listen(engine.sync_engine, "connect", _open_journals(file))
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    event.listen(engine.sync_engine, "invalidate", _roll_back)
    return engine


def _file_of(name: str) -> Path | None:
    """The file of a database; None for one in memory, and for SQLite's own URLs (`file:…`)."""
    return None if name in ("", ":memory:") or name.startswith("file:") else Path(name)


def _make_private(path: Path) -> None:
    """Makes the file where there is none, for its owner alone; SQLite gives its journals the same mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # it exists, or the next attempt to open it raises the reason
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _refuse_missing(path: Path) -> Callable[..., None]:
    """A listener that lets no connection make an empty file in the place of one that is missing."""

    def refuse(*_: Any) -> None:
        if not path.exists():
            raise sqlite3.OperationalError("unable to open database file: there is none")

    return refuse


def _prepare(*, synchronous: str) -> Callable[[Any, Any], None]:
    """A listener that sets up each new connection."""

    def prepare(connection: Any, record: Any) -> None:
        _use_write_ahead_log(connection)
        cursor = connection.cursor()
        patience = f"busy_timeout={BUSY_SECONDS * 1000}"
        for pragma in (f"synchronous={synchronous}", "foreign_keys=ON", patience):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return prepare


def _use_write_ahead_log(connection: Any) -> None:
    """Turns the write-ahead log on, which the file remembers.

    Where several connections of a new file do so at the same moment, SQLite calls it locked for all but one,
    and at once: none of them could go on if they waited for each other.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        cursor = connection.cursor()
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except Exception as error:
            if not is_locked(error) or time.monotonic() > until:
                raise
        else:
            return
        finally:
            cursor.close()
        connection.run_async(lambda _: asyncio.sleep(0.01))


def _open_journals(path: Path) -> Callable[[Any, Any], None]:
    """A listener that lets this user write SQLite's journals beside a file that is read-only.

    They get the mode that the file has as they are made. Without this, a process that opened them later could
    not write after the file itself is writable again, until all processes had closed the database.
    """
    journals = [path.with_name(path.name + end) for end in ("-wal", "-shm")]

    def let_write(connection: Any, record: Any) -> None:
        for journal in journals:
            with contextlib.suppress(OSError):  # there is none, or it is another user's
                if not (mode := stat.S_IMODE(journal.stat().st_mode)) & stat.S_IWUSR:
                    journal.chmod(mode | stat.S_IWUSR)

    return let_write


def _begin_immediate(connection: Any) -> None:
    """SQLite's deferred BEGIN loses to a concurrent writer at its first write; an immediate one waits."""
    read_only = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _roll_back(connection: Any, record: Any, error: BaseException | None) -> None:
    """Ends the transaction of a connection whose statement was cancelled, before it is closed.

    The error's traceback holds the statement, and a closed connection of SQLite keeps its lock until all of
    its statements are collected as garbage: meanwhile nobody could write.
    """
    with contextlib.suppress(Exception, asyncio.CancelledError):
        connection.run_async(lambda driver: asyncio.shield(driver.rollback()))
