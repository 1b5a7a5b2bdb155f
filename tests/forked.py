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
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import IO, Any

from service.runtime.child_process import die_with_parent
from tests import process_wide
from tests.waiting import PATIENCE

_MOST_BYTES = 1 << 20

#: The entry point of `trial-alerts`.
TRIAL_ALERTS = "service.cli.main:main"

#: Modules imported when an application is made, a loop runs or a client connects.
_IMPORTED_LATE = ("aiosqlite", "anyio._backends._asyncio", "httpcore", "litestar.plugins.pydantic", "uvloop")

#: `python -m workers`.
WORKERS = "tests.forked:run_workers"


class Forked:
    """A forked process; its `status` is its exit status, negative for a signal, once that is known."""

    def __init__(self, replies: socket.socket, pid: int) -> None:
        self._replies, self.pid = replies, pid
        self.status: int | None = None

    def ended(self) -> bool:
        """Whether it has ended."""
        return bool(self.status is not None or select.select([self._replies], [], [], 0)[0])

    def poll(self) -> int | None:
        """Its exit status if it has ended."""
        return self.wait() if self.ended() else None

    def wait(self, timeout: float = PATIENCE) -> int:
        """Its exit status, negative for a signal. Raises TimeoutError."""
        if self.status is None:
            self._replies.settimeout(timeout)
            self.status = int(self._replies.recv(_MOST_BYTES))
            self._replies.close()
        return self.status

    def send_signal(self, number: int) -> None:
        """Sends it a signal."""
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it without warning."""
        self.send_signal(signal.SIGKILL)


class ForkServer:
    """A process that forks others for this one, and ends with it, and they with it."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forked", str(theirs.fileno())], pass_fds=[theirs.fileno()]
            )

    def launch(
        self,
        function: str,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        out: IO[bytes],
        err: IO[bytes],
    ) -> Forked:
        """Calls `module:function` in a forked process."""
        request = {"call": function, "arguments": arguments, "environ": {**environ}, "folder": os.getcwd()}
        replies, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            given = [file.fileno() for file in (out, err, theirs)]
            socket.send_fds(self._socket, [json.dumps(request).encode()], given)
        replies.settimeout(PATIENCE)
        pid = replies.recv(_MOST_BYTES)
        if not pid:
            raise RuntimeError("the process that forks has ended")
        return Forked(replies, int(pid))

    @contextmanager
    def start(
        self,
        function: str,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        out: IO[bytes],
        err: IO[bytes],
    ) -> Iterator[Forked]:
        """As `launch`; the process is killed at the end of the block."""
        forked = self.launch(function, arguments, environ, out, err)
        try:
            yield forked
        finally:
            forked.kill()
            forked.wait()

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
    import workers

    for package in (service, workers):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    for name in _IMPORTED_LATE:
        importlib.import_module(name)


def _compile_templates() -> None:
    """Compiles the templates of pages and mails in English, as each process does on first use."""
    from service.dev.rendering import _environment
    from service.domain.design import Website
    from service.mail.render.templates import check_templates
    from service.web.pages import environment

    for templates in (environment("en"), _environment):
        for name in templates.list_templates(extensions=["html"]):
            templates.get_template(name)
    check_templates(Website("any"))


def run_workers() -> None:
    """One worker process."""
    runpy.run_module("workers", run_name="__main__")


def _serve(requests: socket.socket) -> None:
    """Runs a forked process for each request, until the other end is closed."""
    gc.disable()
    _import_everything()
    process_wide.read_templates_once()
    _compile_templates()
    process_wide.be_patient("service.cli.")  # an operator's command asks only what the tests start
    gc.freeze()
    gc.enable()
    ended, wake = socket.socketpair()
    for end in (ended, wake):
        end.setblocking(False)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([requests, ended], [], [])
        if ended in ready:
            ended.recv(_MOST_BYTES)
            _report_ended(running)
        if requests in ready:
            message, descriptors, _, _ = socket.recv_fds(requests, _MOST_BYTES, 3)
            if not message:
                return
            pid = os.fork()
            if pid == 0:
                os._exit(_run(json.loads(message), descriptors))
            for descriptor in descriptors[:2]:
                os.close(descriptor)
            running[pid] = socket.socket(fileno=descriptors[2])
            with contextlib.suppress(OSError):
                running[pid].send(str(pid).encode())


def _report_ended(running: dict[int, socket.socket]) -> None:
    """Sends the exit statuses of the processes that have ended."""
    for pid in [*running]:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            with running.pop(pid) as replies, contextlib.suppress(OSError):
                replies.send(str(os.waitstatus_to_exitcode(status)).encode())


def _run(request: dict[str, Any], descriptors: list[int]) -> int:
    """Calls a function as a program in this process; returns its exit status."""
    for number, descriptor in enumerate(descriptors[:2], 1):
        os.dup2(descriptor, number)
    as_new_process(request["environ"])
    os.chdir(request["folder"])
    sys.argv = ["trial-alerts", *request["arguments"]]
    module, _, name = request["call"].partition(":")
    return status_of(lambda: getattr(importlib.import_module(module), name)())


def as_new_process(environ: Mapping[str, str]) -> None:
    """Keeps of the parent's state only what a newly started program would inherit."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    os.environ.clear()
    os.environ.update(environ)
    die_with_parent()


def status_of(program: Callable[[], object]) -> int:
    """Runs a program; returns its exit status."""
    status: Any = 0
    try:
        program()
    except SystemExit as ended:
        status = ended.code
        if isinstance(status, str):
            print(status, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        status = 1
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    return status if isinstance(status, int) else int(status is not None)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
