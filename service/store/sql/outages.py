"""Whether an error means that the database is away: one answer for the web service, workers and commands."""

import errno
import socket
import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

#: Classes of SQLSTATE (PostgreSQL, Appendix A) that are about the server, not the statement: connection,
#: authorization, rollback by concurrency, resources, an operator's intervention, the operating system.
_CLASSES = frozenset({"08", "28", "40", "53", "57", "58"})

#: Further codes: read-only, transaction timeouts, no such database, missing rights, a lock not available.
_STATES = frozenset({"25006", "25P03", "25P04", "3D000", "42501", "55P03"})
_READ_ONLY = "25006"
_INTERNAL = "XX000"

#: Words of Citus, and of the libpq by which a coordinator speaks to its nodes, about a node that it has lost.
#: Both come with the code of an internal error; a connection that could not be opened has its own (08006).
_NODE_LOST_WORDS = (
    "failure on connection marked as essential",
    "cannot connect to",
    "server closed the connection unexpectedly",
    "ssl syscall error",
    "ssl error",
    "ssl connection has been closed unexpectedly",
    "could not receive data from server",
    "could not send data to server",
    "no connection to the server",
    "connection not open",
)
_DISK_FULL = "53100"
_LOCKED = "55P03"
#: Serialization failure and deadlock (PostgreSQL, 13.5): the transaction is to be tried again.
_TRY_AGAIN = frozenset({"40001", "40P01"})

#: The names of drivers' errors about the database's operation (PEP 249).
_DRIVER_ERRORS = frozenset({"OperationalError", "InterfaceError"})

#: SQLite's primary result codes (https://www.sqlite.org/rescode.html): PERM, BUSY, LOCKED, NOMEM, READONLY,
#: INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB.
_SQLITE_CODES = frozenset({3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26})
_SQLITE_READONLY = 8
_SQLITE_FULL = 13
_SQLITE_BUSY = 5
_SQLITE_WORDS = (
    "readonly",
    "read-only",
    "disk i/o error",
    "disk is full",
    "is locked",
    "unable to open database",
    "is malformed",
)

#: Errors of the operating system about a connection, a disk or a lack of file descriptors.
_ERRNOS = frozenset(
    {
        errno.EIO,
        errno.EROFS,
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENETDOWN,
        errno.ENETUNREACH,
        errno.EHOSTUNREACH,
        errno.EHOSTDOWN,
    }
)


def is_away(error: BaseException) -> bool:
    """Whether the database could not be reached or refuses its service: the same may pass later.

    True for lost and refused connections (to a node of Citus too), time-outs (of the pool too), a database
    that is read-only, full, locked, out of connections or forbids the access. False for a fault of the
    statement or of its values, of which a program limit (54000) is one; and for corrupted data or an index of
    PostgreSQL's (XX001, XX002): a retry meets the same page, and what is on the others must not wait for it.
    """
    if isinstance(error, PoolTimeoutError | ConnectionError | TimeoutError | socket.gaierror):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = _driver_error(error)
    if isinstance(cause, OSError):
        return cause.errno in _ERRNOS
    if state := _sqlstate(cause):
        return state[:2] in _CLASSES or state in _STATES or _is_node_lost(state, cause)
    if isinstance(cause, sqlite3.Error):
        return _is_sqlite_away(cause)
    # Without any code it is the driver that speaks, of a connection that it could not open or has lost.
    return bool(_DRIVER_ERRORS & {base.__name__ for each in (error, cause) for base in type(each).__mro__})


def is_read_only(error: BaseException) -> bool:
    """Whether the database, or this connection to it, is read-only: a replica, or a file without rights."""
    cause = _driver_error(error)
    code = getattr(cause, "sqlite_errorcode", None)
    return _sqlstate(cause) == _READ_ONLY or (code is not None and code & 0xFF == _SQLITE_READONLY)


def is_disk_full(error: BaseException) -> bool:
    """Whether there is no room on the database's disk for the row."""
    cause = _driver_error(error)
    code = getattr(cause, "sqlite_errorcode", None)
    return _sqlstate(cause) == _DISK_FULL or (code is not None and code & 0xFF == _SQLITE_FULL)


def is_locked(error: BaseException) -> bool:
    """Whether another transaction holds a lock for longer than was waited."""
    cause = _driver_error(error)
    code = getattr(cause, "sqlite_errorcode", None)
    return _sqlstate(cause) == _LOCKED or (code is not None and code & 0xFF == _SQLITE_BUSY)


def is_deadlock(error: BaseException) -> bool:
    """Whether two transactions waited for each other, and this one was ended for the other to go on."""
    return _sqlstate(_driver_error(error)) in _TRY_AGAIN


def _driver_error(error: BaseException) -> BaseException:
    """The driver's own error, without SQLAlchemy's wrapping."""
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


def _sqlstate(error: BaseException) -> str:
    return str(getattr(error, "sqlstate", None) or getattr(error, "pgcode", None) or "")


def _is_node_lost(state: str, error: BaseException) -> bool:
    return state == _INTERNAL and _holds(error, _NODE_LOST_WORDS)


def _is_sqlite_away(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_CODES
    return _holds(error, _SQLITE_WORDS)


def _holds(error: BaseException, words: tuple[str, ...]) -> bool:
    text = str(error).lower()
    return any(known in text for known in words)
