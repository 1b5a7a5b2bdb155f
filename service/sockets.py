"""Listening sockets, bound before anything slow happens, so that a taken port is told at once."""

import errno
import socket


class AddressTaken(OSError):
    """The address can't be listened on. The message is one sentence that says why."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on `host` and `port` (0: any free one). Raises AddressTaken."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        raise AddressTaken(f"The host {host} is not known here.") from None
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(2048)
    except OSError as problem:
        listener.close()
        if problem.errno == errno.EADDRINUSE:
            raise AddressTaken(f"Port {port} of {host} is in use: choose another one with --port.") from None
        raise AddressTaken(f"Port {port} of {host} can't be listened on: {problem.strerror}.") from None
    return listener
