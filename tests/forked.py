"""Programs in forked processes: one process has imported everything, so they start in milliseconds.

A forked program has its own arguments, environment, working directory, output and exit status; only the start
of an interpreter is left out, which `tests/integration/cli/test_cli.py` tests.
"""

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import IO, Any

#: Seconds to wait for what must happen: a machine may be busy, so only what never happens fails.
PATIENCE = 120.0

_MOST_BYTES = 1 << 20

#: The entry point of `trial-alerts`.
TRIAL_ALERTS = "service.cli.main:main"


class Forked:
    """A forked process that runs."""

    def __init__(self, server: socket.socket, pid: int) -> None:
        self._server, self.pid = server, pid
        self.status: int | None = None

    def ended(self) -> bool:
        """Whether it has ended."""
        return bool(select.select([self._server], [], [], 0)[0])

    def wait(self, timeout: float) -> int:
        """Its exit status, negative for a signal. Raises TimeoutError."""
        self._server.settimeout(timeout)
        self.status = int(self._server.recv(_MOST_BYTES))
        return self.status


class ForkServer:
    """A process that forks others for this one, one at a time, and ends with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forked", str(theirs.fileno())], pass_fds=[theirs.fileno()]
            )

    @contextmanager
    def start(
        self,
        function: str,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        out: IO[bytes],
        err: IO[bytes],
    ) -> Iterator[Forked]:
        """Calls `module:function` in a forked process, which is killed at the end of the block."""
        request = {"call": function, "arguments": arguments, "environ": {**environ}, "folder": os.getcwd()}
        with self._lock:
            self._socket.settimeout(PATIENCE)
            socket.send_fds(self._socket, [json.dumps(request).encode()], [out.fileno(), err.fileno()])
            pid = self._socket.recv(_MOST_BYTES)
            if not pid:
                raise RuntimeError("the process that forks has ended")
            forked = Forked(self._socket, int(pid))
            try:
                yield forked
            finally:
                if forked.status is None:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(forked.pid, signal.SIGKILL)
                    forked.wait(PATIENCE)

    def run(
        self, function: str, arguments: Sequence[str], environ: Mapping[str, str]
    ) -> "subprocess.CompletedProcess[str]":
        """As `start`, to its end."""
        with (
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
            self.start(function, arguments, environ, out, err) as forked,
        ):
            status = forked.wait(PATIENCE)
            return subprocess.CompletedProcess(arguments, status, _text(out), _text(err))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


@cache
def fork_server() -> ForkServer:
    """The server of this process, started on first use."""
    return ForkServer()


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
        with contextlib.suppress(BrokenPipeError):
            requests.send(str(pid).encode())
            requests.send(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())


def _run(request: dict[str, Any], descriptors: list[int]) -> int:
    """Calls a function as a program in this process; returns its exit status."""
    for number, descriptor in enumerate(descriptors, 1):
        os.dup2(descriptor, number)
    os.environ.clear()
    os.environ.update(request["environ"])
    os.chdir(request["folder"])
    sys.argv = ["trial-alerts", *request["arguments"]]
    module, _, name = request["call"].partition(":")
    status: Any = 0
    try:
        getattr(importlib.import_module(module), name)()
    except SystemExit as ended:
        status = ended.code
    except BaseException:
        traceback.print_exc()
        status = 1
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    return status if isinstance(status, int) else int(status is not None)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
