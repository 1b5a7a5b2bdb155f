"""Listening sockets, bound before slow start-up work so that a port in use is reported at once."""

import os
import socket

from service.runtime.listen_error import ListenError

#: Maximum connections of a process, if the system allows enough files.
_MOST_CONNECTIONS = 4_096

#: Connections that may wait to be accepted.
_BACKLOG = 2_048


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on `host` and `port` (0: any free one). Raises ListenError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as problem:
        raise ListenError(host, port, problem) from None
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(connection_limits()[1])
    except OSError as problem:
        listener.close()
        raise ListenError(host, port, problem) from None
    return listener


def connection_limits() -> tuple[int, int]:
    """The maximum number of open connections of a process, and of connections waiting to be accepted.

    Half of the open files that the system allows are for connections; the rest is for the database, logs, and
    a burst that is accepted before the limit is applied.
    """
    files = _raised_file_limit()
    return min(_MOST_CONNECTIONS, files // 2), min(_BACKLOG, files // 4)


def _raised_file_limit() -> int:
    if os.name != "posix":
        return _BACKLOG
    import resource

    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    target = 4 * _MOST_CONNECTIONS if most == resource.RLIM_INFINITY else min(most, 4 * _MOST_CONNECTIONS)
    if allowed != resource.RLIM_INFINITY and allowed < target:
        resource.setrlimit(resource.RLIMIT_NOFILE, (target, most))
        allowed = target
    return target if allowed == resource.RLIM_INFINITY else allowed
