"""The connections to Redis behind a circuit breaker: Redis is there to help and must hold nobody up."""

import time
from typing import Any

import structlog
from redis.asyncio import BlockingConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import RedisError

_log = structlog.get_logger("redis")

#: Seconds that a command waits at most for a connection, for its set-up, and for each answer.
WAIT = 0.5

#: Seconds for which nobody is sent to a Redis that did not answer; then one command tries, for all others.
PAUSE = 5.0


class ImpatientPool(BlockingConnectionPool):
    """Connections with short time-outs; a Redis that hangs costs a process one wait, not one per request.

    While the circuit is open, whoever asks for a connection gets an error at once and falls back.
    """

    def __init__(self, **options: Any) -> None:
        waits = {"timeout": WAIT, "socket_timeout": WAIT, "socket_connect_timeout": WAIT}
        super().__init__(**{**options, **waits})
        self._open_until: float | None = None

    async def get_connection(
        self, command_name: Any = None, *keys: Any, **options: Any
    ) -> AbstractConnection:
        """A connection that is set up. Raises RedisError, at once while the circuit is open."""
        if self._open_until is not None:
            self._refuse_while_open()
            self._open_until = time.monotonic() + PAUSE  # the others go on without, until this one knows
            return await self._connect()
        connection = await self._connect()
        if self._open_until is not None:  # it opened while this one waited for its turn
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
            raise NoConnection("Redis did not answer a moment ago")

    def _open(self, error: BaseException | None = None) -> None:
        if self._open_until is None:
            _log.warning("redis_away", error=type(error).__name__ if error else "no answer")
        self._open_until = time.monotonic() + PAUSE

    async def release(self, connection: AbstractConnection) -> None:
        """Takes a connection back. One that its command had to close tells that Redis did not answer."""
        if connection.is_connected:
            self._open_until = None
        else:
            self._open()
        await super().release(connection)
