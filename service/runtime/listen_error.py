"""An address that can't be listened on, as a sentence."""

import errno
import os
import socket


class ListenError(OSError):
    """The address can't be listened on. The message is one sentence with the reason.

    `option`: that of the command which names another port.
    """

    def __init__(self, host: str, port: int, problem: OSError, option: str = "--port") -> None:
        if isinstance(problem, socket.gaierror):
            words = f"The host {host} is not known here."
        elif problem.errno == errno.EADDRINUSE:
            words = f"Port {port} of {host} is in use: choose another one with {option}."
        else:
            # asyncio of Python 3.12 and later gives no number for an address that this machine does not have.
            reason = os.strerror(problem.errno or errno.EADDRNOTAVAIL)
            words = f"Port {port} of {host} can't be listened on: {reason}."
        super().__init__(words)
