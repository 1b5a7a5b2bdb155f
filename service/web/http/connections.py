"""What all connections of one server may hold together: how many there are, and the bytes of their bodies.

Who has sent only half a request costs a file and memory for as long as they like. So the longest waiting
make way when there are too many, and the oldest unfinished body when there is too much of bodies: a visitor
who sends a whole request is always served.
"""

from typing import Protocol
from weakref import WeakKeyDictionary

from service.web.http.sockets import connection_limits

#: Bytes of the bodies of all requests that are not answered yet.
MOST_BODY_BYTES = 64 * 1024 * 1024

#: A body below this is never given up for another one: giving it up would free nothing.
_SMALL_BODY = 4 * 1024


class Receiving(Protocol):
    """A connection that waits for a request, or for the rest of one."""

    body_size: int

    def drop(self) -> None:
        """Ends the connection at once."""

    def give_up_body(self) -> None:
        """Answers that there is too much at once, and forgets what arrived."""


class Connections:
    """The open connections of one server. `receiving`: those that wait for a client, the longest first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open = 0
        self._body_bytes = 0
        self.receiving: dict[Receiving, None] = {}

    def opened(self, connection: Receiving) -> None:
        """Counts a connection; where there are too many, the one that waits longest is dropped."""
        self._open += 1
        self.receiving[connection] = None
        if self._open > self._most:
            next(iter(self.receiving)).drop()

    def closed(self, connection: Receiving) -> None:
        """Forgets a connection."""
        self._open -= 1
        self.receiving.pop(connection, None)

    def received(self, size: int) -> None:
        """Counts `size` more bytes of bodies; beyond the bound, the oldest unfinished ones are given up."""
        self._body_bytes += size
        while self._body_bytes > MOST_BODY_BYTES:
            oldest = next(
                (connection for connection in self.receiving if connection.body_size > _SMALL_BODY), None
            )
            if oldest is None:
                return
            oldest.give_up_body()

    def released(self, size: int) -> None:
        """Takes back bytes of a body that is not needed any more."""
        self._body_bytes -= size


_of_servers: WeakKeyDictionary[object, Connections] = WeakKeyDictionary()


def connections_of(server: object) -> Connections:
    """The connections of `server`, as many as this process may open files for."""
    found = _of_servers.get(server)
    if found is None:
        found = _of_servers[server] = Connections(connection_limits()[0])
    return found
