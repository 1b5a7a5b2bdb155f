"""`trial-alerts dev` for `tests.forked`, with a worker that is forked from it and not started anew.

Two interpreters less are started for each test; `test_processes.py` and `test_private.py` start them.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Mapping
from subprocess import TimeoutExpired
from typing import Any

from service.cli.main import main
from service.dev.worker_child import WorkerChild
from tests.forked import as_new_process, run_workers, status_of

#: This program, for `tests.forked`.
FORKED_DEV = "tests.e2e.journey.forked_dev:run"


class _ForkedWorker:
    """The part of `subprocess.Popen` that `WorkerChild` needs."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        begin, write = os.pipe()
        self.stdin = os.fdopen(write, "wb")
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            os.dup2(begin, 0)
            os.setsid()
            as_new_process(environ)
            sys.argv = ["workers", "--beside-parent"]
            os._exit(status_of(run_workers))
        os.close(begin)

    def poll(self) -> int | None:
        if self.returncode is None:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if found else None
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        deadline = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > deadline:
                raise TimeoutExpired("worker", timeout)
            time.sleep(0.01)
        return status

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self.poll() is None:
                os.kill(self.pid, number)


def run() -> None:
    """Runs the development system; a worker that is started again, beside threads, is a new process."""
    start_anew = WorkerChild._start
    started: list[_ForkedWorker] = []

    def start(child: WorkerChild) -> Any:
        if started:
            return start_anew(child)
        started.append(_ForkedWorker(child._environ))
        return started[0]

    WorkerChild._start = start  # type: ignore[method-assign]
    main()
