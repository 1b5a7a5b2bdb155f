"""Commands in forked processes: one process has imported everything, so commands start in milliseconds.

A forked command has its own arguments, environment, working directory, output and exit status; only the start
of an interpreter is left out, which `tests/integration/cli/test_cli.py` tests.
"""

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping
from functools import cache
from typing import IO, Any

_MOST_BYTES = 1 << 20


class CommandServer:
    """A process that runs `trial-alerts` commands for this one, and ends with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forked", str(theirs.fileno())], pass_fds=[theirs.fileno()]
            )

    def run(
        self, arguments: tuple[str, ...], environ: Mapping[str, str], timeout: float
    ) -> "subprocess.CompletedProcess[str]":
        """Runs one command to its end. Raises TimeoutError, and then this server must not be used again."""
        request = {"arguments": arguments, "environ": dict(environ), "folder": os.getcwd()}
        with self._lock, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            self._socket.settimeout(timeout)
            socket.send_fds(self._socket, [json.dumps(request).encode()], [out.fileno(), err.fileno()])
            answer = self._socket.recv(_MOST_BYTES)
            if not answer:
                raise RuntimeError("the process that runs commands has ended")
            return subprocess.CompletedProcess(arguments, int(answer), _text(out), _text(err))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


@cache
def command_server() -> CommandServer:
    """The server of this process, started on first use."""
    return CommandServer()


def _import_everything() -> None:
    import service

    for module in pkgutil.walk_packages(service.__path__, "service."):
        if ".migrations." not in module.name:
            importlib.import_module(module.name)


def _serve(requests: socket.socket) -> None:
    """Runs a forked process for each request, until the other end is closed."""
    _import_everything()
    gc.freeze()
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, _MOST_BYTES, 2)
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            os._exit(_run(json.loads(message), descriptors))
        for descriptor in descriptors:
            os.close(descriptor)
        _, status = os.waitpid(pid, 0)
        with contextlib.suppress(BrokenPipeError):
            requests.send(str(os.waitstatus_to_exitcode(status)).encode())


def _run(request: dict[str, Any], descriptors: list[int]) -> int:
    """Runs one command in this process; returns its exit status."""
    from service.cli.main import main

    for number, descriptor in enumerate(descriptors, 1):
        os.dup2(descriptor, number)
    os.environ.clear()
    os.environ.update(request["environ"])
    os.chdir(request["folder"])
    sys.argv = ["trial-alerts", *request["arguments"]]
    status: Any = 1
    try:
        main()
    except SystemExit as ended:
        status = ended.code
    except BaseException:
        traceback.print_exc()
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    return status if isinstance(status, int) else int(status is not None)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
