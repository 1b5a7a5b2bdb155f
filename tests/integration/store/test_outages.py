"""Errors that count as "the database is away": real ones of both databases, and the codes that decide."""

import errno
import socket
import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.runtime.failure_reasons import reason
from service.store.sql import database as database_module
from service.store.sql import tables as t
from service.store.sql.database import create_database, is_away, is_read_only, reading, writing
from tests.databases import postgresql_database
from tests.unwritable import read_only

pytestmark = pytest.mark.slow


def refused(state: str) -> psycopg.Error:
    """The error that the driver raises for a code of PostgreSQL's."""
    return psycopg.errors.lookup(state)("no")


#: Codes of SQLSTATE that tell of the server, and codes that tell of the statement or its values.
OF_THE_SERVER = (
    "08000", "08001", "08003", "08006", "25006", "28P01", "3D000", "40001", "40P01", "42501", "53000",
    "53100", "53200", "53300", "53400", "55P03", "57014", "57P01", "57P02", "57P03", "58030",
)  # fmt: skip
OF_THE_STATEMENT = (
    "22001", "22003", "22012", "22021", "23502", "23505", "25P02", "42601", "42703", "42P01", "54000",
    "54001", "54011", "54023", "XX000", "XX001", "XX002",
)  # fmt: skip


@pytest.mark.parametrize("state", OF_THE_SERVER)
def test_codes_of_server_faults_mean_an_unavailable_database(state: str) -> None:
    error = refused(state)
    assert is_away(error)
    assert is_away(InternalError("INSERT", {}, error)), "whatever class wraps it"


@pytest.mark.parametrize("state", OF_THE_STATEMENT)
def test_codes_of_statement_faults_do_not_mean_an_unavailable_database(state: str) -> None:
    error = refused(state)
    assert not is_away(error)
    assert not is_away(OperationalError("INSERT", {}, error)), "whatever class wraps it"


@pytest.mark.parametrize(
    "words",
    [
        "failure on connection marked as essential: 10.0.0.2:5432",
        "SSL SYSCALL error: EOF detected\ninvalid socket",
        "server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally",
        "could not receive data from server: Connection reset by peer",
    ],
)
def test_messages_of_a_coordinator_without_a_node_mean_an_unavailable_database(words: str) -> None:
    error = psycopg.errors.lookup("XX000")(words)
    assert is_away(InternalError("INSERT", {}, error))
    assert not is_away(psycopg.errors.lookup("22001")(words)), "a value may hold the same words"


@pytest.mark.parametrize(
    "words",
    [
        "attempt to write a readonly database",
        "disk I/O error",
        "database or disk is full",
        "database is locked",
        "database table is locked",
        "unable to open database file",
    ],
)
def test_messages_of_sqlite_without_a_code_mean_an_unavailable_database(words: str) -> None:
    assert is_away(OperationalError("INSERT", {}, sqlite3.OperationalError(words)))


@pytest.mark.parametrize("error", [sqlite3.OperationalError("no such table: nowhere"), ValueError("no")])
def test_faults_without_a_code(error: Exception) -> None:
    assert not is_away(error)
    assert not is_away(DataError("SELECT", {}, error))


@pytest.mark.parametrize(
    "error",
    [
        PoolTimeoutError("no connection free"),
        ConnectionRefusedError(),
        TimeoutError(),
        OSError(errno.ENOSPC, "no space"),
        OSError(errno.EMFILE, "too many open files"),
        psycopg.OperationalError("server closed the connection unexpectedly"),
        psycopg.InterfaceError("the connection is closed"),
        InterfaceError("SELECT", {}, Exception("connection lost")),
    ],
)
def test_no_connection_to_the_database(error: Exception) -> None:
    assert is_away(error)


@pytest.mark.parametrize("error", [OSError(errno.ENAMETOOLONG, "too long"), FileNotFoundError(2, "none")])
def test_unrelated_system_errors_do_not_mean_an_unavailable_database(error: Exception) -> None:
    assert not is_away(error)


#: A statement that any role with the right to write can run.
CHANGE = "UPDATE log_head SET seq = seq"


async def refusal_of(database: AsyncEngine) -> DBAPIError:
    with pytest.raises(DBAPIError) as failed:
        await run(database, CHANGE)
    return failed.value


async def test_a_read_only_session_is_replaced_once_the_database_is_writable_again(
    database: AsyncEngine,
) -> None:
    async with read_only(database):
        for _ in range(2):
            error = await refusal_of(database)
            assert is_away(error)
            assert is_read_only(error)
        async with reading(database) as connection:
            assert (await connection.execute(select(t.log_head.c.seq))).scalar_one() == 0
    assert is_read_only(await refusal_of(database)), "a session of before"
    await run(database, CHANGE)


@pytest.mark.parametrize("statement", ["SELECT nothing FROM nowhere", "SELEC"])
async def test_a_fault_of_the_statement_is_none_of_the_database(
    database: AsyncEngine, statement: str
) -> None:
    with pytest.raises(DBAPIError) as failed:
        async with reading(database) as connection:
            await connection.execute(text(statement))
    assert not is_away(failed.value)


async def test_a_disk_that_is_full(tmp_path: Path) -> None:
    database = create_database(f"sqlite+aiosqlite:///{tmp_path / 'full.sqlite3'}", makes_file=True)
    async with database.connect() as connection:
        await connection.execute(text("PRAGMA max_page_count=2"))
        await connection.execute(text("CREATE TABLE one (a TEXT)"))
        with pytest.raises(DBAPIError, match="full") as failed:
            await connection.execute(text("INSERT INTO one SELECT hex(randomblob(90000))"))
    assert is_away(failed.value)
    await database.dispose()


async def test_a_file_that_another_keeps_locked(tmp_path: Path) -> None:
    path = tmp_path / "locked.sqlite3"
    database = create_database(f"sqlite+aiosqlite:///{path}", makes_file=True)
    async with database.connect() as connection:
        await connection.execute(text("PRAGMA busy_timeout=50"))
        await connection.rollback()
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DBAPIError, match="locked") as failed:
            await connection.execute(text("SELECT 1"))
        other.close()
    assert is_away(failed.value)
    await database.dispose()


async def test_a_database_without_a_connection_left_and_one_without_rights(postgresql_template: str) -> None:
    admin = create_database(postgresql_template)
    await run(admin, "CREATE ROLE nobody_left LOGIN CONNECTION LIMIT 0")
    with postgresql_database(postgresql_template) as url:
        database = create_database(make_url(url).set(username="nobody_left").render_as_string(False))
        error = await refusal_of(database)
        assert "too many connections" in str(error)
        assert is_away(error)
        await run(admin, "ALTER ROLE nobody_left CONNECTION LIMIT 5")
        error = await refusal_of(database)
        assert "permission denied" in str(error)
        assert is_away(error)
        assert reason(error) == "the user lacks a right: its tables belong to another one"
        await database.dispose()
    await run(admin, "DROP ROLE nobody_left")
    await admin.dispose()


@pytest.mark.parametrize("limit", ["", "?connect_timeout=2"])
async def test_a_postgresql_that_stands_still_does_not_hold_a_connection_without_end(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """Its system takes connections; commands open one each and wait for no other limit."""
    monkeypatch.setattr(database_module, "CONNECT_SECONDS", 600 if limit else 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        database = create_database(f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/any{limit}")
        error = await refusal_of(database)
        await database.dispose()
    assert is_away(error)
    assert reason(error) == "no answer from its host"


@pytest.mark.parametrize(
    "option", ["sslmode=none", "connect_timeout=soon", "ssl=require", "options=-c%20nothing%3D1"]
)
async def test_an_unknown_option_of_the_url_is_named(postgresql_template: str, option: str) -> None:
    url = make_url(postgresql_template).render_as_string(False)
    database = create_database(f"{url}{'&' if '?' in url else '?'}{option}")
    assert reason(await refusal_of(database)) == (
        "its URL has an option after ? that is unknown or has a wrong value"
    )
    await database.dispose()


async def test_a_socket_without_a_server(tmp_path: Path) -> None:
    database = create_database(f"postgresql://nobody@/any?host={tmp_path}")
    error = await refusal_of(database)
    assert is_away(error)
    assert reason(error).startswith("nothing listens on its socket")
    await database.dispose()


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ('FATAL:  Peer authentication failed for user "alerts"', "its user must have the name"),
        ('FATAL:  Ident authentication failed for user "alerts"', "user or password refused"),
        ("fe_sendauth: no password supplied", "a password is required"),
        ("Permission denied\n\tIs the server accepting connections on that socket?", "this process may not"),
        ('FATAL:  pg_hba.conf rejects connection for host "[local]", user "alerts"', "its pg_hba.conf does"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "alerts"', "its pg_hba.conf does not admit"),
        ("server does not support SSL, but SSL was required", "it has no TLS, which the URL requires"),
        ("received invalid response to SSL negotiation: H", "what listens there is no PostgreSQL"),
    ],
)
def test_the_reason_why_postgresql_admits_nobody_is_named(words: str, meaning: str) -> None:
    error = psycopg.OperationalError(f'connection to server on socket "/run/postgresql/x" failed: {words}')
    assert reason(error).startswith(meaning)


async def run(database: AsyncEngine, statement: str) -> None:
    async with writing(database) as connection:
        await connection.execute(text(statement))
