"""Limits of all connections of a server together: their number, and the bytes of their bodies.

A client that sends only half a request occupies a file and memory. So above the limits the connection that
waits longest is closed, or the oldest unfinished body is dropped: a visitor who sends a whole request is
always served.
"""

import asyncio
from typing import Protocol
from weakref import WeakKeyDictionary

from service.web.http.sockets import connection_limits

#: Bytes of the bodies of all requests that are not answered yet.
MOST_BODY_BYTES = 64 * 1024 * 1024

#: A smaller body is never dropped for another one: that would free nothing.
_SMALL_BODY = 4 * 1024


class Receiving(Protocol):
    """A connection that waits for a request or the rest of one."""

    body_size: int

    def drop(self) -> None:
        """Closes the connection at once."""

    def drop_body(self) -> None:
        """Answers 503 and drops the body received so far."""


class ClosableConnection(Protocol):
    """A connection that closes in its own way."""

    def end(self) -> None:
        """Closes the connection after an answer."""


class LingeringTransport:
    """The transport of an answer that may precede its request's end: it closes by lingering."""

    def __init__(self, connection: ClosableConnection, transport: asyncio.Transport) -> None:
        self._connection = connection
        self.write = transport.write
        self.is_closing = transport.is_closing

    def close(self) -> None:
        """Closes the connection so that the client can read the answer."""
        self._connection.end()


class Connections:
    """The open connections of a server. `receiving`: those waiting for their client, the longest first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open = 0
        self._body_bytes = 0
        self.receiving: dict[Receiving, None] = {}

    def opened(self, connection: Receiving) -> None:
        """Adds a connection; above the limit, the one that waits longest is closed."""
        self._open += 1
        self.receiving[connection] = None
        if self._open > self._most:
            next(iter(self.receiving)).drop()

    def closed(self, connection: Receiving) -> None:
        """Removes a connection."""
        self._open -= 1
        self.receiving.pop(connection, None)

    def received(self, size: int) -> None:
        """Adds `size` bytes of bodies; above the limit, the oldest unfinished bodies are dropped."""
        self._body_bytes += size
        while self._body_bytes > MOST_BODY_BYTES:
            oldest = next(
                (connection for connection in self.receiving if connection.body_size > _SMALL_BODY), None
            )
            if oldest is None:
                return
            oldest.drop_body()

    def released(self, size: int) -> None:
        """Subtracts the bytes of a body that is no longer needed."""
        self._body_bytes -= size


_of_servers: WeakKeyDictionary[object, Connections] = WeakKeyDictionary()


def connections_of(server: object) -> Connections:
    """The connections of `server`, limited by the number of files that this process may open."""
    found = _of_servers.get(server)
    if found is None:
        found = _of_servers[server] = Connections(connection_limits()[0])
    return found
