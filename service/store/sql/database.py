"""The database: one engine for SQLite and PostgreSQL, and short transactions on it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from sqlalchemy import URL, event, make_url, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from service.store.sql import full_disk, sqlite_file
from service.store.sql.outages import is_away, is_read_only

__all__ = [
    "create_database",
    "is_away",
    "is_postgresql",
    "is_read_only",
    "reading",
    "writing",
]

#: A condition that is always true and makes a transaction of PostgreSQL commit asynchronously; the setting
#: (`synchronous_commit`) ends with the transaction.
ASYNC_COMMIT = "set_config('synchronous_commit', 'off', true) = 'off'"

#: Seconds that PostgreSQL has to open a connection; a URL with `connect_timeout` has its own. One that stands
#: still takes connections and never answers: operators' commands waited without end.
CONNECT_SECONDS = 10

#: Octets of a value that each connection is sent first. The driver takes as many from the network at once as
#: the longest value so far had, and begins with 16,384: it waited for each of the events' rows by itself.
_RECEIVES = 262_144

#: Connections of a process at most.
_CONNECTIONS = 10

#: The name of our sessions in PostgreSQL's list (`application_name`).
APPLICATION_NAME = "trial-alerts"


def create_database(
    url: str,
    *,
    async_commit: bool = False,
    idle_seconds: int = 0,
    makes_file: bool = False,
) -> AsyncEngine:
    """An engine for `url`; `postgresql://` means psycopg, `sqlite://` aiosqlite.

    `makes_file`: whether an SQLite file is made where there is none, for what migrates. All others can't
    connect then: a mistyped path would give them an empty database.

    `idle_seconds`: how long a transaction may be idle before PostgreSQL ends it and frees its locks, for
    a process that is stopped or cut off would keep them as long as it likes; 0 for no limit.

    `async_commit`: for single statements whose commits need not wait for fsync, because their data is
    rewritten durably soon; they survive the death of every process except the database server. On PostgreSQL
    each statement asks for it by `ASYNC_COMMIT`: a pooler would give a connection with a `SET` to others.
    """
    parsed = make_url(url)
    options: dict[str, Any] = {
        "hide_parameters": True,  # an error's words must not carry what a row holds
        "json_serializer": lambda value: msgspec.json.encode(value).decode(),
        "json_deserializer": msgspec.json.decode,
    }
    if parsed.get_backend_name() == "sqlite":
        engine = sqlite_file.create_engine(parsed, options, async_commit=async_commit, makes_file=makes_file)
    else:
        engine = _of_a_server(parsed, options, async_commit=async_commit, idle_seconds=idle_seconds)
    event.listen(engine.sync_engine, "handle_error", full_disk.remember)
    event.listen(engine.sync_engine, "handle_error", _replace_read_only_connections)
    return engine


def _of_a_server(
    parsed: URL, options: dict[str, Any], *, async_commit: bool, idle_seconds: int
) -> AsyncEngine:
    """An engine for PostgreSQL."""
    parsed = parsed.set(drivername="postgresql+psycopg")  # whichever driver the URL names
    options["connect_args"] = {"client_encoding": "UTF8", "application_name": APPLICATION_NAME}
    if "connect_timeout" not in parsed.query:
        options["connect_args"]["connect_timeout"] = CONNECT_SECONDS
    if async_commit:
        engine = create_async_engine(parsed, pool_size=4, isolation_level="AUTOCOMMIT", **options)
    else:
        engine = create_async_engine(
            parsed, pool_size=_CONNECTIONS, max_overflow=0, pool_pre_ping=True, pool_recycle=1800, **options
        )
    event.listen(engine.sync_engine, "connect", _prepare_session(idle_seconds))
    event.listen(engine.sync_engine, "handle_error", _go_on_cancelling)
    return engine


def _prepare_session(idle_seconds: int) -> Callable[[Any, Any], None]:
    """A listener that limits idle transactions, and turns prepared statements off behind a pooler.

    A pooler such as PgBouncer in transaction mode gives each transaction another server connection, where a
    statement prepared before is unknown, or its name taken by another client. It is known by the process id
    that it named when the session started, which is not the server's. A limit set there would hold for other
    clients' transactions: the pooler has its own (`idle_transaction_timeout`).
    """
    limited = f"set_config('idle_in_transaction_session_timeout', '{idle_seconds}s', false)"

    def prepare(connection: Any, record: Any) -> None:
        driver = connection.driver_connection
        itself = driver.info.backend_pid
        cursor = connection.cursor()
        cursor.execute(
            f"SELECT pg_backend_pid(), CASE WHEN pg_backend_pid() = {itself:d} THEN {limited} END,"
            f" repeat(' ', {_RECEIVES})"
        )
        server_process, *_ = cursor.fetchone()
        cursor.close()
        connection.commit()
        if server_process != itself:
            driver.prepare_threshold = None

    return prepare


def is_pooled(driver: Any) -> bool:
    """Whether this psycopg connection goes through a pooler: nothing may be prepared on it."""
    return driver.prepare_threshold is None


def _go_on_cancelling(context: ExceptionContext) -> BaseException | None:
    """A task that is cancelled as psycopg begins an `executemany` ends by an assertion of psycopg's.

    It ends as cancelled, and its connection is closed: psycopg leaves it in pipeline mode, in which
    its next user could do nothing with it.
    """
    error = context.original_exception
    if not isinstance(error, AssertionError) or not isinstance(error.__context__, asyncio.CancelledError):
        return None
    context.is_disconnect, context.invalidate_pool_on_disconnect = True, False
    return asyncio.CancelledError()


def _replace_read_only_connections(context: ExceptionContext) -> None:
    """Discards the pool's connections when one is read-only, as after a failover.

    A session stays read-only for life, and the pool would reuse it although the database is writable again.
    """
    if is_read_only(context.original_exception):
        context.is_disconnect = True


@asynccontextmanager
async def writing(database: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that commits at its end, or leaves nothing."""
    async with database.begin() as connection:
        yield connection


@asynccontextmanager
async def reading(database: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that reads one state and writes nothing; on SQLite it waits for no writer."""
    async with database.connect() as connection:
        await connection.execution_options(read_only=True)
        async with connection.begin():
            yield connection


async def prefer_index_scans(connection: AsyncConnection) -> None:
    """Makes the planner prefer index scans for the rest of this transaction.

    The planner's default random_page_cost assumes spinning disks: it would scan the table for 1,000 keys.
    """
    if is_postgresql(connection):
        await connection.execute(text("SET LOCAL random_page_cost = 1.1"))


async def set_nested_loops(connection: AsyncConnection, *, allowed: bool) -> None:
    """Whether PostgreSQL may look up one row after another for a join, until this transaction ends.

    Not allowed, it joins tables, or what is found of them by itself, as a whole.
    """
    if is_postgresql(connection):
        await connection.execute(text(f"SET LOCAL enable_nestloop = {'on' if allowed else 'off'}"))


async def is_on_nodes(connection: AsyncConnection) -> bool:
    """Whether this is a coordinator of Citus, whose planner knows nothing of the tables on the nodes."""
    known = text("SELECT to_regclass('pg_catalog.pg_dist_node') IS NOT NULL")
    return is_postgresql(connection) and bool((await connection.execute(known)).scalar())


async def one_shard_after_the_other(connection: AsyncConnection) -> None:
    """Makes Citus use one connection a node for statements on several buckets, until this transaction ends.

    Otherwise it refuses to change a reference table, such as `topic`, after it used several shards at once.
    To be called first; a PostgreSQL without Citus takes the setting and ignores it.
    """
    if is_postgresql(connection):
        await connection.execute(text("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'"))


def is_postgresql(connection: AsyncConnection) -> bool:
    """Whether the database is PostgreSQL."""
    return connection.dialect.name == "postgresql"
