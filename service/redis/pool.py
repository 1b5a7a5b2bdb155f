"""Connections to Redis with a circuit breaker: Redis is optional and must not delay anything."""

import sys
import time
from typing import Any

import structlog
from redis.asyncio import BlockingConnectionPool, SSLConnection
from redis.asyncio.connection import AbstractConnection, RedisSSLContext
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    NoPermissionError,
    RedisError,
)
from redis.exceptions import ConnectionError as NoConnection

_log = structlog.get_logger("redis")

#: Timeout in seconds for a connection from the pool, for connecting, and for each reply.
WAIT = 0.5

#: Seconds that the circuit stays open after a timeout; then one command probes for all.
PAUSE = 5.0


def is_refusal(error: BaseException) -> bool:
    """Whether Redis refuses us: a wrong password, or a right that the user lacks (ACL)."""
    refusals = (AuthenticationError, AuthorizationError, NoPermissionError)
    return any(isinstance(cause, refusals) for cause in (error, error.__cause__))


#: The remedy for a refusal, unless the missing rights are known.
_REFUSED = "Check the user, the password and the rights in ALERTS_REDIS_URL (docs/operating.md)."


def log_failure(error: BaseException | None, *, advice: str = _REFUSED, **details: str) -> None:
    """Logs `redis_refuses` for a wrong password or a right that the user lacks (ACL), else `redis_away`."""
    if error is not None and is_refusal(error):
        _log.error("redis_refuses", error=type(error).__name__, advice=advice, **details)
    else:
        _log.warning("redis_away", error=type(error).__name__ if error else "no answer", **details)


class CircuitBreakerPool(BlockingConnectionPool):
    """Connections with short timeouts; a hanging Redis costs a process one timeout, not one per request.

    While the circuit is open, `get_connection` raises at once, and callers fall back.
    """

    def __init__(self, **options: Any) -> None:
        waits = {"timeout": WAIT, "socket_timeout": WAIT, "socket_connect_timeout": WAIT}
        super().__init__(**{**options, **waits})
        self._open_until: float | None = None
        self._refused = False
        self._tls: RedisSSLContext | None = None

    def make_connection(self) -> AbstractConnection:
        """A connection, not connected yet. Those with TLS share what they trust: to read it takes 40 ms."""
        connection: AbstractConnection = super().make_connection()  # type: ignore[no-untyped-call]
        if isinstance(connection, SSLConnection):
            self._tls = connection.ssl_context = self._tls or connection.ssl_context
        return connection

    async def get_connection(
        self, command_name: Any = None, *keys: Any, **options: Any
    ) -> AbstractConnection:
        """A connected connection. Raises RedisError, at once while the circuit is open."""
        if self._open_until is not None:
            self._refuse_while_open()
            self._open_until = time.monotonic() + PAUSE  # the others keep failing until this probe succeeds
            return await self._connect()
        connection = await self._connect()
        if self._open_until is not None:  # it opened while this command waited
            await self.release(connection)
            self._refuse_while_open()
        return connection

    async def _connect(self) -> AbstractConnection:
        try:
            connection: AbstractConnection = await super().get_connection()
            return connection
        except RedisError as error:
            self._open(error)
            raise

    def _refuse_while_open(self) -> None:
        if self._open_until is not None and time.monotonic() < self._open_until:
            cause = AuthenticationError("the login was refused") if self._refused else None
            raise NoConnection("the circuit is open: Redis failed a moment ago") from cause

    def _open(self, error: BaseException | None = None) -> None:
        if self._open_until is None:
            log_failure(error)
            self._refused = error is not None and is_refusal(error)
        self._open_until = time.monotonic() + PAUSE

    async def release(self, connection: AbstractConnection) -> None:
        """Returns a connection to the pool. A disconnected one means that its command timed out."""
        if connection.is_connected:
            self._open_until = None
        else:
            self._open(sys.exc_info()[1])  # the error that disconnected it, which is being handled
        await super().release(connection)
