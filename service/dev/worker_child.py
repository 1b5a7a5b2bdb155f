"""The worker as a child process: started early, released when the schema is ready, restarted if it dies."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping

import structlog

from service.runtime.child_process import die_with_parent

_log = structlog.get_logger("dev")

#: Seconds that a worker has to finish work in flight.
_DRAIN_SECONDS = 10


class WorkerChild:
    """A worker process that ends with this one. Start it from the main thread: the kernel terminates a child
    when the thread that created it ends."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)
        self._process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "workers", "--beside-parent"],
            env=self._environ,
            stdin=subprocess.PIPE,
            preexec_fn=die_with_parent if os.name == "posix" else None,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def begin(self) -> None:
        """Lets the worker start, once the schema is ready; until then it loads its modules."""
        assert self._process.stdin
        with contextlib.suppress(OSError):  # it died at once, and will be restarted
            self._process.stdin.write(b"begin\n")
            self._process.stdin.flush()

    async def keep_alive(self) -> None:
        """Restarts the worker whenever it dies, until cancelled."""
        while True:
            await asyncio.sleep(0.5)
            if self._process.poll() is not None:
                _log.warning("worker_died", status=self._process.returncode)
                self._process = self._start()
                self.begin()

    def stop(self) -> None:
        """Asks the worker to finish work in flight, and waits until it has ended."""
        self._process.terminate()
        try:
            self._process.wait(_DRAIN_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
